package webui

import (
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"isac/hub/find"
	"isac/hub/sector"
	"isac/internal/finder"
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
	Band       sector.Band // how many alerts
	Facets     []facet
	More       string // address of the next page
	Here       string // address of the result
	Word       string // by which the search is remembered
	Saved      []savedLine
}

func (searchPage) template() string { return "search" }

// only is what a question was narrowed to, as people read it.
type only struct {
	Name         string // as a form sends it
	Class, Label string
}

// facet is one class of what alerts have in common.
type facet struct {
	Class  string
	Values []facetValue
}

type facetValue struct {
	only
	Alerts sector.Band
}

const mostFound = 100

// searchNew answers GET /search with the empty box.
func (u *UI) searchNew(v *visit) error { return v.searchBox(searchPage{Frame: v.frame()}) }

// searchBox shows the empty box, with the searches that are kept.
func (v *visit) searchBox(p searchPage) (err error) {
	p.Saved, err = v.saved()
	if err != nil {
		return err
	}
	return v.show(p)
}

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

const foundOnAPage = 50

func (u *UI) searchShow(v *visit) error {
	q, ok := u.asked.recall(v.me.ID, chi.URLParam(v.r, "asked"), u.Now())
	if !ok {
		return v.searchBox(searchPage{Frame: v.frame(), Ended: true})
	}
	found, err := v.reads.Finder.Ask(v.r.Context(), q, finder.Page{Below: v.before(), Limit: foundOnAPage})
	if err != nil {
		return err
	}
	rows, err := v.reads.Public.Numbered(v.r.Context(), found.Numbers)
	if err != nil {
		return err
	}
	p := searchPage{Frame: v.frame(), Question: q, Asked: true, Alerts: v.lines(rows), Band: found.Alerts, Facets: v.facets(q, found), Here: v.r.URL.Path, Word: chi.URLParam(v.r, "asked")}
	for _, n := range q.Only {
		p.Only = append(p.Only, v.only(n))
	}
	if found.More {
		p.More = v.r.URL.Path + "?before=" + strconv.FormatUint(rows[len(rows)-1].News, 10)
	}
	if q.Text != "" && v.before() == 0 {
		p.Indicators, err = v.indicators(store.IndicatorQuery{Value: find.Refanged(q.Text), Limit: mostFound})
	}
	if err != nil {
		return err
	}
	return v.show(p)
}

// facets tell what the alerts that were found have in common, apart from what they were
// narrowed to already.
func (v *visit) facets(q find.Question, found finder.Found) (out []facet) {
	for _, class := range finder.Classes() {
		f := facet{Class: v.class(class)}
		for _, value := range found.Facets[class] {
			if !slices.Contains(q.Only, value.Name) {
				f.Values = append(f.Values, facetValue{v.only(value.Name), value.Alerts})
			}
		}
		if len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}
