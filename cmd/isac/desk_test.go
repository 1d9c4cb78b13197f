package main

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// person is somebody who works with the program: a key file and a token.
type person struct {
	id, key, token string
}

// join makes a key with the program and puts the person on the roster.
func join(t *testing.T, h *hubtest.Hub, org string, roles ...hub.Role) person {
	t.Helper()
	key := filepath.Join(t.TempDir(), "me.key")
	var made struct{ Public string }
	out, err := isac(t, "key", "new", key, "--json").Output()
	if err != nil || json.Unmarshal(out, &made) != nil {
		t.Fatalf("making a key: %v", err)
	}
	public, err := base64.StdEncoding.DecodeString(made.Public)
	if err != nil {
		t.Fatal(err)
	}
	who, token, err := h.Roster.AddPerson(t.Context(), org, roles, public)
	if err != nil {
		t.Fatal(err)
	}
	return person{who.ID, key, token}
}

// does runs the program as a person and wants an exit code.
func (p person) does(t *testing.T, h *hubtest.Hub, exit int, args ...string) string {
	t.Helper()
	c := isac(t, slices.Concat(args, []string{"--api", h.BaseURL, "--lang", "en"})...)
	c.Env = append(c.Env, "ISAC_TOKEN="+p.token, "ISAC_KEY="+p.key)
	out, _ := c.CombinedOutput()
	if c.ProcessState.ExitCode() != exit {
		t.Fatalf("isac %s: exit %d, want %d: %s", strings.Join(args[:2], " "), c.ProcessState.ExitCode(), exit, out)
	}
	return string(out)
}

// TestTheDeskAndAnEmergencyByTheProgram: consent by telephone, then an emergency,
// then the alert is withdrawn by two people.
func TestTheDeskAndAnEmergencyByTheProgram(t *testing.T) {
	h := hubtest.Start(t, 40)
	apart := h.Apart(0, 2)
	one, two := join(t, h, "hub", hub.Secretariat), join(t, h, "hub", hub.Secretariat)
	oncall := join(t, h, h.Members[apart[0]].ID, hub.Moderator)
	officer := join(t, h, h.Members[apart[1]].ID, hub.DutyOfficer)
	reporter := join(t, h, h.Members[0].ID, hub.Reporter)
	if _, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", "203.0.113.99")); err != nil {
		t.Fatal(err)
	}
	view := h.Case(hubtest.Person{Person: hub.Person{ID: reporter.id, Org: h.Members[0].ID, Roles: []hub.Role{hub.Reporter}}}, 1)
	digest := view.Stages[0].Digest.String()
	draft := digest[:16]
	if list := one.does(t, h, 0, "desk", "list"); !strings.Contains(list, draft) || strings.Contains(list, h.Members[0].ID) {
		t.Errorf("the list: %s", list)
	}
	one.does(t, h, 2, "desk", "open", draft)
	one.does(t, h, 6, "desk", "open", draft, "--reason", "no-answer")
	oncall.does(t, h, 5, "desk", "open", draft, "--reason", "emergency")
	shown := one.does(t, h, 0, "desk", "open", draft, "--reason", "emergency")
	for _, want := range []string{h.Members[0].NameJA, reporter.id, digest, "T1486"} {
		if !strings.Contains(shown, want) {
			t.Errorf("what is opened lacks %s", want)
		}
	}
	call := []string{"review", "emergency", draft, "--reason", "exploited-now", "--moderator", oncall.id, "--officer", officer.id}
	two.does(t, h, 6, call...) // no consent yet
	one.does(t, h, 2, "desk", "phone", draft, "--reason", "emergency", "--draft", digest)
	for _, p := range []person{one, two} {
		p.does(t, h, 0, "desk", "phone", draft, "--reason", "emergency", "--with", reporter.id, "--draft", digest)
	}
	if seen := reporter.does(t, h, 0, "case", "show", view.Case); strings.Count(seen, "The secretariat opened this draft") != 2 {
		t.Errorf("the reporter sees %s", seen)
	}
	one.does(t, h, 2, call[:7]...) // one of the two only
	two.does(t, h, 0, call...)
	for _, p := range []person{oncall, officer} {
		var list struct{ Reviews []review.ModeratorView }
		if err := json.Unmarshal([]byte(p.does(t, h, 0, "review", "list", "--json")), &list); err != nil {
			t.Fatal(err)
		}
		for _, r := range list.Reviews {
			if r.Duty != "" {
				p.does(t, h, 0, "review", "approve", r.Review, "--draft", digest, "--accept-thin")
			}
		}
	}
	var alerts struct{ Alerts []struct{ ID, Kind string } }
	kind := func(want string) {
		t.Helper()
		h.Poll("an alert that is "+want, func() bool {
			err := json.Unmarshal([]byte(one.does(t, h, 0, "query", "alerts", "--json")), &alerts)
			return err == nil && len(alerts.Alerts) == 1 && alerts.Alerts[0].Kind == want
		})
	}
	kind("released")
	for _, p := range []person{officer, two} {
		p.does(t, h, 0, "review", "withdraw", alerts.Alerts[0].ID, "--reason", "wrong", "--yes")
	}
	kind("withdrawn")
	reporter.does(t, h, 2, "case", "keep", view.Case)
	reporter.does(t, h, 1, "case", "keep", view.Case, "--until", "tomorrow")
	reporter.does(t, h, 1, "case", "keep", view.Case, "--until", "2199-01-01")
	reporter.does(t, h, 0, "case", "keep", view.Case, "--until", h.Now().AddDate(0, 6, 0).Format("2006-01-02"))
	reporter.does(t, h, 6, "case", "stand", view.Case, "--yes")
}
