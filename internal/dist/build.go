package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// arch is that of the machine, in Go's and Debian's word.
const arch = runtime.GOARCH

// recipes say how each program is built so that it needs nothing of the system. The
// hub's SQLite is C, linked in; names are looked up by Go's own resolver.
var recipes = map[string]struct {
	cgo   string
	flags []string
}{
	"isac": {"0", []string{"-ldflags", "-s -w -buildid="}},
	"isacd": {"1", []string{
		"-tags", "osusergo,netgo,sqlite_omit_load_extension",
		"-ldflags", "-s -w -buildid= -linkmode external -extldflags '-static -Wl,--build-id=none'",
	}},
}

// build builds both programs from the source in a folder; temporary is where the build
// has its cache and its temporary files, "" for the usual places.
func build(source, temporary string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for name, r := range recipes {
		dir, err := os.MkdirTemp("", "isac-dist-")
		if err != nil {
			return nil, fmt.Errorf("making folder: %w", err)
		}
		defer os.RemoveAll(dir)
		file := filepath.Join(dir, name)
		c := exec.Command("go", append(append([]string{"build", "-trimpath", "-buildvcs=false", "-o", file}, r.flags...), "./cmd/"+name)...)
		c.Dir = source
		c.Env = append(os.Environ(), "CGO_ENABLED="+r.cgo, "GOFLAGS=-mod=readonly")
		if temporary != "" {
			tmp := filepath.Join(temporary, "tmp")
			err := os.MkdirAll(tmp, 0o700)
			if err != nil {
				return nil, fmt.Errorf("making folder: %w", err)
			}
			c.Env = append(c.Env, "GOCACHE="+filepath.Join(temporary, "cache"), "GOTMPDIR="+tmp, "TMPDIR="+tmp)
		}
		text, err := c.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", name, err, text)
		}
		out[name], err = os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("building %s: %w", name, err)
		}
	}
	return out, nil
}
