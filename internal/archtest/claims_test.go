package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named is a test as SECURITY.md writes it: `hub/gate.TestPlantedIsCaught`.
var named = regexp.MustCompile("`([a-z/0-9]+)\\.(Test[A-Za-z0-9_]+)`")

// TestEveryClaimHasItsTests: what SECURITY.md says stands against a threat is held by
// tests that exist, and of every threat it says what isn't prevented.
func TestEveryClaimHasItsTests(t *testing.T) {
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n## Threats\n")
	threats, _, ends := strings.Cut(rest, "\n## ")
	if !ok || !ends {
		t.Fatal("SECURITY.md has no chapter on threats")
	}
	parts := strings.Split(threats, "\n### ")[1:]
	if len(parts) < 9 {
		t.Errorf("only %d kinds of adversaries", len(parts))
	}
	for _, part := range parts {
		who, body, _ := strings.Cut(part, "\n")
		if !strings.Contains(body, "\nNot prevented") {
			t.Errorf("%s: nothing is said of what isn't prevented", who)
		}
		for line := range strings.Lines(body) {
			if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| wants |") {
				checkClaim(t, line)
			}
		}
	}
}

func checkClaim(t *testing.T, line string) {
	tests := named.FindAllStringSubmatch(line, -1)
	if len(tests) == 0 {
		t.Errorf("no test holds: %s", line)
	}
	for _, m := range tests {
		if !hasTest(t, m[1], m[2]) {
			t.Errorf("package %s has no test %s", m[1], m[2])
		}
	}
}

func hasTest(t *testing.T, pkg, name string) bool {
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "\nfunc "+name+"(t *testing.T)") {
			return true
		}
	}
	return false
}
