package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Result is one run. Its JSON is one flat object: what was measured on, and for each
// figure NAME_value, NAME_yardstick, NAME_ratio, NAME_target, NAME_holds, NAME_unit.
type Result struct {
	Go            string
	CPUs          int
	Rounds        int
	Members       int
	Objects       int // that TAXII serves, and indicators that are looked up; as the sizes, 0 where none are
	Organisations int
	ReportBytes   int // of the report that is anonymized and sent
	AlertBytes    int // of the alert that is fanned out
	Figures       []Figure
}

// Figure is one measured thing beside its yardstick.
type Figure struct {
	Name      string
	Unit      string // of Value and Yardstick
	Value     float64
	Yardstick float64
	Ratio     float64 // Value by Yardstick
	Target
}

// Target is what a figure must reach.
type Target struct {
	Limit   float64
	AtLeast bool // else at most
	OfValue bool // Value must, else Ratio
}

// plan holds the figures in their order.
var plan = []struct {
	name, unit string
	target     Target
}{
	{"validate", "objects/s", Target{0.025, true, false}},
	{"anonymize", "ms", Target{15, false, true}},
	{"ready", "ms", Target{1500, false, true}},
	{"held", "MB", Target{200, false, true}},
	{"gate", "MB/s", Target{0.2, true, false}},
	{"gatejson", "MB/s", Target{25, true, true}},
	{"needles", "ms", Target{1, false, true}},
	{"receipt", "/s", Target{0.6, true, false}},
	{"receipt16", "/s", Target{0.8, true, false}},
	{"fanout", "ms", Target{1.3, false, false}},
	{"reconnect", "ms", Target{1.5, false, false}},
	{"memory", "MB", Target{350, false, true}},
	{"start", "ms", Target{3000, false, true}},
	{"replay", "rows/s", Target{0.4, true, false}},
	{"taxii100", "/s", Target{3000, true, true}},
	{"taxii1000", "/s", Target{480, true, true}},
	{"taxiiflat", "/s", Target{0.8, true, false}},
	{"taxiiid", "/s", Target{8000, true, true}},
	{"taxiiwalk", "objects/s", Target{300_000, true, true}},
	{"taxiimemory", "MB", Target{100, false, true}},
	{"lookup", "ms", Target{3, false, true}},
	{"bulk", "ms", Target{150, false, true}},
	{"csv", "ms", Target{5000, false, true}},
	{"csvmemory", "MB", Target{100, false, true}},
}

// Names are the names of all figures, in order.
func Names() []string {
	var out []string
	for _, p := range plan {
		out = append(out, p.name)
	}
	return out
}

func figure(name string, value, yardstick float64) Figure {
	f := Figure{Name: name, Value: value, Yardstick: yardstick}
	if yardstick > 0 {
		f.Ratio = value / yardstick
	}
	for _, p := range plan {
		if p.name == name {
			f.Unit, f.Target = p.unit, p.target
		}
	}
	return f
}

// Holds reports whether the target is reached.
func (f Figure) Holds() bool {
	x := f.Ratio
	if f.OfValue {
		x = f.Value
	}
	if f.AtLeast {
		return x >= f.Limit
	}
	return x <= f.Limit
}

// Figure returns a figure by name, the zero value where there is none.
func (r Result) Figure(name string) Figure {
	for _, f := range r.Figures {
		if f.Name == name {
			return f
		}
	}
	return Figure{}
}

// MarshalJSON writes the flat object, keys in alphabetical order.
func (r Result) MarshalJSON() ([]byte, error) {
	out := map[string]any{
		"go": r.Go, "cpus": r.CPUs, "rounds": r.Rounds, "members": r.Members, "organisations": r.Organisations,
		"report_bytes": r.ReportBytes, "alert_bytes": r.AlertBytes,
	}
	for _, f := range r.Figures {
		out[f.Name+"_value"], out[f.Name+"_yardstick"], out[f.Name+"_ratio"] = f.Value, f.Yardstick, f.Ratio
		out[f.Name+"_target"], out[f.Name+"_holds"], out[f.Name+"_unit"] = f.Limit, f.Holds(), f.Unit
	}
	return json.Marshal(out)
}

// Words gives the texts of a table: a figure's name and its yardstick's, the heads
// of the columns, "yes" and "no". See the locale files, bench.*.
type Words func(key string, args ...string) string

// row is a figure as people read it.
func (f Figure) row(w Words) []string {
	holds := w("bench.no")
	if f.Holds() {
		holds = w("bench.yes")
	}
	return []string{
		w("bench." + f.Name), short(f.Value) + unit(f.Unit),
		w("bench."+f.Name+".yardstick") + ": " + short(f.Yardstick) + unit(f.Unit),
		short(f.Ratio), f.target(), holds,
	}
}

func (f Figure) target() string {
	sign, of := "≤ ", ""
	if f.AtLeast {
		sign = "≥ "
	}
	if f.OfValue {
		of = unit(f.Unit)
	}
	return sign + strconv.FormatFloat(f.Limit, 'f', -1, 64) + of
}

func unit(u string) string {
	if strings.HasPrefix(u, "/") {
		return u
	}
	return " " + u
}

// short writes a number with three digits that count.
func short(x float64) string {
	switch {
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x >= 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'f', 3, 64)
}

func heads(w Words) []string {
	var out []string
	for _, k := range []string{"figure", "measured", "yardstick", "ratio", "target", "holds"} {
		out = append(out, w("bench."+k))
	}
	return out
}

// Table writes the figures for a terminal.
func (r Result) Table(out io.Writer, w Words) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(heads(w), "\t"))
	for _, f := range r.Figures {
		fmt.Fprintln(t, strings.Join(f.row(w), "\t"))
	}
	err := t.Flush()
	if err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return r.note(out, w)
}

// Markdown writes the figures as a table of a document.
func (r Result) Markdown(out io.Writer, w Words) error {
	columns := heads(w)
	fmt.Fprintf(out, "| %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, f := range r.Figures {
		fmt.Fprintf(out, "| %s |\n", strings.Join(f.row(w), " | "))
	}
	return r.note(out, w)
}

// note says what was measured on: of reports, alerts and objects only those that were made.
func (r Result) note(out io.Writer, w Words) error {
	made := ""
	for _, part := range []struct{ key, size string }{
		{"bench.note-report", kilobytes(r.ReportBytes)}, {"bench.note-alert", kilobytes(r.AlertBytes)}, {"bench.note-objects", strconv.Itoa(r.Objects)},
	} {
		if part.size != "0" {
			made += w(part.key, part.size)
		}
	}
	_, err := fmt.Fprintf(out, "\n%s\n", w("bench.note", r.Go, strconv.Itoa(r.CPUs), strconv.Itoa(r.Members), strconv.Itoa(r.Organisations), made, strconv.Itoa(r.Rounds)))
	if err != nil {
		return fmt.Errorf("writing table: %w", err)
	}
	return nil
}

func kilobytes(n int) string { return strconv.Itoa((n + 500) / 1000) }
