package office_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/roster"
)

// The record is a chain in the log: it is whole after a restart, an entry that doesn't
// follow is refused, and two nodes don't write the same number.
func TestTheRecordCantBeWrittenAnew(t *testing.T) {
	h := hubtest.Start(t, 20)
	other, err := roster.Open(t.Context(), h.Bus) // another node
	if err != nil {
		t.Fatal(err)
	}
	creds, err := h.Office.Issue(t.Context(), "sec", h.Members[0].ID)
	if err != nil || len(creds) == 0 {
		t.Fatal(err)
	}
	if err := other.Record(t.Context(), roster.Act{Time: h.Now(), By: "sec", Verb: "export"}); err != nil {
		t.Errorf("the other node, which didn't know of the first: %v", err)
	}
	if err := h.Roster.Record(t.Context(), roster.Act{Time: h.Now(), By: "sec", Verb: "export"}); err != nil {
		t.Errorf("the first node again: %v", err)
	}
	again, err := roster.Open(t.Context(), h.Bus)
	if err != nil || len(again.Acts()) != 3 || again.Acts()[0].Verb != "issue" || again.Acts()[0].Of != h.Members[0].ID {
		t.Fatalf("%d acts afterwards, %v", len(again.Acts()), err)
	}
	forged, err := json.Marshal(roster.Act{Number: 4, By: "nobody", Verb: "import"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Bus.Append(t.Context(), "register.act.4", 0, nil, forged); err != nil {
		t.Fatal(err)
	}
	if _, err := roster.Open(t.Context(), h.Bus); err == nil {
		t.Error("an act that doesn't follow from the one before is taken")
	}
}

func TestWhatFailsIsRecordedAsFailed(t *testing.T) {
	h := hubtest.Start(t, 20)
	p := h.Person(0, hub.Reader)
	if err := h.Office.RemovePasskey(t.Context(), "sec", p.ID, []byte("none")); hub.KindOf(err) != hub.NotFound {
		t.Errorf("a passkey that isn't there: %v", err)
	}
	if err := h.Office.SetRoles(t.Context(), "sec", p.ID, []hub.Role{hub.Secretariat}, ""); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a member's secretariat: %v", err)
	}
	var verbs []string
	for _, a := range h.Roster.Acts() {
		verbs = append(verbs, a.Verb)
	}
	if got := strings.Join(verbs, " "); got != "passkey-remove passkey-remove-failed roles roles-failed" {
		t.Errorf("the record says %q", got)
	}
	var table bytes.Buffer
	if err := h.Office.ExportActs(t.Context(), "sec", &table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil || len(rows) != 6 || rows[5][3] != "export" {
		t.Errorf("%d lines exported, %v", len(rows), err)
	}
}

func TestAListThatWaitsIsTheOneThatIsTaken(t *testing.T) {
	h := hubtest.Start(t, 20)
	list, _ := h.Roster.List()
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(csv.Bytes(), []byte(h.Members[0].NameRomaji), []byte("Another Name"), 1)
	hold := func() string {
		c, err := h.Office.Hold("sec", changed)
		if err != nil || c.Same() || len(c.Changed) != 1 {
			t.Fatalf("%+v, %v", c, err)
		}
		return c.Digest.String()
	}
	digest := hold()
	for what, try := range map[string]func() error{
		"somebody else's": func() error { _, err := h.Office.Take(t.Context(), "other", digest); return err },
		"another digest":  func() error { _, err := h.Office.Take(t.Context(), "sec", list.Digest().String()); return err },
		"too late": func() error {
			digest = hold()
			h.Advance(31 * time.Minute)
			_, err := h.Office.Take(t.Context(), "sec", digest)
			return err
		},
	} {
		if err := try(); hub.KindOf(err) != hub.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	digest = hold()
	if _, err := h.Office.Take(t.Context(), "sec", digest); err != nil {
		t.Errorf("taking it: %v", err)
	}
	if _, err := h.Office.Take(t.Context(), "sec", digest); hub.KindOf(err) != hub.NotFound {
		t.Errorf("twice: %v", err)
	}
	stale, err := h.Office.Hold("sec", csv.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Roster.Import(t.Context(), bytes.Replace(csv.Bytes(), []byte(h.Members[1].NameRomaji), []byte("A Third Name"), 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Office.Take(t.Context(), "sec", stale.Digest.String()); hub.KindOf(err) != hub.Conflict {
		t.Errorf("compared with an older list: %v", err)
	}
}
