package attack

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Words gives the texts of a table; see the locale files, attack.*.
type Words func(key string, args ...string) string

// Table writes the figures for a terminal.
func (r Result) Table(out io.Writer, w Words) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, rows := range r.tables(w) {
		for _, row := range rows {
			fmt.Fprintln(t, strings.Join(row, "\t"))
		}
		fmt.Fprintln(t)
	}
	err := t.Flush()
	if err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return r.note(out, w)
}

// Markdown writes the figures as tables of a document.
func (r Result) Markdown(out io.Writer, w Words) error {
	for _, rows := range r.tables(w) {
		for i, row := range rows {
			fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(out, "|%s\n", strings.Repeat("---|", len(row)))
			}
		}
		fmt.Fprintln(out)
	}
	return r.note(out, w)
}

// note says what was attacked.
func (r Result) note(out io.Writer, w Words) error {
	_, err := fmt.Fprintln(out, w("attack.note", strconv.FormatUint(r.Seed, 10), strconv.Itoa(r.Incidents), percent(r.Held)))
	if err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return nil
}

// tables are one for each group of adversaries, and one of the facts, heads first.
func (r Result) tables(w Words) [][][]string {
	var out [][][]string
	for _, group := range []string{"unaided", "insider", "aided"} {
		head := []string{w("attack." + group)}
		for _, m := range r.Members {
			head = append(head, w("attack.members", strconv.Itoa(m)))
		}
		head = append(head, w("attack.bound"), w("attack.verdict"))
		table := [][]string{head}
		for _, same := range r.alike(group) {
			line := []string{w("attack."+same[0].Name, same[0].Detail)}
			for _, row := range same {
				line = append(line, row.cell())
			}
			table = append(table, append(line, same[0].limit(w), w("attack."+string(worst(same)))))
		}
		out = append(out, table)
	}
	facts := [][]string{{w("attack.facts"), w("attack.stated"), w("attack.kept"), w("attack.target"), w("attack.verdict")}}
	for _, row := range r.Facts {
		facts = append(facts, []string{
			w("attack.facts." + row.Name), strconv.Itoa(row.Tries), percent(row.Rate) + " [" + percent(row.Low) + ", " + percent(row.High) + "]",
			row.aim(), w("attack." + string(row.Verdict)),
		})
	}
	return append(out, facts)
}

// alike are the rows of a group, those of one adversary over all sectors together.
func (r Result) alike(group string) [][]Row {
	var out [][]Row
	for _, row := range r.Rows {
		if row.Group != group {
			continue
		}
		i := slices.IndexFunc(out, func(same []Row) bool { return same[0].Name == row.Name && same[0].Detail == row.Detail })
		if i < 0 {
			out = append(out, []Row{row})
			continue
		}
		out[i] = append(out[i], row)
	}
	return out
}

// cell writes one figure.
func (r Row) cell() string {
	if r.Tries == 0 {
		return "–"
	}
	interval := " [" + share(r.Low) + ", " + share(r.High) + "]"
	switch {
	case r.Group == "aided":
		return share(r.With) + " − " + share(r.Bare) + " = " + share(r.Rate) + interval
	case r.Equal:
		return share(r.Rate) + interval + " ≤ " + share(r.Bound)
	}
	return share(r.Rate) + interval
}

// limit writes the bound that is the same in every sector.
func (r Row) limit(w Words) string {
	switch {
	case r.Equal:
		return w("attack.remain")
	case r.Bound == 1:
		return w("attack.none")
	case r.Bound == 0:
		return "0"
	}
	return "≤ " + share(r.Bound)
}

// aim writes the target of a share of facts, if there is one.
func (r Row) aim() string {
	if r.Bound == 0 {
		return "–"
	}
	return "≥ " + percent(r.Bound)
}

func worst(rows []Row) Verdict {
	out := Holds
	for _, r := range rows {
		if r.Verdict == Fails || r.Verdict == Open && out == Holds {
			out = r.Verdict
		}
	}
	return out
}

// share writes a number with three digits behind the point.
func share(x float64) string {
	if x == 0 {
		return "0"
	}
	return strings.Replace(strconv.FormatFloat(x, 'f', 3, 64), "-", "−", 1)
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }
