package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// A free question and its answer come to the other side through the gate, and with
// nothing of who asks and who answers.
func TestAFreeQuestionPassesTheGateBothWays(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 2) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	victim := h.Members[0]
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(victim, "question", "1", "203.0.114.82"))
	if err != nil {
		t.Fatal(err)
	}
	view := h.Consent(reporter, h.Case(reporter, 1))
	var id string
	h.Poll("a review", func() bool {
		list, err := h.Desk.Reviews(moderators[0].Person)
		if err == nil && len(list) > 0 {
			id = list[0].Review
		}
		return id != ""
	})
	asks, answers := newBrowser(h), newBrowser(h)
	asks.signIn(moderators[0])
	answers.signIn(reporter)
	const question, said = "管理者の入口に多要素認証はありましたか", "ありませんでした"
	ask := func(text string) answer {
		return asks.do(http.MethodPost, "/reviews/"+id+"/ask", url.Values{"question": {text}})
	}
	for text, want := range map[string]string{
		"そこは" + victim.NameJA + "ですか": "may stand in it", "10.1.2.3 は何ですか": "stand in it, but for ids", "": "1 to 300",
	} {
		if a := ask(text); a.status == http.StatusSeeOther || !strings.Contains(a.body, want) {
			t.Errorf("%q: %d %s", text, a.status, a.body)
		}
	}
	if a := ask(question); a.status != http.StatusSeeOther {
		t.Fatalf("a plain question: %d %s", a.status, a.body)
	}
	page := "/cases/" + view.Case
	a := answers.do(http.MethodGet, page, nil)
	if !strings.Contains(a.body, question) || strings.Contains(a.body, moderators[0].ID) {
		t.Fatalf("the reporter's page: %s", a.body)
	}
	stage := "flash"
	if !strings.Contains(a.body, page+"/flash/reply") {
		stage = "full"
	}
	reply := func(text string) answer {
		return answers.do(http.MethodPost, page+"/"+stage+"/reply", url.Values{"answer": {text}})
	}
	if a := reply("ここは" + victim.NameJA + "です"); a.status == http.StatusSeeOther || !strings.Contains(a.body, "may stand in it") {
		t.Errorf("an answer that names: %d %s", a.status, a.body)
	}
	if a := reply(said); a.status != http.StatusSeeOther {
		t.Fatalf("a plain answer: %d %s", a.status, a.body)
	}
	if a := asks.do(http.MethodGet, "/reviews/"+id, nil); !strings.Contains(a.body, said) || strings.Contains(a.body, victim.NameJA) {
		t.Errorf("the moderator's page: %d %s", a.status, a.body)
	}
}
