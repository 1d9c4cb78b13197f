package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/hubtest"
)

// TestMain lets the test's own binary be the program, so that it is run for real.
func TestMain(m *testing.M) {
	if os.Getenv("ISAC_IS_PROGRAM") != "" {
		os.Exit(console.Main(program, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// isac makes a command of the program.
func isac(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), "ISAC_IS_PROGRAM=1", "LANG=en_US.UTF-8")
	return c
}

// TestReportFollowTellsTheStateUntilTheEnd: one line of JSON for the receipt, one
// for each state; it ends when nobody works on the case any more.
func TestReportFollowTellsTheStateUntilTheEnd(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter := h.Person(0, hub.Reporter)
	file := filepath.Join(t.TempDir(), "incident.json")
	if err := os.WriteFile(file, hubtest.Bundle(h.Members[0], "one", "1", "203.0.113.99"), 0o600); err != nil {
		t.Fatal(err)
	}
	creds := h.Credentials(0)
	c := isac(t, "report", file, "--creds", creds, "--follow", "--json")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	c.Stderr = &problems
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	line := func(into any) {
		t.Helper()
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), into) != nil {
			t.Fatalf("no line, or not JSON: %q, %s", lines.Text(), problems.String())
		}
	}
	var receipt struct{ Number string }
	line(&receipt)
	if receipt.Number == "" {
		t.Fatal("no receipt")
	}
	var s review.Status
	for line(&s); s.Stages[0].State == "waiting" || s.Stages[1].State == "waiting"; line(&s) {
	}
	view := h.Case(reporter, 1)
	for _, stage := range []hub.Stage{hub.Flash, hub.Full} {
		if err := h.Desk.Object(t.Context(), reporter.Person, view.Case, stage); err != nil {
			t.Fatal(err)
		}
	}
	for line(&s); !s.Settled(); line(&s) {
	}
	if lines.Scan() {
		t.Errorf("goes on with %q", lines.Text())
	}
	if err := c.Wait(); err != nil {
		t.Errorf("%v: %s", err, problems.String())
	}
	told, err := isac(t, "status", receipt.Number, "--creds", creds, "--follow", "--lang", "en").CombinedOutput()
	if err != nil || strings.Count(string(told), "did not consent") != 2 {
		t.Errorf("%v: %s", err, told)
	}
	err = isac(t, "status", strings.Repeat("a", 26), "--creds", creds, "--follow").Run()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 4 {
		t.Errorf("no such receipt: %v, want exit 4", err)
	}
}

func TestFollowEndsAfterItsTime(t *testing.T) {
	h := hubtest.Start(t, 20)
	receipt, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", "203.0.113.99"))
	if err != nil {
		t.Fatal(err)
	}
	h.Case(h.Person(0, hub.Reporter), 1)
	told, err := isac(t, "status", receipt.Number, "--creds", h.Credentials(0), "--follow", "--for", "1s", "--json").CombinedOutput()
	if err != nil || strings.Count(string(told), "\n") != 1 || !strings.Contains(string(told), `"asking"`) {
		t.Errorf("%v: %s", err, told)
	}
}
