package webui

import (
	"github.com/go-chi/chi/v5"

	"isac/hub/find"
	"isac/internal/store"
)

// searchPage is one box for everything: values, techniques, names.
type searchPage struct {
	Frame
	find.Question
	Only       []only
	Asked      bool
	Ended      bool // what was asked isn't remembered any more
	Indicators []indicator
	Alerts     []alertLine
}

func (searchPage) template() string { return "search" }

// only is what a question was narrowed to, as people read it.
type only struct {
	Name         string // as a form sends it
	Class, Label string
}

const mostFound = 100

// searchNew answers GET /search with the empty box.
func (u *UI) searchNew(v *visit) error { return v.show(searchPage{Frame: v.frame()}) }

// searchAsk takes a question and sends the browser on to its result, whose address
// doesn't name it.
func (u *UI) searchAsk(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	q, ok := v.question()
	if !ok || q.Empty() {
		v.to("/search")
		return nil
	}
	v.to("/search/" + u.asked.keep(v.me.ID, q, u.Now()))
	return nil
}

// question is what a form of the search page says.
func (v *visit) question() (q find.Question, ok bool) {
	q.Text = v.field("q")
	for _, text := range append(v.r.PostForm["only"], v.r.PostForm["add"]...) {
		n, ok := find.ReadName(text)
		if !ok {
			return q, false
		}
		q = q.With(n)
	}
	if n, ok := find.ReadName(v.field("drop")); ok {
		q = q.Without(n)
	}
	return q, q.Fits()
}

func (u *UI) searchShow(v *visit) error {
	q, ok := u.asked.recall(v.me.ID, chi.URLParam(v.r, "asked"), u.Now())
	if !ok {
		return v.show(searchPage{Frame: v.frame(), Ended: true})
	}
	p := searchPage{Frame: v.frame(), Question: q, Asked: true}
	for _, n := range q.Only {
		p.Only = append(p.Only, v.only(n))
	}
	var err error
	if q.Text != "" {
		p.Indicators, err = v.indicators(store.IndicatorQuery{Value: find.Refanged(q.Text), Limit: mostFound})
		if err != nil {
			return err
		}
	}
	ask := store.AlertQuery{Limit: mostFound}
	ask.Class, ask.Name = u.nameOf(q.Text)
	for _, n := range q.Only {
		ask.Class, ask.Name = n.Class, n.Value
	}
	rows, err := u.Public.Alerts(v.r.Context(), ask)
	if err != nil {
		return err
	}
	p.Alerts = v.lines(rows)
	return v.show(p)
}
