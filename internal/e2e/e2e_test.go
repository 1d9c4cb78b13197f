package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// root is the top of the module, seen from here.
const root = "../.."

// buildFlags are those the tests themselves were built with.
var buildFlags []string

// bin is the folder of the built commands.
var bin string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "isac-e2e-")
	if err == nil {
		defer os.RemoveAll(dir)
		bin = dir
		err = build()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func build() error {
	args := append([]string{"build", "-o", bin + string(filepath.Separator)}, buildFlags...)
	c := exec.Command("go", append(args, "./cmd/isac", "./cmd/isacd")...)
	c.Dir = root
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("building the commands: %w\n%s", err, out)
	}
	return nil
}

// TestScripts runs every script of testdata in a folder of its own that holds the
// files of testdata/files: an invented sector list and an invented incident.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: setup, Cmds: commands, RequireExplicitExec: true})
}

func setup(e *testscript.Env) error {
	top, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	e.Setenv("ROOT", top)
	e.Setenv("LANG", "en_US.UTF-8")
	e.Setenv("PATH", bin+string(os.PathListSeparator)+e.Getenv("PATH"))
	e.Values[processes{}] = map[string]*process{}
	return os.CopyFS(e.WorkDir, os.DirFS("testdata/files"))
}
