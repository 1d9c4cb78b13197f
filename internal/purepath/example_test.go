package purepath_test

import (
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"isac/hub/analysis"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/stix"
	"isac/internal/purepath"
)

var update = flag.Bool("update", false, "write the golden files anew")

const example = "testdata/example.txtar"

// reported is a report as a member sends it: the prose beside a few indicators.
func reported(t testing.TB, prose string) stix.Bundle {
	t.Helper()
	object := func(n byte, typ string, o stix.Object) stix.Object {
		o["type"], o["spec_version"], o["id"], o["created"], o["modified"] = typ, "2.1", stix.NewID(typ, [16]byte{n}), at, at
		return o
	}
	indicator := func(n byte, pattern string) stix.Object {
		return object(n, "indicator", stix.Object{
			"pattern": pattern, "pattern_type": "stix", "valid_from": at, "indicator_types": []any{"malicious-activity"},
		})
	}
	b, err := stix.BundleOf(map[string]any{"type": "bundle", "id": stix.NewID("bundle", [16]byte{1}), "objects": []any{
		object(2, "identity", stix.Object{"name": "羽瀬川みさき総合病院", "identity_class": "organization"}),
		object(3, "incident", stix.Object{"name": "羽瀬川みさき 電子カルテ停止", "description": prose}),
		object(4, "attack-pattern", stix.Object{
			"name": "External Remote Services", "external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": "T1133"}},
		}),
		indicator(5, "[ipv4-addr:value = '185.220.70.14']"),
		indicator(6, "[file:hashes.'SHA-256' = '4f1c6b0d9a35e27788c1d24e60fb39a5517c0e8d2b94a6f3e1d07c58b29a6e43']"),
		indicator(7, "[file:name = 'how_to_unlock_files.hta']"),
	}}, stix.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// page is what readers of the alert read, in both languages.
func page(t testing.TB, out purepath.Output) (ja, en string) {
	t.Helper()
	b, err := stix.ParseBundle(out.Alert, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range b.Objects {
		if o.Type() == "report" {
			a := out.Draft.Body().Analysis
			ja, en = a.Text("ja"), a.Text("en")
			if text := o.Str("description"); !strings.Contains(text, ja) || !strings.Contains(text, en) {
				t.Fatal("the alert doesn't hold the page of its draft")
			}
		}
	}
	return ja, en
}

func run(t testing.TB, in purepath.Input) purepath.Output {
	t.Helper()
	reg, err := register.New(synthetic.Register(60, 5))
	if err != nil {
		t.Fatal(err)
	}
	in.Register, in.Now, in.Random = reg, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), rand.NewChaCha8([32]byte{3})
	out, err := purepath.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// statements are the lines of a list, without comments.
func statements(list string) (out []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// TestTheExample takes the case from the member's prose, in either language, to the
// alert's text in both, which is golden, and wants every statement of the case in it.
func TestTheExample(t *testing.T) {
	ar, err := txtar.ParseFile(example)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range ar.Files {
		files[f.Name] = string(f.Data)
	}
	for _, lang := range []string{"ja", "en"} {
		ja, en := page(t, run(t, purepath.Input{
			Bundle: reported(t, files["report-"+lang]), Known: analysis.Known{Exploited: []string{"CVE-2018-13379"}},
		}))
		for as, have := range map[string]string{"ja": ja, "en": en} {
			want := statements(files["want-"+as])
			if len(want) < 40 {
				t.Fatalf("%d statements in want-%s", len(want), as)
			}
			for _, s := range want {
				if !strings.Contains(have, s) {
					t.Errorf("from the report in %s, the text in %s doesn't say %q", lang, as, s)
				}
			}
			name := "alert-" + as + "-from-" + lang
			if diff := cmp.Diff(files[name], have); diff != "" && !*update {
				t.Errorf("%s differs (-want +got); go test -update writes it:\n%s", name, diff)
			}
			files[name] = have
		}
	}
	if *update {
		writeExample(t, ar, files)
	}
}

func writeExample(t *testing.T, ar *txtar.Archive, files map[string]string) {
	t.Helper()
	out := txtar.Archive{Comment: ar.Comment}
	for _, name := range []string{
		"report-ja", "report-en", "want-ja", "want-en", "alert-ja-from-ja", "alert-en-from-ja", "alert-ja-from-en", "alert-en-from-en",
	} {
		out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(files[name])})
	}
	if err := os.WriteFile(example, txtar.Format(&out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTheLibraryOfDraftAndGate: an alert is written with the library given, and the
// gate takes its words for the hub's own: a left-out value that happens to stand in
// one of its sentences holds nothing and takes nothing away.
func TestTheLibraryOfDraftAndGate(t *testing.T) {
	actions, err := fs.ReadFile(analysis.Files(), "actions.toml")
	if err != nil {
		t.Fatal(err)
	}
	const own = "Ask the Tamarisk desk for a list of contractors."
	edited := strings.Replace(string(actions), `en = "List every connection to outside contractors and close those that stand open; open them only while they are used."`, `en = "`+own+`"`, 1)
	lib, err := analysis.Overlay(fstest.MapFS{"actions.toml": {Data: []byte(edited)}})
	if err != nil {
		t.Fatal(err)
	}
	prose := "The attackers came in through the contractor's connection. Contact: desk Tamarisk, extension 5128."
	for _, c := range []struct {
		lib  *analysis.Library
		want bool
	}{{lib, true}, {nil, false}} {
		out := run(t, purepath.Input{Bundle: reported(t, prose), Library: c.lib})
		if out.Alert == nil || strings.Contains(string(out.Alert), own) != c.want {
			t.Errorf("a library given: %v; want its sentence in the alert: %v", c.lib != nil, c.want)
		}
	}
}
