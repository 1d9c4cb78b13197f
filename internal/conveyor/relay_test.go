package conveyor_test

import (
	"fmt"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/review"
	"isac/hub/vocab"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// kev is a catalogue of so many entries.
func kev(t *testing.T, n int, name string) []advisory.Advisory {
	t.Helper()
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"cveID":"CVE-2026-%05d","vendorProject":"V","product":"P","vulnerabilityName":%q,"dateAdded":"2026-11-20"}`, i, name))
	}
	out, err := advisory.Read([]byte(`{"catalogVersion":"1","vulnerabilities":[`+strings.Join(list, ",")+`]}`), advisory.Source{Name: "kev"}, vocab.Default(nil))
	if err != nil || len(out) != n {
		t.Fatal(len(out), err)
	}
	return out
}

func take(t *testing.T, h *hubtest.Hub, a advisory.Advisory) (bool, error) {
	t.Helper()
	return h.Desk.TakeAdvisory(t.Context(), a)
}

func approve(t *testing.T, h *hubtest.Hub, m hubtest.Person, id string) {
	t.Helper()
	n, err := h.Desk.Advisory(t.Context(), m.Person, id)
	if err != nil {
		t.Fatal(err)
	}
	err = h.Desk.DecideAdvisory(t.Context(), m.Person, id, "approve", m.Sign(advisory.ToRelease, n.Digest()))
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnAdvisorySurvivesEverything: what waits waits through a restart, a hub that died
// while it released one releases it once, and what was recalled doesn't come again.
func TestAnAdvisorySurvivesEverything(t *testing.T) {
	h := hubtest.Start(t, 24)
	m, office := h.Person(0, hub.Moderator), h.Person(-1, hub.Secretariat)
	list := kev(t, 2, "one")
	for _, a := range list {
		if ok, err := take(t, h, a); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	reopen := func() {
		t.Helper()
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		h.Open()
	}
	reopen()
	if ok, err := take(t, h, list[0]); ok || err != nil {
		t.Errorf("taken again after a restart: %v", err)
	}
	approve(t, h, m, list[0].ID)
	first := entries(t, h, 1)[0]
	subject := "advisory.item." + list[0].ID
	last, err := h.Bus.Last(t.Context(), natsbus.Advisories, subject)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Bus.EraseOne(t.Context(), natsbus.Advisories, last.Seq); err != nil { // as if it had died behind the log
		t.Fatal(err)
	}
	reopen()
	h.Poll("the release to be noted", func() bool {
		n, err := h.Desk.Advisory(t.Context(), m.Person, list[0].ID)
		return err == nil && n.State == advisory.Sent && n.Out == 1
	})
	if got := entries(t, h, 1); len(got) != 1 || got[0].Digest != first.Digest {
		t.Errorf("%d entries", len(got))
	}
	for _, p := range []hubtest.Person{m, office} {
		if err := h.Desk.Recall(t.Context(), p.Person, first.ID, "leak", p.Sign(review.ToRecall, first.Digest)); err != nil {
			t.Fatal(err)
		}
	}
	entries(t, h, 2)
	if ok, err := take(t, h, kev(t, 1, "two")[0]); !ok || err != nil { // the publisher says something new
		t.Fatal(ok, err)
	}
	approve(t, h, m, first.ID)
	if n, err := h.Desk.Advisory(t.Context(), m.Person, first.ID); err != nil || n.State != advisory.Waits {
		t.Errorf("what was recalled is %s, %v", n.State, err)
	}
	if n := len(entries(t, h, 2)); n != 2 {
		t.Errorf("%d entries: what was recalled came again", n)
	}
}

// TestNoSourceBuriesTheOthers: so many of one wait and no more; a cursor is kept in the
// place of the one before.
func TestNoSourceBuriesTheOthers(t *testing.T) {
	h := hubtest.Start(t, 24)
	list := kev(t, 201, "x")
	for i, a := range list {
		ok, err := take(t, h, a)
		if i < 200 && (!ok || err != nil) || i == 200 && hub.KindOf(err) != hub.TooOften {
			t.Fatalf("the %dth: %v, %v", i+1, ok, err)
		}
	}
	other := list[200]
	other.Source = "another"
	if ok, err := take(t, h, other); !ok || err != nil {
		t.Errorf("of another source: %v", err)
	}
	for _, text := range []string{"one", "two", "three"} {
		if err := h.Desk.KeepCursor(t.Context(), "kev", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := h.Bus.Subject(t.Context(), natsbus.Advisories, "advisory.cursor.kev")
	if err != nil || len(kept) != 1 {
		t.Errorf("%d cursors, %v", len(kept), err)
	}
	if data, err := h.Desk.Cursor(t.Context(), "kev"); err != nil || string(data) != "three" {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := h.Desk.Cursor(t.Context(), "none"); err != nil || data != nil {
		t.Errorf("%q, %v", data, err)
	}
}

// TestWhatWaitsTooLongIsTold: once for each notice and version, when four hours are over.
// One that was decided isn't told of.
func TestWhatWaitsTooLongIsTold(t *testing.T) {
	h := hubtest.Start(t, 24)
	m := h.Person(0, hub.Moderator)
	late := func() int {
		all, err := h.Metrics.Summary()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all.Due {
			if c.Kind == string(review.AdvisoryLate) {
				return c.N
			}
		}
		return 0
	}
	list := kev(t, 3, "x")
	for _, a := range list[:2] {
		if ok, err := take(t, h, a); !ok || err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Desk.DecideAdvisory(t.Context(), m.Person, list[1].ID, "decline", nil); err != nil {
		t.Fatal(err)
	}
	if n := late(); n != 0 {
		t.Errorf("%d told before their time", n)
	}
	h.Advance(advisory.Target)
	h.Poll("the first to be told", func() bool { return late() == 1 })
	if ok, err := take(t, h, list[2]); !ok || err != nil {
		t.Fatal(err)
	}
	h.Advance(advisory.Target)
	h.Poll("the next to be told, and no other", func() bool { return late() >= 2 })
	if n := late(); n != 2 {
		t.Errorf("%d told, want each once", n)
	}
}
