package feeds

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/export"
	"isac/hub/feedback"
	"isac/internal/store"
)

// A feed as MISP pulls it: manifest.json names the events with their times, hashes.csv
// the values, and each event is a file of its own. The texts are English, as those of the
// taxonomies and galaxies that MISP joins them to.

const mispLang = "en"

func (f *Feeds) head() export.Head { return export.Head{Hub: f.Name, URL: f.URL, Made: f.Now()} }

// standing alerts are those that aren't taken back, oldest first.
func (f file) eachAlert(ctx context.Context, use func(store.AlertRow) error) error {
	q := store.AlertQuery{Limit: 500}
	for {
		rows, err := f.public.Alerts(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Kind.Back() {
				continue
			}
			err := use(r)
			if err != nil {
				return err
			}
		}
		if len(rows) < q.Limit {
			return nil
		}
		q.Before = rows[len(rows)-1].News
	}
}

func (f file) mispManifest(w http.ResponseWriter, r *http.Request) error {
	fresh, err := f.unchanged(w, r, f.Now().UTC())
	if err != nil || fresh {
		return err
	}
	var alerts []export.Alert
	err = f.eachAlert(r.Context(), func(row store.AlertRow) error {
		a, err := f.alert(r.Context(), row)
		alerts = append(alerts, a)
		return err
	})
	if err != nil {
		return err
	}
	return writeMISP(w)(export.MISPManifest(f.head(), alerts))
}

func (f file) mispEvent(w http.ResponseWriter, r *http.Request) error {
	row, err := f.public.Alert(r.Context(), chi.URLParam(r, "event"))
	if err != nil {
		return err
	}
	if row.Kind.Back() {
		return hub.E(hub.Gone, "alert.recalled")
	}
	fresh, err := f.unchanged(w, r, f.Now().UTC())
	if err != nil || fresh {
		return err
	}
	a, err := f.alert(r.Context(), row)
	if err != nil {
		return err
	}
	list, err := f.listed(r, row)
	if err != nil {
		return err
	}
	return writeMISP(w)(export.MISPEvent(f.head(), a, list))
}

// listed are the indicators of an alert as they stand today.
func (f file) listed(r *http.Request, row store.AlertRow) ([]export.Indicator, error) {
	q := store.IndicatorQuery{Number: row.Number, Limit: 500}
	var out []export.Indicator
	for {
		rows, err := f.public.Indicators(r.Context(), q)
		if err != nil {
			return nil, err
		}
		var topics []feedback.Topic
		for _, i := range rows {
			topics = append(topics, feedback.OfIndicator(i.StixID))
		}
		told, err := f.public.ToldOf(r.Context(), topics)
		if err != nil {
			return nil, err
		}
		for n, i := range rows {
			out = append(out, indicatorOf(store.ExportRow{IndicatorRow: i, Severity: row.Severity, TLP: row.TLP}, f.Rules.Stand(i.Stated(), told[topics[n]], f.Now())))
		}
		if len(rows) < q.Limit {
			return out, nil
		}
		q.After = rows[len(rows)-1].Row
	}
}

// alert is what an event says besides.
func (f file) alert(ctx context.Context, row store.AlertRow) (export.Alert, error) {
	a := export.Alert{ID: row.ID, Title: row.Title.In(mispLang), Published: row.Published, Severity: row.Severity, TLP: row.TLP}
	names, err := f.public.NamesOf(ctx, row.Number)
	if err != nil {
		return a, err
	}
	for _, n := range names {
		if n.Class != string(hub.Technique) {
			continue
		}
		label, ok := f.Vocab.Label(hub.Technique, n.Value)
		if ok {
			a.Techniques = append(a.Techniques, export.Technique{ID: n.Value, Name: label.In(mispLang)})
		}
	}
	return a, nil
}

func (f file) mispHashes(w http.ResponseWriter, r *http.Request) error {
	fresh, err := f.unchanged(w, r, f.Now().UTC())
	if err != nil || fresh {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	err = f.public.EachIndicator(r.Context(), store.ExportQuery{}, func(i store.ExportRow) error {
		_, err := w.Write([]byte(export.MISPHash(i.Value, i.AlertID)))
		if err != nil {
			return fmt.Errorf("writing hashes: %w", err)
		}
		return nil
	})
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func writeMISP(w http.ResponseWriter) func([]byte, error) error {
	return func(data []byte, err error) error {
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(data) // a reader who left is no error of ours
		return nil
	}
}
