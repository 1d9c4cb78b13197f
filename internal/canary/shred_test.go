package canary_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/canary"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/node"
)

const (
	day = 24 * time.Hour
	// inDraftOnly is an attacker's address in a draft that nobody releases.
	inDraftOnly = "198.51.100.38"
)

// gone waits until a case has no key.
func (w *world) gone(id string) {
	w.t.Helper()
	w.Poll("the end of a key", func() bool {
		_, err := w.Bus.Last(context.Background(), natsbus.Keys, "key."+id)
		return hub.KindOf(err) == hub.NotFound
	})
	w.Poll("the end of the originals", func() bool {
		left, err := w.Bus.Subjects(context.Background(), natsbus.Vault, "vault."+id+".>")
		return err == nil && len(left) == 0
	})
}

// finds tells what of a case a thief finds in a folder: the member, or the draft.
func (w *world) finds(folder string, keys ...string) (member, draft bool) {
	w.t.Helper()
	s := canary.New(append(names(w.victim), w.victim.ID)...)
	d := canary.New(inDraftOnly, "CVE-2024-21762")
	opened := stolen(w.t, folder, keys...)
	var raw []blob
	for _, b := range files(w.t, folder) {
		if !inList(b) {
			raw = append(raw, b)
		}
	}
	for _, b := range slices.Concat(opened, raw) {
		member = member || len(s.Find(b.data)) > 0
		draft = draft || len(d.Find(b.data)) > 0
	}
	return member, draft
}

func (w *world) findsNothing(when, folder string, keys ...string) {
	w.t.Helper()
	member, draft := w.finds(folder, keys...)
	if member || draft {
		w.t.Errorf("%s: member %v, draft %v", when, member, draft)
	}
}

func (w *world) findsAll(when, folder string, keys ...string) {
	w.t.Helper()
	member, draft := w.finds(folder, keys...)
	if !member || !draft {
		w.t.Errorf("%s: member %v, draft %v: the test shows nothing", when, member, draft)
	}
}

// holds reports whether the key of a week is still held.
func (w *world) holds(week string) bool { return slices.Contains(w.Ring.Epochs(), week) }

// lastEpoch is the newest week whose key is held.
func (w *world) lastEpoch() string { return slices.Max(w.Ring.Epochs()) }

// other reports as a member whose names nobody looks for and has the case kept for so
// long, so that a case of the week is alive.
func (w *world) other(incident string, kept time.Duration) string {
	w.t.Helper()
	i := w.Apart(0, 8)[3]
	reporter := w.Person(i, hub.Reporter)
	before, err := w.Desk.Cases(w.t.Context(), reporter.Person)
	w.must(err)
	_, _, err = w.Dial(i).Report(w.t.Context(), hubtest.Bundle(w.Members[i], incident, "1", "203.0.113.173"))
	w.must(err)
	var ids []string
	w.Poll("another member's case", func() bool {
		ids, err = w.Desk.Cases(context.Background(), reporter.Person)
		return err == nil && len(ids) > len(before)
	})
	id := ids[len(ids)-1]
	w.must(w.Desk.Keep(w.t.Context(), reporter.Person, id, w.Now().Add(kept+time.Hour)))
	return id
}

// never is a case of which nothing goes out.
func (w *world) never() string {
	w.t.Helper()
	data := rich(w.t, w.victim, "never", "1")
	c := w.report([]byte(strings.NewReplacer(attacker, inDraftOnly, "CVE-2023-27997", "CVE-2024-21762").Replace(string(data))))
	for i, s := range c.Stages {
		if s.Version == 0 {
			w.t.Fatalf("stage %d has no draft", i)
		}
	}
	return c.Case
}

// TestNothingIsLeftOfAShreddedCase follows two cases over half a year.
func TestNothingIsLeftOfAShreddedCase(t *testing.T) {
	w := start(t)
	kept := w.other("first week", 105*day)
	out := w.release(w.report(rich(t, w.victim, "out", "1"))).Case
	never := w.never()
	w.findsAll("with every key", w.Folder, w.keys())
	oldest := w.backup()
	w.findsNothing("a backup without keys", oldest, filepath.Join(oldest, "keys"))
	w.findsAll("a backup, with the keys of the hub", oldest, w.keys(), filepath.Join(oldest, "keys"))

	w.Advance(8 * day)
	weeks := []string{w.lastEpoch()}
	w.version(out, rich(t, w.victim, "out", "2")) // sealed to the second week, the key of its case to the first
	weeks = append(weeks, w.lastEpoch())
	w.Advance(7 * day)
	other := w.other("third week", 0)
	weeks = append(weeks, w.lastEpoch())
	older := w.backup()
	if slices.Sort(weeks); len(slices.Compact(slices.Clone(weeks))) != 3 {
		t.Fatalf("weeks %v", weeks)
	}

	w.Advance(84 * day) // 99 since the first week, 91 since the second
	w.gone(out)
	w.gone(never)
	w.Poll("the end of the second week's key", func() bool { return !w.holds(weeks[1]) })
	for i, id := range map[int]string{0: kept, 2: other} {
		if _, err := w.Bus.Last(t.Context(), natsbus.Keys, "key."+id); err != nil || !w.holds(weeks[i]) {
			t.Errorf("the key of week %d went before its last case: %v", i, err)
		}
	}
	w.findsNothing("after shredding, with every key", w.Folder, w.keys())
	newer := w.backup()
	w.findsNothing("a new backup", newer, w.keys(), filepath.Join(newer, "keys"))
	list, _, err := w.Entries(t.Context(), 0, 100)
	list = slices.DeleteFunc(list, func(e deliver.Entry) bool { return e.Kind == hub.Updated })
	if err != nil || len(list) != 2 {
		t.Errorf("%d alerts after shredding, %v", len(list), err)
	}
	links, err := w.Bus.Subjects(t.Context(), natsbus.Link, "link.*")
	if err != nil || len(links) < 5 {
		t.Errorf("%d links after shredding, %v: they live 180 days", len(links), err)
	}

	w.Advance(7 * day) // 106, 91 since the third week
	w.gone(kept)
	w.gone(other)
	w.Poll("the end of all weeks' keys", func() bool { return !slices.ContainsFunc(weeks, w.holds) })
	backups := map[string]string{"oldest": oldest, "older": older, "newer": newer}
	for name, folder := range backups {
		w.findsNothing("the "+name+" backup", folder, w.keys(), filepath.Join(folder, "keys"))
		for _, o := range stolen(t, folder, w.keys(), filepath.Join(folder, "keys")) {
			if len(canary.New(kept, out, never, other).Find(o.data)) == 0 {
				t.Errorf("the %s backup opens to %d bytes that are no link", name, len(o.data))
			}
		}
	}

	w.Advance(97 * day) // 203, 188 since the third week
	w.Poll("the end of the links", func() bool {
		left, err := w.Bus.Subjects(context.Background(), natsbus.Link, "link.*")
		return err == nil && len(left) == 0
	})
	backups["live"] = w.Folder
	for name, folder := range backups {
		if opened := stolen(t, folder, w.keys(), filepath.Join(folder, "keys")); len(opened) > 0 {
			t.Errorf("%s: %d seals are opened after half a year", name, len(opened))
		}
	}
}

// A hub that dies between the event and the deed ends the case when it is back.
func TestShreddingThatDiedIsEnded(t *testing.T) {
	w := start(t)
	w.other("of the same week", 200*day)
	id := w.never()
	var before []natsbus.Message
	for stream, subject := range map[string]string{natsbus.Keys: "key." + id, natsbus.Vault: "vault." + id + ".>"} {
		w.must(w.Bus.Read(t.Context(), stream, subject, 0, func(m natsbus.Message) error {
			before = append(before, m)
			return nil
		}))
	}
	if len(before) < 3 {
		t.Fatalf("a case of %d messages", len(before))
	}
	w.Advance(91 * day)
	w.gone(id)
	w.must(w.Close())
	bus, done, err := node.OpenLog(t.Context(), node.Log{Dir: w.Folder})
	w.must(err)
	for _, m := range before {
		_, err := bus.Append(t.Context(), m.Subject, natsbus.AnySeq, nil, m.Data)
		w.must(err)
	}
	w.must(done())
	w.findsAll("as if nothing had been erased", w.Folder, w.keys())
	w.Open()
	w.gone(id)
	w.findsNothing("after the next start", w.Folder, w.keys())
}

// Whoever reports an incident again whose case is shredded gets a new case.
func TestShreddedIncidentReportedAgainIsANewCase(t *testing.T) {
	w := start(t)
	old := w.never()
	w.Advance(91 * day)
	w.gone(old)
	w.cases = nil
	if id := w.never(); id == old {
		t.Error("the shredded case has come back")
	}
	if _, err := w.conn.Status(t.Context(), w.receipts[1]); err != nil {
		t.Errorf("the state of the new case: %v", err)
	}
	if _, err := w.conn.Status(t.Context(), w.receipts[0]); hub.KindOf(err) != hub.NotFound {
		t.Errorf("the state of the shredded case: %v, want not found", err)
	}
}
