package retention_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/retention"
	"isac/internal/store"
)

// world is a log, keys and sessions that nothing sweeps.
type world struct {
	retention.Config
	at    time.Time
	cases int
}

func start(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	bus, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(bus.Close)
	ring, err := keyring.Open(filepath.Join(dir, "keys"))
	must(t, err)
	sessions, err := store.OpenSessions(filepath.Join(dir, "sessions.db"))
	must(t, err)
	t.Cleanup(func() { _ = sessions.Close() })
	w := &world{at: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	w.Config = retention.Config{
		Bus: bus, Ring: ring, Sessions: sessions, Links: 180 * 24 * time.Hour, Now: func() time.Time { return w.at },
		Cases:   func(time.Duration) int { return w.cases },
		Notices: func(context.Context) ([]uint64, error) { return nil, nil },
	}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) late(t *testing.T) map[string]int {
	t.Helper()
	all, err := retention.Overdue(t.Context(), w.Config)
	must(t, err)
	out := map[string]int{}
	for _, l := range all {
		if l.N > 0 {
			out[l.What] = l.N
		}
	}
	if len(all) != len(retention.Whats()) {
		t.Errorf("%d classes, not %d", len(all), len(retention.Whats()))
	}
	return out
}

// TestWhatNobodySweepsIsFound makes one of everything and lets time pass.
func TestWhatNobodySweepsIsFound(t *testing.T) {
	w := start(t)
	_, _, err := w.Ring.Epoch(w.at)
	must(t, err)
	_, err = w.Ring.SealLink(w.at, []byte("x"))
	must(t, err)
	_, err = w.Ring.SealCall(w.at, "desk", []byte("x"))
	must(t, err)
	_, _, err = w.Ring.SealDrafts(w.at, "org", []byte("x"))
	must(t, err)
	_, err = w.Ring.SealVote(keyring.Season(w.at), []byte("x"))
	must(t, err)
	must(t, w.Sessions.KeepStatus(t.Context(), "name", []byte("x"), w.at))
	day := 24 * time.Hour
	began := w.at
	for _, step := range []struct {
		after time.Duration
		late  []string
	}{
		{0, nil},
		{2 * day, nil},
		{4 * day, []string{"sessions"}},
		{12 * day, []string{"sessions"}},
		{14 * day, []string{"sessions"}},
		{19 * day, []string{"sessions", "drafts"}},
		{33 * day, []string{"sessions", "drafts", "calls"}},
		{45 * day, []string{"sessions", "epochs", "drafts", "calls"}},
		{130 * day, []string{"sessions", "epochs", "drafts", "calls", "votes"}},
		{190 * day, []string{"sessions", "epochs", "drafts", "calls", "votes", "links"}},
	} {
		w.at = began.Add(step.after)
		late := w.late(t)
		if len(late) != len(step.late) {
			t.Errorf("after %v: %v, want %v", step.after, late, step.late)
		}
		for _, what := range step.late {
			if late[what] != 1 {
				t.Errorf("after %v: %d %s", step.after, late[what], what)
			}
		}
	}
	must(t, w.Sessions.Sweep(t.Context(), w.at))
	must(t, w.Ring.EndLinks(w.at))
	w.cases = 3
	late := w.late(t)
	if late["sessions"] != 0 || late["links"] != 0 || late["cases"] != 3 {
		t.Errorf("after the sweep: %v", late)
	}
}
