package webui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// One click, from a page without a script; and nobody's page tells what was clicked.
func TestOneClickAnswers(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	if _, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "clicks", "1", "203.0.114.79")); err != nil {
		t.Fatal(err)
	}
	c := h.Approve(reporter, h.Consent(reporter, h.Case(reporter, 1)).Case, moderators...)
	at := "/alerts/" + c.Stages[1].Alert.ID
	reader := newBrowser(h)
	reader.signIn(h.Person(5, hub.Reader))
	var before answer
	h.Poll("the page", func() bool {
		before = reader.do(http.MethodGet, at, nil)
		return before.status == http.StatusOK
	})
	indicator := regexp.MustCompile(`name="indicator" value="(indicator--[0-9a-f-]+)"`).FindStringSubmatch(before.body)
	if indicator == nil || !strings.Contains(before.body, `name="question" value="exposed"`) {
		t.Fatal("the page has no buttons")
	}
	for _, form := range []url.Values{
		{"answer": {"seen"}},
		{"answer": {"false-positive"}, "indicator": {indicator[1]}},
		{"answer": {"fixed"}, "question": {"exposed"}},
	} {
		a := reader.do(http.MethodPost, at+"/feedback", form)
		if a.status != http.StatusSeeOther || a.header.Get("Location") != at+"?taken#answers" {
			t.Errorf("%v: %d %s", form, a.status, a.header.Get("Location"))
		}
	}
	if a := reader.do(http.MethodGet, at+"?taken", nil); !strings.Contains(a.body, "Your answer was taken") {
		t.Error("nothing says that the answer was taken")
	}
	if after := reader.do(http.MethodGet, at, nil); after.body != before.body {
		t.Error("the page tells who answered what they said")
	}
	if subjects, err := h.Bus.Subjects(t.Context(), natsbus.Votes, "vote.>"); err != nil || len(subjects) != 3 {
		t.Errorf("%d votes are stored: %v", len(subjects), err)
	}
	if a := reader.do(http.MethodPost, at+"/feedback", url.Values{"answer": {"perhaps"}}); a.status != http.StatusBadRequest {
		t.Errorf("no answer: %d", a.status)
	}
	if a := reader.do(http.MethodPost, "/alerts/none/feedback", url.Values{"answer": {"seen"}}); a.status != http.StatusNotFound {
		t.Errorf("no alert: %d", a.status)
	}
	office := newBrowser(h)
	office.signIn(h.Person(-1, hub.Secretariat))
	if a := office.do(http.MethodGet, at, nil); a.status != http.StatusOK || strings.Contains(a.body, `name="answer"`) {
		t.Errorf("the secretariat is offered buttons: %d", a.status)
	}
	if a := office.do(http.MethodPost, at+"/feedback", url.Values{"answer": {"seen"}}); a.status != http.StatusForbidden {
		t.Errorf("the secretariat answers: %d", a.status)
	}
}
