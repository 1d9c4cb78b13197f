package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"time"
)

var csvForm = Form{Name: "csv", Media: "text/csv; charset=utf-8", Ext: ".csv", begin: csvBegin, put: csvPut}

// columns are those of the table; the lines of JSON have the same names.
var columns = []string{"type", "value", "confidence", "valid_from", "valid_until", "alert", "alert_number", "severity", "tlp", "id"}

func csvBegin(w *Writer) { w.say(strings.Join(columns, ","), "\n") }

func csvPut(w *Writer, i Indicator) bool {
	cells := []string{
		string(i.Kind), i.Value, itoa(i.Confidence), i.From.UTC().Format(time.RFC3339), i.Until.UTC().Format(time.RFC3339),
		i.Alert, itoa(i.Number), string(i.Severity), string(i.TLP), i.ID,
	}
	if w.err == nil {
		c := csv.NewWriter(w.out)
		w.err = c.Write(Cells(cells))
		c.Flush()
	}
	return true
}

// Cells puts a quotation mark before what a spreadsheet would take for a formula, in
// place.
func Cells(cells []string) []string {
	for n, c := range cells {
		if c != "" && (strings.HasPrefix(c, "'") || strings.ContainsAny(firstSign(c), "=+-@\t\r\n＝＋－＠")) {
			cells[n] = "'" + c
		}
	}
	return cells
}

// firstSign is the first sign that isn't a space.
func firstSign(c string) string {
	trimmed := strings.TrimLeft(c, " \u00a0\u3000")
	for _, r := range trimmed {
		return string(r)
	}
	return ""
}

var linesForm = Form{Name: "jsonl", Media: "application/jsonl; charset=utf-8", Ext: ".jsonl", put: linesPut}

type line struct {
	Type       string    `json:"type"`
	Value      string    `json:"value"`
	Confidence int       `json:"confidence"`
	From       time.Time `json:"valid_from"`
	Until      time.Time `json:"valid_until"`
	Alert      string    `json:"alert"`
	Number     uint64    `json:"alert_number"`
	Severity   string    `json:"severity"`
	TLP        string    `json:"tlp"`
	ID         string    `json:"id"`
}

func linesPut(w *Writer, i Indicator) bool {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(line{string(i.Kind), i.Value, i.Confidence, i.From.UTC(), i.Until.UTC(), i.Alert, i.Number, string(i.Severity), string(i.TLP), i.ID})
	if err != nil {
		return false // never: texts, numbers and dates of four digits can always be encoded
	}
	w.say(b.String())
	return true
}
