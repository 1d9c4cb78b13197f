package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"isac/hub/paper"
)

// root is the top of the module, seen from here.
const root = "../.."

// hubFlags are those the tests themselves were built with. The client goes without:
// the scripts start it hundreds of times, and what runs at once in it is tested with
// the race detector in its own packages.
var hubFlags []string

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
	for command, flags := range map[string][]string{"isac": nil, "isacd": hubFlags} {
		args := append([]string{"build", "-o", filepath.Join(bin, command)}, flags...)
		c := exec.Command("go", append(args, "./cmd/"+command)...)
		c.Dir = root
		out, err := c.CombinedOutput()
		if err != nil {
			return fmt.Errorf("building %s: %w\n%s", command, err, out)
		}
	}
	return nil
}

// TestScripts runs every script of testdata in a folder of its own that holds the
// files of testdata/files: an invented sector list and an invented incident.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: setup, Cmds: commands, Condition: condition, RequireExplicitExec: true})
}

// condition tells whether there is a font that has Japanese; in CI there must be.
func condition(name string) (bool, error) {
	if name != "font" {
		return false, fmt.Errorf("no condition %s", name)
	}
	_, err := os.Stat(paper.Noto)
	return err == nil || os.Getenv("ISAC_PAPER") == "required", nil
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
