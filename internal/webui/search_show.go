package webui

import (
	"strings"

	"isac/internal/store"
)

// searchPage is one box for everything: values, techniques, names.
type searchPage struct {
	Frame
	Query      string
	Indicators []indicator
	Alerts     []alertLine
}

func (searchPage) template() string { return "search" }

const (
	longestQuery = 2000
	mostFound    = 100
)

func (u *UI) searchShow(v *visit) error {
	p := searchPage{Frame: v.frame(), Query: strings.TrimSpace(v.r.URL.Query().Get("q"))}
	if p.Query == "" || len(p.Query) > longestQuery {
		p.Query = ""
		return v.show(p)
	}
	var err error
	p.Indicators, err = v.indicators(store.IndicatorQuery{Value: refanged(p.Query), Limit: mostFound})
	if err != nil {
		return err
	}
	q := store.AlertQuery{Limit: mostFound}
	q.Class, q.Name = u.nameOf(p.Query)
	rows, err := u.Public.Alerts(v.r.Context(), q)
	if err != nil {
		return err
	}
	p.Alerts = v.lines(rows)
	return v.show(p)
}

// refang undoes the ways in which people break a value so that nothing opens it.
var refang = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[:]", ":", "[@]", "@", "[at]", "@", "(at)", "@",
	"hxxp", "http", "hXXp", "http", "HXXP", "http", "fxp://", "ftp://", "[://]", "://", "。", ".", "．", ".",
)

func refanged(value string) string { return refang.Replace(value) }
