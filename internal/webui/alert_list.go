package webui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/internal/store"
)

// alertListPage lists alerts, newest first.
type alertListPage struct {
	Frame
	Severities []hub.Severity
	Stages     []hub.Stage
	Severity   hub.Severity
	Stage      hub.Stage
	Alerts     []alertLine
	More       string // address of the next page
}

func (alertListPage) template() string { return "alerts" }

// alertLine is an alert in a list.
type alertLine struct {
	ID        string
	Number    uint64
	Version   int
	Kind      hub.AlertKind
	Stage     hub.Stage
	Severity  hub.Severity
	TLP       string
	Title     string
	Published time.Time
	Digest    hub.Digest
	Back      bool // withdrawn or recalled
}

func (v *visit) line(r store.AlertRow) alertLine {
	l := alertLine{
		ID: r.ID, Number: r.Number, Version: r.Version, Kind: r.Kind, Stage: r.Stage, Severity: r.Severity, Digest: r.Digest,
		TLP: strings.ToUpper(strings.Replace(string(r.TLP), "-", "+", 1)), Title: r.Title.In(v.lang), Published: r.Published,
		Back: r.Kind == hub.Withdrawn || r.Kind == hub.Recalled,
	}
	if l.Title == "" {
		l.Title = v.t("web.kind." + string(r.Kind))
	}
	return l
}

func (v *visit) lines(rows []store.AlertRow) []alertLine {
	var out []alertLine
	for _, r := range rows {
		out = append(out, v.line(r))
	}
	return out
}

const alertsOnAPage = 50

var (
	severities = []hub.Severity{hub.Critical, hub.High, hub.Medium, hub.Low}
	stages     = []hub.Stage{hub.Flash, hub.Full}
)

func (u *UI) alertList(v *visit) error {
	query := v.r.URL.Query()
	p := alertListPage{Frame: v.frame(), Severities: severities, Stages: stages}
	if s := hub.Severity(query.Get("severity")); slices.Contains(severities, s) {
		p.Severity = s
	}
	if s := hub.Stage(query.Get("stage")); slices.Contains(stages, s) {
		p.Stage = s
	}
	before, err := strconv.ParseUint(query.Get("before"), 10, 53)
	if err != nil {
		before = 0 // the first page
	}
	q := store.AlertQuery{Before: before, Severity: p.Severity, Stage: p.Stage, Limit: alertsOnAPage}
	rows, err := u.Public.Alerts(v.r.Context(), q)
	if err != nil {
		return err
	}
	p.Alerts = v.lines(rows)
	if len(rows) == alertsOnAPage {
		more := url.Values{"severity": {string(p.Severity)}, "stage": {string(p.Stage)}, "before": {strconv.FormatUint(rows[len(rows)-1].News, 10)}}
		p.More = "/alerts?" + more.Encode()
	}
	return v.show(p)
}

// nameOf finds the class and the canonical value of what a person typed: a technique,
// a CVE, a family, a route … What no vocabulary knows matches nothing.
func (u *UI) nameOf(typed string) (class, value string) {
	if typed == "" {
		return "", ""
	}
	for _, c := range []hub.Class{hub.Technique, hub.CVE, hub.Family, hub.Group, hub.Tool, hub.Product, hub.Route, hub.Weakness} {
		if canonical, ok := u.vocab.Canonical(c, typed); ok {
			return string(c), canonical
		}
	}
	return "none", typed
}
