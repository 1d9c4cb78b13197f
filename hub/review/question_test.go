package review

import (
	"strings"
	"testing"

	"isac/hub"
)

// A free question goes to the reporter and its answer to whoever moderates the stage;
// neither side learns of the other.
func TestAFreeQuestion(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "one")
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	const question, answer = "多要素認証は有効でしたか", "管理用の入口だけ無効でした"
	s.do(s.c.Ask(s.now, seats[0].Review, seats[0].Person, question, s.w))
	v, err := s.c.ReporterView("reporter", s.w)
	if err != nil || v.Stages[0].Reason != Free || len(v.Stages[0].Talk) != 1 || v.Stages[0].Talk[0].Question != question {
		t.Fatalf("the reporter sees %+v, %v", v.Stages[0], err)
	}
	absent(t, "reporter", v, seats[0].Person, seats[0].Org+"\"", seats[0].Review)
	s.do(s.c.Reply(s.now, hub.Flash, "reporter", answer, s.w))
	for _, seat := range s.open(hub.Flash) {
		m, err := s.c.ModeratorView(seat.Review, seat.Person, s.w)
		if err != nil || len(m.Talk) != 1 || m.Talk[0] != (Exchange{question, answer}) {
			t.Errorf("a moderator sees %+v, %v", m.Talk, err)
		}
		absent(t, "moderator", m, "reporter", "victim")
	}
	for range mostQuestions - 1 {
		s.do(s.c.Ask(s.now, seats[1].Review, seats[1].Person, question, s.w))
		s.do(s.c.Answer(s.now, hub.Flash, "reporter", s.w))
	}
	list, err := s.c.Ask(s.now, seats[1].Review, seats[1].Person, question, s.w)
	s.refused(hub.Conflict, list, err)
	list, err = s.c.Reply(s.now, hub.Flash, "reporter", answer, s.w)
	s.refused(hub.Conflict, list, err)
	s.replayed()
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"VPN装置の更新はいつでしたか。": "", "Was MFA on? See T1021.001, CVE-2018-13379.": "", "": "review.question-long", strings.Repeat("あ", 301): "review.question-long",
		"10.1.2.3 は何ですか": "review.question-values", "server01ですか": "review.question-values", "user@x": "review.question-values", `C:\x`: "review.question-values",
		"３台ですか": "review.question-values", "host.example": "review.question-values", "24 台": "review.question-values", "T10211": "review.question-values",
	} {
		err := Plain(text)
		if got := hub.KindOf(err); (want == "") != (err == nil) || err != nil && (got != hub.Invalid || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
