package webui

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/export"
)

// A table is what a search or a check found, for other programs.

// record is one line of a table.
type record interface {
	cells() []string
	bare() string // the line of a plain list
}

// indicatorRecord is one released indicator in one alert, as it stands today.
type indicatorRecord struct {
	Type       string    `json:"type"`
	Value      string    `json:"value"`
	Confidence int       `json:"confidence"`
	ValidFrom  time.Time `json:"valid_from"`
	ValidUntil time.Time `json:"valid_until"`
	Alert      string    `json:"alert"`
	Number     uint64    `json:"alert_number"`
	ID         string    `json:"id"`
}

var indicatorColumns = []string{"type", "value", "confidence", "valid_from", "valid_until", "alert", "alert_number", "id"}

func (r indicatorRecord) cells() []string {
	return []string{r.Type, r.Value, strconv.Itoa(r.Confidence), r.ValidFrom.Format(time.RFC3339), r.ValidUntil.Format(time.RFC3339), r.Alert, strconv.FormatUint(r.Number, 10), r.ID}
}
func (r indicatorRecord) bare() string { return r.Value }

func indicatorRecords(list []indicator) []record {
	var out []record
	for _, i := range list {
		r := i.IndicatorRow
		out = append(out, indicatorRecord{r.Type, r.Value, r.Confidence, r.ValidFrom, r.ValidUntil, r.AlertID, r.Number, r.StixID})
	}
	return out
}

// alertRecord is one alert.
type alertRecord struct {
	ID        string       `json:"id"`
	Number    uint64       `json:"number"`
	Stage     hub.Stage    `json:"stage"`
	Severity  hub.Severity `json:"severity"`
	TLP       string       `json:"tlp"`
	Published time.Time    `json:"published"`
	Title     string       `json:"title"`
}

var alertColumns = []string{"id", "number", "stage", "severity", "tlp", "published", "title"}

func (r alertRecord) cells() []string {
	return []string{r.ID, strconv.FormatUint(r.Number, 10), string(r.Stage), string(r.Severity), r.TLP, r.Published.Format(time.RFC3339), r.Title}
}
func (r alertRecord) bare() string { return r.ID }

func alertRecords(list []alertLine) []record {
	var out []record
	for _, l := range list {
		out = append(out, alertRecord{l.ID, l.Number, l.Stage, l.Severity, l.TLP, l.Published, l.Title})
	}
	return out
}

// table writes records in one of the formats as they come.
type table struct {
	w      io.Writer
	format string
	csv    *csv.Writer
	had    map[string]bool // lines of a plain list
}

// table begins an answer that a browser saves as a file.
func (v *visit) table(name, format string, columns []string) (*table, error) {
	form, ok := export.Table("." + format)
	if !ok {
		return nil, hub.E(hub.NotFound, "web.no-page")
	}
	h := v.w.Header()
	h.Set("Content-Type", form.Media)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s%s"`, name, form.Ext))
	t := &table{w: v.w, format: format, had: map[string]bool{}}
	if format == "csv" {
		t.csv = csv.NewWriter(v.w)
		return t, t.csv.Write(columns)
	}
	return t, nil
}

// put writes records; a reader who left is no error of ours.
func (t *table) put(records []record) {
	for _, r := range records {
		switch t.format {
		case "csv":
			_ = t.csv.Write(export.Cells(r.cells()))
		case "jsonl":
			_ = json.NewEncoder(t.w).Encode(r)
		default:
			if line := oneLine.Replace(r.bare()); !t.had[line] {
				t.had[line] = true
				_, _ = fmt.Fprintln(t.w, line)
			}
		}
	}
	if t.csv != nil {
		t.csv.Flush()
	}
}

var oneLine = strings.NewReplacer("\r", " ", "\n", " ")
