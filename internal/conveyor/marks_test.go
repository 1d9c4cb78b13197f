package conveyor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
)

// mark is a value that was maybe made for one victim.
const mark = "http://kuro5nw2wqfzrzv6dqe3xkw4yq7a2nt5jhm6cbl4pdu7s3fgvo2ihxqd.onion/chat/9f2c71"

// withMark plays an incident of a member whose report has the mark to both alerts.
func withMark(t *testing.T, h *hubtest.Hub, i int, moderators []hubtest.Person) (conveyor.CaseView, string) {
	t.Helper()
	reporter := h.Person(i, hub.Reporter)
	_, _, err := h.Dial(i).Report(t.Context(), hubtest.Bundle(h.Members[i], "one", "1", attacker+"' OR url:value = '"+mark))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Consent(reporter, h.Case(reporter, 1))
	before := c
	c = h.Approve(reporter, c.Case, moderators...)
	var out strings.Builder
	h.Poll("the alerts", func() bool {
		out.Reset()
		list, _, err := h.Entries(context.Background(), 0, 100)
		n := 0
		for _, e := range list {
			for _, s := range c.Stages {
				if s.Alert != nil && s.Alert.ID == e.ID {
					n++
					out.Write(e.Bundle)
				}
			}
		}
		return err == nil && n == 2
	})
	return before, out.String()
}

// TestAMarkGoesOutWhenASecondOperatorHasIt: not before, not for another member of the
// same operator; and nothing that a reporter sees before tells of it.
func TestAMarkGoesOutWhenASecondOperatorHasIt(t *testing.T) {
	h := hubtest.Start(t, 60)
	seats := h.Apart(0, 8)
	one, sister, other := 0, seats[6], seats[7]
	join(t, h, one, sister)
	var moderators []hubtest.Person
	for _, i := range seats[:6] {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	first, out := withMark(t, h, one, moderators)
	if strings.Contains(out, ".onion") {
		t.Error("the first alert tells the mark")
	}
	if _, out = withMark(t, h, sister, moderators); strings.Contains(out, ".onion") {
		t.Error("two members of one operator make the mark go out")
	}
	if h.OnDisk(mark) {
		t.Error("the mark of one operator stands on disk unsealed")
	}
	second, out := withMark(t, h, other, moderators)
	if n := strings.Count(out, mark); n == 0 {
		t.Error("the second operator's alert lacks the mark")
	}
	if a, b := offered(t, first), offered(t, second); a != b || !strings.Contains(a, ".onion") {
		t.Errorf("what the reporters saw differs, or doesn't offer the mark:\n%s\n%s", a, b)
	}
	if strings.Contains(h.Log.String(), ".onion") {
		t.Error("the log tells the mark")
	}
}

// join puts two members under one operator, by a new sector list.
func join(t *testing.T, h *hubtest.Hub, a, b int) {
	t.Helper()
	all := synthetic.Register(60, 77)
	for i := range all {
		if all[i].ID == h.Members[b].ID {
			all[i].Operator = h.Members[a].Operator
		}
	}
	list, err := register.New(all)
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	if err := h.Roster.Import(t.Context(), csv.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// offered is what a reporter sees of facts before anything is out.
func offered(t *testing.T, c conveyor.CaseView) string {
	t.Helper()
	var out strings.Builder
	for _, s := range c.Stages {
		var b anonymize.Body
		if err := json.Unmarshal(s.Draft, &b); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal([]any{b.Facts, b.Suggested})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	return out.String()
}
