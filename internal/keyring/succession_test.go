package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/succession"
	"isac/internal/keyring"
)

// rotate changes the alert key of an open ring, after an alert.
func rotate(t *testing.T, r *keyring.Ring, after uint64) {
	t.Helper()
	s, err := r.Prepare("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	step, err := r.Step(s, after, now, false)
	if err == nil {
		err = r.Succeed(s, step)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "keys")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestFolderAndLogOfOtherTimes: a folder of keys that knows more than a restored log tells
// it; one that knows less, or another line, isn't opened.
func TestFolderAndLogOfOtherTimes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	first := copied(t, dir)
	rotate(t, r, 3)
	second := copied(t, dir)
	rotate(t, r, 5)
	steps := r.Line().Steps
	other := open(t, copied(t, first))
	rotate(t, other, 3)
	for name, c := range map[string]struct {
		dir    string
		logged []succession.Step
		want   string
		steps  int
	}{
		"of the same time":             {dir, steps, "", 2},
		"a log of before":              {dir, steps[:1], "", 2},
		"a log of the beginning":       {second, nil, "", 1},
		"keys of before":               {second, steps, "keyring.replaced", 0},
		"keys of the beginning":        {first, steps, "keyring.replaced", 0},
		"a hub that never changed any": {first, nil, "", 0},
		"a log of another line":        {dir, other.Line().Steps, "keyring.other-line", 0},
	} {
		got, err := keyring.Settle(copied(t, c.dir), c.logged)
		e, _ := errors.AsType[*hub.Error](err)
		if len(got) != c.steps || (err == nil) != (c.want == "") || e != nil && e.Text != c.want {
			t.Errorf("%s: %d steps, %v; want %d, %q", name, len(got), err, c.steps, c.want)
		}
	}
}

// TestAReplacedNodeSignsNothing: another node changed the key, which the log tells.
func TestAReplacedNodeSignsNothing(t *testing.T) {
	r := open(t, t.TempDir())
	r.Logged(1)
	if _, err := r.SignAlert([]byte("alert")); hub.KindOf(err) != hub.Unavailable || !r.Replaced() {
		t.Errorf("it signed: %v", err)
	}
	r.Logged(0)
	if _, err := r.SignAlert([]byte("alert")); err != nil || r.Replaced() {
		t.Errorf("it doesn't sign: %v", err)
	}
}
