package keyring_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/internal/keyring"
	"isac/internal/sealing"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func open(t *testing.T, dir string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReportIsSealedToTheWeek(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	_, recipient, err := r.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	report := bytes.Repeat([]byte("report "), 1000)
	sealed, err := sealing.Seal(recipient, report)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("report report")) || !sealing.IsSealed(sealed) {
		t.Error("sealed report is readable or not marked")
	}
	got, err := open(t, dir).OpenReport(sealed) // as after a restart
	if err != nil || !bytes.Equal(got, report) {
		t.Fatalf("opened %d bytes, %v", len(got), err)
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := r.OpenReport(sealed); err == nil {
		t.Error("altered seal was opened")
	}
}

func TestDestroyedEpochTakesItsCasesWithIt(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	key, err := keyring.NewCaseKey()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := r.Wrap(key, now)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := key.Seal([]byte("of the case"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := open(t, dir).Unwrap(stored)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed); err != nil || string(got) != "of the case" {
		t.Fatalf("opened %q, %v", got, err)
	}
	name, _, _ := r.Epoch(now)
	if err := r.DestroyEpoch(name); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Unwrap(stored); err == nil {
		t.Error("case key unwrapped with a destroyed epoch key")
	}
	if _, err := open(t, dir).Unwrap(stored); err == nil {
		t.Error("case key unwrapped after a restart with a destroyed epoch key")
	}
}

func TestKeysAreNobodyElsesToRead(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	if _, _, err := r.Epoch(now); err != nil {
		t.Fatal(err)
	}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(path), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLinkNamesDontRunTogether(t *testing.T) {
	r := open(t, t.TempDir())
	if r.LinkName("ab", "c") == r.LinkName("a", "bc") {
		t.Error("parts run together")
	}
	if again := r.LinkName("ab", "c"); again != r.LinkName("ab", "c") {
		t.Error("name changes")
	}
	if open(t, t.TempDir()).LinkName("ab", "c") == r.LinkName("ab", "c") {
		t.Error("name doesn't depend on the key")
	}
}

// A kill while a key is written leaves a file beside its place, never half a key in it.
func TestHalfWrittenKeyIsNoKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys[1]")
	r := open(t, dir)
	name, recipient, err := r.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	for _, half := range []string{"alert.key.unfinished-1", "epochs/" + name + ".age.unfinished-2", "epochs/2026w11.age.unfinished-3"} {
		if err := os.WriteFile(filepath.Join(dir, half), []byte("AGE-SECRET"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, dir)
	_, same, err := again.Epoch(now)
	if err != nil || same != recipient || !again.AlertKey().Equal(r.AlertKey()) {
		t.Errorf("after a kill other keys are held: %v", err)
	}
	if held := again.Epochs(); len(held) != 1 {
		t.Errorf("%d epoch keys are held, want 1", len(held))
	}
}

func TestOwnSealEndsWithItsEpoch(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	sealed, err := r.SealOwn(now, []byte("who sent it"))
	if err != nil {
		t.Fatal(err)
	}
	later, err := r.SealOwn(now.AddDate(0, 0, 21), []byte("another week"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.SealOwn(now, []byte("who sent it")); err != nil || bytes.Equal(again, sealed) || len(again) != len(later) {
		t.Errorf("the same text gives the same seal, or its length tells: %v", err)
	}
	again := open(t, dir) // as after a restart
	for want, s := range map[string][]byte{"who sent it": sealed, "another week": later} {
		if got, err := again.OpenOwn(s); err != nil || string(got) != want {
			t.Errorf("opened %q, %v; want %q", got, err, want)
		}
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)/2] ^= 1
	if _, err := again.OpenOwn(altered); err == nil {
		t.Error("altered seal was opened")
	}
	if _, err := open(t, t.TempDir()).OpenOwn(sealed); err == nil {
		t.Error("opened with another hub's keys")
	}
	name, _, err := again.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.DestroyEpoch(name); err != nil {
		t.Fatal(err)
	}
	if _, err := again.OpenOwn(sealed); err == nil {
		t.Error("opened after its epoch was destroyed")
	}
	if got, err := again.OpenOwn(later); err != nil || string(got) != "another week" {
		t.Errorf("the other week went too: %v", err)
	}
}

func TestLinksEndWithTheirWeekAndNotBefore(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	sealed, err := r.SealLink(now, []byte("to a case"))
	if err != nil {
		t.Fatal(err)
	}
	name, _, err := r.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []func() error{
		func() error { return r.DestroyEpoch(name) },
		func() error { return r.EndLinks(now) },
		func() error { return r.EndLinks(now.AddDate(0, 0, -40)) },
	} {
		if err := end(); err != nil {
			t.Fatal(err)
		}
		for _, ring := range []*keyring.Ring{r, open(t, dir)} {
			if data, err := ring.OpenLink(sealed); err != nil || string(data) != "to a case" {
				t.Fatalf("link ended before its time: %v", err)
			}
		}
	}
	if err := r.EndLinks(now.AddDate(0, 0, 7)); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*keyring.Ring{r, open(t, dir)} {
		if _, err := ring.OpenLink(sealed); err == nil {
			t.Error("link opened after its end")
		}
	}
}
