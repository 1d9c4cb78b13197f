package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/find"
	"isac/hub/sector"
	"isac/internal/finder"
	"isac/internal/httpx"
	"isac/internal/store"
)

// What an analyst asks tells what happens at her organisation: here it stands in bodies,
// which no proxy keeps.

// searchJSON is a question, as in the one box of the pages: values, names, words, a STIX
// pattern.
type searchJSON struct {
	find.Question
	Next  string `json:"next"` // of the page before
	Limit int    `json:"limit"`
}

// searchAnswer is a page of what was found, and what it has in common.
type searchAnswer struct {
	Alerts []alertJSON             `json:"alerts"`
	Count  sector.Band             `json:"count"` // a band: small numbers are told nowhere
	Facets map[string][]find.Facet `json:"facets"`
	Next   string                  `json:"next"`
}

// search answers POST /search.
func (a API) search(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body searchJSON
	err := httpx.ReadJSON(r, 1<<16, &body)
	if err != nil {
		return err
	}
	page := finder.Page{Limit: body.Limit}
	if page.Limit == 0 {
		page.Limit = 50
	}
	if page.Limit < 0 || page.Limit > 500 {
		return hub.E(hub.Invalid, "http.bad-number", "limit", "1", "500")
	}
	if body.Next != "" {
		page.Below, err = strconv.ParseUint(body.Next, 10, 64)
		if err != nil {
			return hub.E(hub.Invalid, "http.bad-next", "next")
		}
	}
	if !body.Fits() {
		return hub.E(hub.Invalid, "api.long-question")
	}
	found, err := a.Reading.Of(who).Finder.Ask(r.Context(), body.Question, page)
	if err != nil {
		return err
	}
	rows, err := a.Reading.Of(who).Public.Numbered(r.Context(), found.Numbers)
	if err != nil {
		return err
	}
	out := searchAnswer{Alerts: []alertJSON{}, Count: found.Alerts, Facets: found.Facets}
	for _, row := range rows {
		out.Alerts = append(out.Alerts, alertOf(row))
	}
	if found.More && len(rows) > 0 {
		out.Next = strconv.FormatUint(rows[len(rows)-1].News, 10)
	}
	return httpx.WriteJSON(w, out)
}

// lookupJSON are values of which something may be known.
type lookupJSON struct {
	Values  []string  `json:"values"`   // 10,000 at most; defanged ones are understood
	ValidAt time.Time `json:"valid_at"` // only what is valid then
}

// lookupAnswer are the released indicators of the values.
type lookupAnswer struct {
	Checked    int             `json:"checked"`
	Indicators []indicatorJSON `json:"indicators"`
}

// mostLookup is how many bytes the values of a lookup may take.
const mostLookup = 8 << 20

// indicatorLookup answers POST /indicators/lookup.
func (a API) indicatorLookup(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body lookupJSON
	err := httpx.ReadJSON(r, mostLookup, &body)
	if err != nil {
		return err
	}
	if len(body.Values) > find.MostValues {
		return hub.E(hub.TooLarge, "search.too-many")
	}
	var values []string
	for _, v := range body.Values {
		values = append(values, find.Refanged(v))
	}
	slices.Sort(values)
	values = slices.Compact(values)
	out := lookupAnswer{Checked: len(values), Indicators: []indicatorJSON{}}
	for some := range slices.Chunk(values, lookupStep) {
		q := store.IndicatorQuery{Values: some, ValidAt: body.ValidAt, Limit: lookupStep}
		for {
			rows, err := a.Reading.Of(who).Public.Indicators(r.Context(), q)
			if err != nil {
				return err
			}
			list, err := a.standing(r.Context(), who, rows, body.ValidAt)
			if err != nil {
				return err
			}
			out.Indicators = append(out.Indicators, list...)
			if len(rows) < lookupStep {
				break
			}
			q.After = rows[len(rows)-1].Row
		}
	}
	return httpx.WriteJSON(w, out)
}

const lookupStep = 500

// analysisJSON is what an alert tells, section by section.
type analysisJSON struct {
	JA []sectionJSON `json:"ja"`
	EN []sectionJSON `json:"en"`
}

type sectionJSON struct {
	Heading string   `json:"heading"`
	Ordered bool     `json:"ordered"`
	Lines   []string `json:"lines"`
}

// alertAnalysis answers GET /alerts/{id}/analysis.
func (a API) alertAnalysis(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, err := a.served(r, who)
	if err != nil {
		return err
	}
	texts, err := deliver.TextOf(row.Bundle)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, analysisJSON{sectionsOf(texts.JA), sectionsOf(texts.EN)})
}

func sectionsOf(text string) []sectionJSON {
	out := []sectionJSON{}
	for _, p := range analysis.ReadText(text) {
		out = append(out, sectionJSON(p))
	}
	return out
}

// events answers GET /events: an event for each time that something is released.
func (a API) events(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	return a.Live.Stream(w, r, a.Reading.Of(who).Public.Newest)
}
