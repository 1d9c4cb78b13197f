package webui

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/locale"
)

// casePage is a report for the people of who made it: what the hub understood, what
// would go out, and what they can do.
type casePage struct {
	Frame
	Case      string
	Received  time.Time
	Dictated  []review.Dictated
	Unsealed  []review.Unsealed
	Stages    []caseStage
	Prose     []sentence
	Open      bool       // facts of sentences that nobody has judged yet
	Facts     []factLine // that no sentence gave, to take back
	Rejected  []string   // keys
	Questions []string
	LeftOut   []count
	Problems  []problem
	CanAnswer bool
	Sides     *sidesView
	// Authorities are the forms that can be filled in from the report.
	Authorities []choice
}

func (casePage) template() string { return "case" }

// caseStage is one stage, with its draft and what can be done with it.
type caseStage struct {
	review.ReporterStage
	View     *draftView
	Consent  signForm
	Withdraw signForm
	Reasons  []string // of a withdrawal
}

// sentence is one of the report, with the facts that were first read from it.
type sentence struct {
	Text  string
	Facts []proseLine
	Hints []proseLine // what it may state besides: asked, and no fact without a yes
}

// proseLine is a fact that was read from sentences, with what the reporter said of it.
type proseLine struct {
	Key, Label string
	Class      string
	Said       string // "confirmed", "rejected" or "open"
	Number     int
}

type count struct {
	Action anonymize.Action
	Count  int
}

type problem struct{ Path, Text string }

func (u *UI) caseShow(v *visit) error {
	c, err := u.Desk.Case(v.r.Context(), *v.me, chi.URLParam(v.r, "case"))
	if err != nil {
		return err
	}
	p := casePage{Frame: v.frame(), Case: c.Case, Received: c.Received, Dictated: c.Dictated, Unsealed: c.Unsealed, Rejected: c.Answers.Rejected, Authorities: v.authorities("")}
	known := map[string]bool{}
	p.Prose = v.prose(c, known)
	for _, s := range p.Prose {
		p.Open = p.Open || slices.ContainsFunc(s.Facts, func(l proseLine) bool { return l.Said == "open" })
	}
	for _, s := range c.Stages {
		stage := caseStage{
			ReporterStage: s, Consent: v.signing(review.ToConsent, s.Digest), Withdraw: v.signing(review.ToWithdraw, s.Back),
			Reasons: review.WithdrawReasons(),
		}
		stage.View, err = v.draft(s.Draft, s.Digest)
		if err != nil {
			return err
		}
		p.Stages = append(p.Stages, stage)
		p.CanAnswer = p.CanAnswer || s.Can("object")
		p.questions(s.Missing, v)
		if stage.View != nil {
			p.takeFacts(stage.View.Facts, known)
		}
	}
	for _, key := range c.Answers.Rejected {
		if !known[key] { // taken back before, so it stands in no draft
			known[key] = true
			p.Facts = append(p.Facts, factLine{Key: key, Class: hub.Class(classOf(key)), Label: v.keyLabel(key)})
		}
	}
	p.Sides, err = v.sides(c, p.Stages)
	if err != nil {
		return err
	}
	p.LeftOut = counts(c.LeftOut)
	for _, x := range c.Problems {
		p.Problems = append(p.Problems, problem{x.Path, locale.Problem(v.lang, x)})
	}
	return v.show(p)
}

// prose puts every fact under the sentence that gave it first.
func (v *visit) prose(c conveyor.CaseView, known map[string]bool) []sentence {
	var out []sentence
	for _, f := range c.Prose {
		if known[f.Key] {
			continue
		}
		line := proseLine{Key: f.Key, Label: v.keyLabel(f.Key), Class: classOf(f.Key), Said: said(f.Key, c.Answers), Number: len(known)}
		known[f.Key] = true
		i := slices.IndexFunc(out, func(s sentence) bool { return s.Text == f.Sentence })
		if i < 0 {
			out, i = append(out, sentence{Text: f.Sentence}), len(out)
		}
		out[i].Facts = append(out[i].Facts, line)
	}
	for _, h := range c.Hints {
		if known[h.Key] {
			continue
		}
		known[h.Key] = true
		line := proseLine{Key: h.Key, Label: v.keyLabel(h.Key), Class: classOf(h.Key)}
		i := slices.IndexFunc(out, func(s sentence) bool { return s.Text == h.Sentence })
		if i < 0 {
			out, i = append(out, sentence{Text: h.Sentence}), len(out)
		}
		out[i].Hints = append(out[i].Hints, line)
	}
	return out
}

func said(key string, a anonymize.Answers) string {
	switch {
	case slices.Contains(a.Rejected, key):
		return "rejected"
	case a.AllConfirmed || slices.Contains(a.Confirmed, key):
		return "confirmed"
	}
	return "open"
}

func classOf(key string) string {
	for i, r := range key {
		if r == ':' {
			return key[:i]
		}
	}
	return key
}

func (p *casePage) takeFacts(facts []factLine, known map[string]bool) {
	for _, f := range facts {
		if !known[f.Key] {
			known[f.Key] = true
			p.Facts = append(p.Facts, f)
		}
	}
}

func (p *casePage) questions(missing []string, v *visit) {
	for _, id := range missing {
		text, ok := v.ui.Library.Question(id, v.ui.Profile)
		if line := text.In(v.lang); ok && !slices.Contains(p.Questions, line) {
			p.Questions = append(p.Questions, line)
		}
	}
}

// counts sums what became of properties, in the order of the record's actions.
func counts(classes []anonymize.Class) []count {
	var out []count
	for _, c := range classes {
		i := slices.IndexFunc(out, func(x count) bool { return x.Action == c.Action })
		if i < 0 {
			out, i = append(out, count{Action: c.Action}), len(out)
		}
		out[i].Count += c.Count
	}
	return out
}

// IsRejected reports whether the reporter took a fact back.
func (p casePage) IsRejected(key string) bool { return slices.Contains(p.Rejected, key) }

// Name is the field of the answer to a prose fact.
func (l proseLine) Name() string { return fmt.Sprint("prose-", l.Number) }
