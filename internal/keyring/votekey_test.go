package keyring_test

import (
	"testing"
	"time"

	"isac/internal/keyring"
)

func TestSeasonsAreQuarters(t *testing.T) {
	for day, want := range map[string]string{"2026-01-01": "2026q1", "2026-03-31": "2026q1", "2026-04-01": "2026q2", "2026-09-30": "2026q3", "2026-12-31": "2026q4"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := keyring.Season(at); got != want {
			t.Errorf("%s is in %s", day, got)
		}
	}
}

func TestVotesEndWithTheirQuarter(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir)
	name, err := r.VoteName("2026q1", "member", "topic")
	if err != nil {
		t.Fatal(err)
	}
	for other, parts := range map[string][]string{"2026q1": {"membert", "opic"}, "2026q2": {"member", "topic"}} {
		if got, err := r.VoteName(other, parts...); err != nil || got == name {
			t.Errorf("%s %q has the same name: %v", other, parts, err)
		}
	}
	sealed, err := r.SealVote("2026q1", []byte("seen"))
	if err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*keyring.Ring{r, open(t, dir)} {
		if err := ring.EndVotes("2026q1"); err != nil {
			t.Fatal(err)
		}
		if again, err := ring.VoteName("2026q1", "member", "topic"); err != nil || again != name {
			t.Errorf("the name changed: %v", err)
		}
		if data, err := ring.OpenVote("2026q1", sealed); err != nil || string(data) != "seen" {
			t.Errorf("opened %q, %v", data, err)
		}
	}
	if err := r.EndVotes("2026q2"); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*keyring.Ring{r, open(t, dir)} {
		if _, err := ring.OpenVote("2026q1", sealed); err == nil {
			t.Error("a vote was opened after its end")
		}
		if again, err := ring.VoteName("2026q1", "member", "topic"); err != nil || again == name {
			t.Errorf("after its end the name is the same: %v", err)
		}
	}
}
