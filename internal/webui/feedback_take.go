package webui

import (
	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/store"
)

// asked is what members may answer about an alert, and what is told of their answers.
type asked struct {
	Can       bool // whoever reads may answer
	Taken     bool // an answer was just taken
	K         int
	Verdicts  []feedback.Answer
	Told      []feedback.Count
	Questions []question
}

type question struct {
	Name    feedback.Question
	Answers []feedback.Answer
	Told    []feedback.Count
}

// asked is the same for everyone but for the buttons: nobody is told what was answered
// by whom, themselves included.
func (v *visit) asked(row store.AlertRow) (asked, error) {
	back := row.Kind == hub.Withdrawn
	out := asked{Can: v.in.Member && !back, Taken: v.r.URL.Query().Has("taken"), K: v.ui.Ballot.Rules.K, Verdicts: feedback.Verdicts()}
	var err error
	out.Told, err = v.reads.Public.Told(v.r.Context(), feedback.OfAlert(row.ID))
	if err != nil || back {
		return out, err
	}
	list, err := v.ui.Ballot.Questions(v.r.Context(), row.Number)
	if err != nil {
		return out, err
	}
	for _, q := range list {
		told, err := v.reads.Public.Told(v.r.Context(), feedback.OfQuestion(row.ID, q))
		if err != nil {
			return out, err
		}
		out.Questions = append(out.Questions, question{q, q.Answers(), told})
	}
	return out, nil
}

// feedbackTake takes one click: about the alert, one of its indicators, or a question.
func (u *UI) feedbackTake(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	id := chi.URLParam(v.r, "id")
	q := feedback.Request{Alert: id, Question: feedback.Question(v.field("question")), Answer: feedback.Answer(v.field("answer"))}
	if i := v.field("indicator"); i != "" {
		q = feedback.Request{Value: i, Answer: q.Answer}
	}
	err = u.Ballot.Cast(v.r.Context(), *v.me, q)
	if err != nil {
		return err
	}
	v.to("/alerts/" + id + "?taken#answers")
	return nil
}
