package bench_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"isac/internal/bench"
	"isac/internal/locale"
)

// The real command at a tiny size: every figure is measured, and the keys that
// others read are there. What the figures are is no matter on a busy machine.
func TestCommandMeasuresEveryFigure(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the hub several times: for -short alone, which .ci/run never gives")
	}
	isacd := filepath.Join(t.TempDir(), "isacd")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", isacd, "isac/cmd/isacd").CombinedOutput()
	if err != nil {
		t.Fatalf("building the hub: %v\n%s", err, out)
	}
	var complaint bytes.Buffer
	c := exec.CommandContext(t.Context(), isacd, "bench", "--json", "--members", "20", "--rounds", "1", "--objects", "20000")
	c.Stderr = &complaint
	data, err := c.Output()
	if err != nil || complaint.Len() > 0 {
		t.Fatalf("isacd bench: %v\n%s", err, complaint.String())
	}
	var got map[string]any
	err = json.Unmarshal(data, &got)
	if err != nil {
		t.Fatalf("standard output holds more than one object: %v", err)
	}
	want := []string{"go", "cpus", "rounds", "members", "organisations", "report_bytes", "alert_bytes"}
	for _, name := range bench.Names() {
		for _, key := range []string{"value", "yardstick", "ratio", "target"} {
			want = append(want, name+"_"+key)
			if n, ok := got[name+"_"+key].(float64); !ok || n <= 0 {
				t.Errorf("%s_%s is %v, want a number above 0", name, key, got[name+"_"+key])
			}
		}
		want = append(want, name+"_holds", name+"_unit")
	}
	slices.Sort(want)
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) {
		t.Errorf("keys are\n%v, want\n%v", keys, want)
	}
	if got["members"] != 20.0 || got["organisations"] != 8182.0 {
		t.Errorf("measured with %v members of %v, want 20 of the whole sector", got["members"], got["organisations"])
	}
}

func TestFiguresThatIssuesName(t *testing.T) {
	want := []string{"validate", "anonymize", "ready", "held", "gate", "gatejson", "needles", "receipt", "receipt16", "fanout", "reconnect", "memory", "start", "replay", "taxii100", "taxii1000", "taxiiflat", "taxiiid", "taxiiwalk", "taxiimemory", "lookup", "bulk", "csv", "csvmemory"}
	if !slices.Equal(bench.Names(), want) {
		t.Errorf("figures are %v, want %v", bench.Names(), want)
	}
}

func TestSizesOutOfRangeAreRefused(t *testing.T) {
	for _, n := range []int{-1, 19, 13_001} {
		_, err := bench.Run(t.Context(), bench.Options{Members: n})
		if err == nil {
			t.Errorf("%d members: no error", n)
		}
	}
}

func TestOnlyWhatIsWantedIsMeasured(t *testing.T) {
	r, err := bench.Run(t.Context(), bench.Options{Members: 20, Rounds: 1, Only: []string{"validate"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Figures) != 1 || r.Figures[0].Name != "validate" {
		t.Errorf("figures are %v, want validate alone", r.Figures)
	}
	_, err = bench.Run(t.Context(), bench.Options{Members: 20, Only: []string{"speed"}})
	if !errors.Is(err, bench.ErrFigure) {
		t.Errorf("an unknown figure: %v, want ErrFigure", err)
	}
}

func BenchmarkReplay(b *testing.B) {
	for b.Loop() {
		r, err := bench.Run(b.Context(), bench.Options{Members: 20, Rounds: 5, Only: []string{"replay"}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.Figure("replay").Ratio, "of-raw-inserts")
		b.ReportMetric(r.Figure("replay").Value, "rows/s")
	}
}

func TestTablesTellEveryFigureInBothLanguages(t *testing.T) {
	r := bench.Result{Go: "go1.26", CPUs: 2, Rounds: 7, Members: 2000, Organisations: 8182, ReportBytes: 30_400, AlertBytes: 84_000}
	for _, name := range bench.Names() {
		r.Figures = append(r.Figures, bench.Figure{Name: name, Unit: "ms", Value: 12.34, Yardstick: 2468, Ratio: 0.005, Target: bench.Target{Limit: 0.025, AtLeast: true}})
	}
	for _, lang := range locale.Languages {
		words := func(key string, args ...string) string {
			if !locale.Has(key) {
				t.Errorf("%s has no text", key)
			}
			return locale.Text(lang, key, args...)
		}
		var table, markdown strings.Builder
		if err := r.Table(&table, words); err != nil {
			t.Fatal(err)
		}
		if err := r.Markdown(&markdown, words); err != nil {
			t.Fatal(err)
		}
		for _, name := range bench.Names() {
			row := "| " + words("bench."+name) + " | 12.3 ms | " + words("bench."+name+".yardstick") + ": 2468 ms | 0.005 | ≥ 0.025 | " + words("bench.no") + " |\n"
			if !strings.Contains(markdown.String(), row) {
				t.Errorf("no row\n%sin\n%s", row, markdown.String())
			}
			if !strings.Contains(table.String(), words("bench."+name)) {
				t.Errorf("%s isn't in the table", name)
			}
		}
	}
}

// The note speaks of what was made, whichever figures are asked for.
func TestTheNoteTellsWhatWasMade(t *testing.T) {
	words := func(key string, args ...string) string { return locale.Text("en", key, args...) }
	for want, r := range map[string]bench.Result{
		"8182; medians": {},
		"8182; a report of 50 objects and 30 KB; medians":                                                   {ReportBytes: 30_400},
		"8182; an alert of 84 KB; medians":                                                                  {AlertBytes: 84_000},
		"8182; TAXII serves 20000 objects; medians":                                                         {Objects: 20_000},
		"8182; a report of 50 objects and 30 KB; an alert of 84 KB; TAXII serves 20000 objects; medians of": {ReportBytes: 30_400, AlertBytes: 84_000, Objects: 20_000},
	} {
		r.Organisations = 8182
		var out strings.Builder
		if err := r.Table(&out, words); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %s, %v", want, out.String(), err)
		}
	}
}

// A target holds at its limit and not beyond, for the ratio or the value.
func TestTargetsHoldAtTheirLimits(t *testing.T) {
	for _, c := range []struct {
		figure bench.Figure
		want   bool
	}{
		{bench.Figure{Ratio: 0.6, Value: 9, Target: bench.Target{Limit: 0.6, AtLeast: true}}, true},
		{bench.Figure{Ratio: 0.59, Value: 9, Target: bench.Target{Limit: 0.6, AtLeast: true}}, false},
		{bench.Figure{Ratio: 1.3, Value: 9, Target: bench.Target{Limit: 1.3}}, true},
		{bench.Figure{Ratio: 1.31, Value: 1, Target: bench.Target{Limit: 1.3}}, false},
		{bench.Figure{Ratio: 400, Value: 25, Target: bench.Target{Limit: 25, OfValue: true}}, true},
		{bench.Figure{Ratio: 0.1, Value: 25.1, Target: bench.Target{Limit: 25, OfValue: true}}, false},
	} {
		if c.figure.Holds() != c.want {
			t.Errorf("ratio %v, value %v, target %+v: holds %v", c.figure.Ratio, c.figure.Value, c.figure.Target, !c.want)
		}
	}
}
