package simulation

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutation is a rule of the code that is broken, and whether the checker must find it.
type mutation struct {
	name, file, function, body string
	found                      bool
}

// mutations change the code itself: what stands in body comes first in the function.
var mutations = []mutation{
	{"an approval counts twice", "hub/review/release.go", "func two(seats []Seat, r Roster) bool {", `return len(seats) > 0`, true},
	{"an approval counts twice", "hub/review/seat.go", "func (t *track) countOrgs(state SeatState) int {", `n := 0
		for _, s := range t.seats {
			if s.State == state { n += 2 }
		}
		return n`, true},
	{"a report counts twice", "hub/review/draft.go", "func (c *Case) has(r Report) bool {", `return false`, true},
	{"what was stored isn't looked for", "hub/outbox/outbox.go", "func entry(w World, c review.Case, s hub.Stage) (deliver.Entry, error) {", `version := 1
		if out, ok := c.Out(s); ok { version = out.Alert.Version + 1 }
		return w.Append(c, version)`, true},
	{"everybody leads", "hub/lease/lease.go", "func (l *Lease) Held(now time.Duration) bool {", `return true`, false}, // stores are fenced
}

// The checker finds rules of the code that are broken; without any lease, what is stored
// on condition is enough.
func TestBrokenRules(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "mutated")
	build := exec.Command("go", "test", "-c", "-overlay", overlay(t, dir), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	tried := map[string]bool{}
	for _, m := range mutations {
		if tried[m.name] {
			continue
		}
		tried[m.name] = true
		c := exec.Command(program, "-test.run", "^TestSchedules$", "-test.v", "-schedules", "400")
		c.Env = append(os.Environ(), "ISAC_MUTATION="+m.name)
		out, err := c.CombinedOutput()
		if (err != nil) != m.found || m.found && !strings.Contains(string(out), "    simulation_test.go") {
			t.Errorf("%s: %v\n%s", m.name, err, out)
		}
		for line := range strings.Lines(string(out)) {
			if _, what, ok := strings.Cut(line, "_test.go:"); ok {
				t.Logf("%s: %s", m.name, strings.TrimSpace(what))
				break
			}
		}
	}
}

// overlay writes the mutated files and says which they stand for.
func overlay(t *testing.T, dir string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	put := func(path, text string) {
		file := filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, path)] = file
	}
	texts := map[string]string{}
	for _, m := range mutations {
		if texts[m.file] == "" {
			text, err := os.ReadFile(filepath.Join(root, m.file))
			if err != nil {
				t.Fatal(err)
			}
			texts[m.file] = string(text)
		}
		if strings.Count(texts[m.file], m.function+"\n") == 0 {
			t.Fatalf("%s has no %q", m.file, m.function)
		}
		texts[m.file] = strings.Replace(texts[m.file], m.function, m.function+"\nif mutation == \""+m.name+"\" {\n"+m.body+"\n}\n", 1)
	}
	for path, text := range texts {
		put(path, text)
		folder := filepath.Dir(path)
		put(filepath.Join(folder, "mutation.go"), "package "+filepath.Base(folder)+"\n\nimport \"os\"\n\nvar mutation = os.Getenv(\"ISAC_MUTATION\")\n")
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
