package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/store"
)

// alertJSON is an alert in the API.
type alertJSON struct {
	ID        string          `json:"id"`
	Number    uint64          `json:"number"`
	Version   int             `json:"version"`
	Kind      hub.AlertKind   `json:"kind"`
	Stage     hub.Stage       `json:"stage"`
	TLP       hub.TLP         `json:"tlp"`
	Severity  hub.Severity    `json:"severity"`
	Published time.Time       `json:"published"`
	Title     hub.Text        `json:"title"`
	Digest    hub.Digest      `json:"digest"`
	Names     []store.NameRow `json:"names,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	TakenBack []string        `json:"rests_on_taken_back,omitempty"` // alerts of which it was made
}

func alertOf(r store.AlertRow) alertJSON {
	return alertJSON{
		ID: r.ID, Number: r.Number, Version: r.Version, Kind: r.Kind, Stage: r.Stage, TLP: r.TLP,
		Severity: r.Severity, Published: r.Published, Title: r.Title, Digest: r.Digest, Reason: r.Reason,
	}
}

// alertPage is a page of a list of alerts.
type alertPage struct {
	Alerts []alertJSON `json:"alerts"`
	Next   string      `json:"next"` // the parameter next of the following page, "" on the last
}

// alertList answers GET /alerts?before=&severity=&stage=&technique=&since=&limit=,
// newest first.
func (a API) alertList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	p := given(r)
	q := alertQuery(p, "technique", "family", "cve")
	q.Severity = hub.Severity(p.OneOf("severity", string(hub.Critical), string(hub.High), string(hub.Medium), string(hub.Low)))
	q.Stage = hub.Stage(p.OneOf("stage", string(hub.Flash), string(hub.Full), string(hub.Advisory)))
	if p.Err() != nil {
		return p.Err()
	}
	rows, err := a.Reading.Of(who).Public.Alerts(r.Context(), q)
	if err != nil {
		return err
	}
	page := alertPage{Alerts: []alertJSON{}, Next: nextAlerts(rows, q)}
	for _, row := range rows {
		page.Alerts = append(page.Alerts, alertOf(row))
	}
	return httpx.WriteJSON(w, page)
}

// alertQuery reads by what every list of alerts is asked for; one of the classes may
// narrow it to what names that.
func alertQuery(p *httpx.Query, classes ...string) store.AlertQuery {
	q := store.AlertQuery{Before: uint64(p.Next("next")), Since: p.Time("since"), Limit: int(p.Number("limit", 1, 500))}
	for _, class := range classes {
		v := name(p, class)
		if v != "" && q.Class != "" {
			p.Refuse("http.only-one", strings.Join(classes, ", "))
		}
		if v != "" {
			q.Class, q.Name = class, v
		}
	}
	return q
}

// nextAlerts is the cursor of the page after rows, "" after the last.
func nextAlerts(rows []store.AlertRow, q store.AlertQuery) string {
	if len(rows) < pageSize(q.Limit) {
		return ""
	}
	return strconv.FormatUint(rows[len(rows)-1].News, 10)
}

func pageSize(limit int) int {
	if limit == 0 {
		return 50
	}
	return limit
}

// alertShow answers GET /alerts/{id} with the alert and what it names.
func (a API) alertShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, err := a.served(r, who)
	if err != nil {
		return err
	}
	out := alertOf(row)
	out.Names, err = a.Reading.Of(who).Public.NamesOf(r.Context(), row.Number)
	if err != nil {
		return err
	}
	c, err := a.Reading.Of(who).Overview.Campaign(r.Context(), row)
	if err != nil {
		return err
	}
	out.TakenBack = c.Gone
	return httpx.WriteJSON(w, out)
}

// served returns the alert of the path; a recalled one is gone.
func (a API) served(r *http.Request, who hub.Person) (store.AlertRow, error) {
	row, err := a.Reading.Of(who).Public.Alert(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return store.AlertRow{}, err
	}
	if row.Kind == hub.Recalled {
		return store.AlertRow{}, hub.E(hub.Gone, "alert.recalled")
	}
	return row, nil
}

// alertBundle answers GET /alerts/{id}/bundle with the exact signed bytes.
func (a API) alertBundle(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, err := a.served(r, who)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/stix+json;version=2.1")
	w.Header().Set("ETag", `"`+row.Digest.String()+`"`)
	w.Header().Set("Isac-Signature", base64.StdEncoding.EncodeToString(row.Signature))
	_, _ = w.Write(row.Bundle) // a reader who left is no error of ours
	return nil
}

// alertSignature answers GET /alerts/{id}/bundle.sig with the 64 bytes of the
// Ed25519 signature over the bundle, in base64.
func (a API) alertSignature(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, err := a.served(r, who)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, base64.StdEncoding.EncodeToString(row.Signature))
	return nil
}

// kinds are the types of indicators.
func kinds() []string {
	var out []string
	for _, k := range hub.Kinds() {
		out = append(out, string(k))
	}
	return out
}

// indicatorPage is a page of a list of indicators.
type indicatorPage struct {
	Indicators []indicatorJSON `json:"indicators"`
	Next       string          `json:"next"`
}

// indicatorList answers GET /indicators?value=&type=&technique=&since=&valid_at=&next=&limit=.
func (a API) indicatorList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	p := given(r)
	q := store.IndicatorQuery{
		After: p.Next("next"), Value: p.Text("value"), Type: p.OneOf("type", kinds()...),
		Technique: name(p, "technique"), Since: p.Time("since"), ValidAt: p.Time("valid_at"),
		Limit: int(p.Number("limit", 1, 500)),
	}
	if p.Err() != nil {
		return p.Err()
	}
	rows, err := a.Reading.Of(who).Public.Indicators(r.Context(), q)
	if err != nil {
		return err
	}
	page := indicatorPage{}
	page.Indicators, err = a.standing(r.Context(), who, rows, q.ValidAt)
	if err != nil {
		return err
	}
	if len(rows) == pageSize(q.Limit) {
		page.Next = strconv.FormatInt(rows[len(rows)-1].Row, 10)
	}
	return httpx.WriteJSON(w, page)
}
