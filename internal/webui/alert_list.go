package webui

import (
	"net/url"
	"slices"
	"strconv"
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
	Asked      bool   // to take an alert back
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
		TLP: tlp(r.TLP), Title: r.Title.In(v.lang), Published: r.Published,
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
	p := alertListPage{Frame: v.frame(), Severities: severities, Stages: stages, Asked: v.r.URL.Query().Has("asked")}
	if s := hub.Severity(query.Get("severity")); slices.Contains(severities, s) {
		p.Severity = s
	}
	if s := hub.Stage(query.Get("stage")); slices.Contains(stages, s) {
		p.Stage = s
	}
	q := store.AlertQuery{Before: v.before(), Severity: p.Severity, Stage: p.Stage, Limit: alertsOnAPage}
	rows, err := v.reads.Public.Alerts(v.r.Context(), q)
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

// before is the number of the last alert of the page before this one, 0 on the first.
func (v *visit) before() uint64 {
	n, err := strconv.ParseUint(v.r.URL.Query().Get("before"), 10, 53)
	if err != nil {
		return 0
	}
	return n
}
