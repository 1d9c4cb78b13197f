package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/succession"
	"isac/internal/hubtest"
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

// TestACrashAtAnyStepOfAChange: until the log has the step the old key stays in use, from
// then on the new one, and nothing is left of the other.
func TestACrashAtAnyStepOfAChange(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	s, err := r.Prepare("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	step, err := r.Step(s, 3, now, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		crash  func(alert, next string) error
		logged []succession.Step
		left   []string
	}{
		"before the log has the step":     {func(_, _ string) error { return nil }, nil, []string{"alert.key", "alert.next.key"}},
		"after it":                        {func(_, _ string) error { return nil }, []succession.Step{step}, []string{"alert.key", "alert.line"}},
		"after the old key was destroyed": {func(alert, _ string) error { return os.Remove(alert) }, []succession.Step{step}, []string{"alert.key", "alert.line"}},
		"after the new one was in its place": {func(alert, next string) error {
			data, err := os.ReadFile(next)
			return errors.Join(err, os.WriteFile(alert, data, 0o600))
		}, []succession.Step{step}, []string{"alert.key", "alert.line"}},
	} {
		dir := copied(t, dir)
		err := c.crash(filepath.Join(dir, "alert.key"), filepath.Join(dir, "alert.next.key"))
		if err == nil {
			_, err = keyring.Settle(dir, c.logged)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again := open(t, dir); again.AlertKey().Equal(s.Public()) != (c.logged != nil) {
			t.Errorf("%s: the wrong key is in use", name)
		}
		left, err := filepath.Glob(filepath.Join(dir, "alert.*"))
		if err != nil || len(left) != len(c.left) || filepath.Base(left[0]) != c.left[0] || filepath.Base(left[1]) != c.left[1] {
			t.Errorf("%s: %v are left, %v", name, left, err)
		}
	}
}

// TestWhatWasPreparedIsKept: another place loses no key that was prepared, for the log may
// name it.
func TestWhatWasPreparedIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	s, err := r.Prepare("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	step, err := r.Step(s, 3, now, false)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "s")
	defer hubtest.ServeAgent(t, socket, hubtest.Agent(t, newKey(t)))()
	if _, err := r.Prepare(socket, time.Now); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Settle(dir, []succession.Step{step}); err != nil || !open(t, dir).AlertKey().Equal(s.Public()) {
		t.Errorf("the key of the step is lost: %v", err)
	}
}

// TestTheLineIsThereBeforeTheKey: where the key can't be put in its place, the steps to it are
// kept already, and the next change or start ends it.
func TestTheLineIsThereBeforeTheKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	s, err := r.Prepare("", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	step, err := r.Step(s, 3, now, false)
	if err != nil {
		t.Fatal(err)
	}
	alert, aside := filepath.Join(dir, "alert.key"), filepath.Join(t.TempDir(), "alert.key")
	err = errors.Join(os.Rename(alert, aside), os.MkdirAll(filepath.Join(alert, "in the way"), 0o700))
	if err != nil {
		t.Fatal(err)
	}
	if r.Succeed(s, step) == nil {
		t.Fatal("it was put in the place of a folder")
	}
	if err = errors.Join(os.RemoveAll(alert), os.Rename(aside, alert)); err != nil {
		t.Fatal(err)
	}
	of := copied(t, dir)
	if steps, err := keyring.Settle(of, nil); err != nil || len(steps) != 1 || !open(t, of).AlertKey().Equal(s.Public()) {
		t.Errorf("a copy has %d steps, %v", len(steps), err)
	}
	rotate(t, r, 5)
	if n := len(open(t, dir).Line().Steps); n != 2 {
		t.Errorf("%d steps", n)
	}
}

// TestAChangeAfterAnOlderLog: a restored log ends before the last alert of the key before.
func TestAChangeAfterAnOlderLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	r := open(t, dir)
	rotate(t, r, 7)
	rotate(t, r, 4)
	if steps := r.Line().Steps; len(steps) != 2 || steps[1].After != 7 {
		t.Errorf("%+v", steps)
	}
}

// TestADoubtfulKeySignsNothing: it isn't known whether the log has the step that ends it.
func TestADoubtfulKeySignsNothing(t *testing.T) {
	r := open(t, t.TempDir())
	r.Doubt(true)
	if _, err := r.SignAlert([]byte("alert")); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("it signed: %v", err)
	}
	r.Doubt(false)
	if _, err := r.SignAlert([]byte("alert")); err != nil {
		t.Error(err)
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
