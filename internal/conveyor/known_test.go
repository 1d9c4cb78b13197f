package conveyor_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/stix"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// What two alerts have in common is the same object in both, byte for byte, however far
// the view is behind when the second is made.
func TestAnAlertBesideABusyViewRepeatsWhatTheOneBeforeHas(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "busy", "1", "203.0.114.61"))
	must(t, err)
	c := h.Consent(reporter, h.Case(reporter, 1))
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(h.Folder, "public.db")+"?_txlock=immediate")
	must(t, err)
	defer db.Close()
	lock, err := db.BeginTx(t.Context(), nil) // nobody else writes
	must(t, err)
	logged := func() uint64 {
		t.Helper()
		seq, err := h.Bus.LastSeq(t.Context(), natsbus.Alerts)
		must(t, err)
		return seq
	}
	h.Poll("the first alert in the log", func() bool {
		h.ApproveOpen(hub.Flash, moderators...)
		return logged() == 1
	})
	free := make(chan error, 1)
	time.AfterFunc(500*time.Millisecond, func() { free <- lock.Rollback() }) // what is approved meanwhile waits
	h.Approve(reporter, c.Case, moderators...)
	must(t, <-free)
	first, common := map[string]string{}, 0
	for _, e := range entries(t, h, 2) {
		b, err := stix.ParseBundle(e.Bundle, stix.DefaultLimits())
		must(t, err)
		for i, o := range b.Objects {
			key := o.ID()
			before, ok := first[key]
			if ok {
				common++
			}
			if ok && before != string(b.Written[i]) {
				t.Errorf("%s is %s and %s", key, before, b.Written[i])
			}
			first[key] = string(b.Written[i])
		}
	}
	if common < 3 {
		t.Errorf("the alerts have %d objects in common: the test shows nothing", common)
	}
}
