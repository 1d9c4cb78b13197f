package quality

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// What reading must reach, over all classes, in each language and half.
const (
	TargetPrecision = 0.95
	TargetRecall    = 0.85
)

// Words gives the texts of a table. See the locale files, quality.*.
type Words func(key string, args ...string) string

// Table writes precision and recall for a terminal.
func (r Result) Table(out io.Writer, w Words) error {
	lines := r.lines(w)
	wide := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			wide[i] = max(wide[i], width(cell))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for i, cell := range line {
			row.WriteString(cell + strings.Repeat(" ", wide[i]-width(cell)+2))
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	return r.write(out, w, b.String())
}

// Markdown writes them as a table of a document.
func (r Result) Markdown(out io.Writer, w Words) error {
	var b strings.Builder
	for i, line := range r.lines(w) {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(line)))
		}
	}
	return r.write(out, w, b.String())
}

func (r Result) write(out io.Writer, w Words, table string) error {
	note := w("quality.note", strconv.Itoa(r.Incidents), number(TargetPrecision), number(TargetRecall))
	_, err := fmt.Fprintf(out, "%s\n%s\n", table, note)
	if err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return nil
}

// WriteMisses writes what went wrong in the shown half, a line each.
func (r Result) WriteMisses(out io.Writer) error {
	for _, m := range r.Misses {
		_, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", m.Slug, m.Lang, m.Kind, m.Fact)
		if err != nil {
			return fmt.Errorf("writing misses: %w", err)
		}
	}
	return nil
}

// lines are the cells of the table: its head, then a line for each half and class
// with both languages.
func (r Result) lines(w Words) [][]string {
	head := []string{w("quality.half"), w("quality.class")}
	for _, lang := range []string{"ja", "en"} {
		for _, figure := range []string{"wanted", "precision", "recall"} {
			head = append(head, w("quality."+figure)+" "+lang)
		}
	}
	out := [][]string{head}
	for _, ja := range r.Rows {
		if ja.Lang != "ja" {
			continue
		}
		en := r.Row(ja.Half, "en", ja.Class)
		out = append(out, []string{
			w("quality." + string(ja.Half)), w("quality.class." + ja.Class),
			strconv.Itoa(ja.Wanted), number(ja.Precision()), number(ja.Recall()),
			strconv.Itoa(en.Wanted), number(en.Precision()), number(en.Recall()),
		})
	}
	return out
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// width is how many columns a terminal gives a text: Japanese letters take two.
func width(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c >= 0x2E80 {
			n++
		}
	}
	return n
}

// ParseHalf reads the name of a half; "both" gives "".
func ParseHalf(s string) (Half, bool) {
	h := Half(s)
	switch {
	case h == Shown, h == Held:
		return h, true
	}
	return "", s == "both"
}
