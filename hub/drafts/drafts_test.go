package drafts_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"isac/hub"
	"isac/hub/drafts"
	"isac/hub/form"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
	"isac/internal/locale"
)

var update = flag.Bool("update", false, "write what comes out into the cases")

var (
	sector = profile.HealthcareJP()
	words  = vocab.Default(sector)
	now    = time.Date(2026, 11, 5, 3, 0, 0, 0, time.UTC)
	here   = sector.Clocks.Location()
)

func say(lang string) drafts.Say {
	return func(key string, args ...string) string { return locale.Text(lang, key, args...) }
}

func report(t *testing.T, a form.Answers) drafts.Report {
	t.Helper()
	data, _, err := form.Build(a, words, hub.Organisation{ID: "X1", NameJA: "北の川総合病院"}, now, bytes.NewReader(bytes.Repeat([]byte{7}, 16)))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, data)
}

func read(t *testing.T, data []byte) drafts.Report {
	t.Helper()
	b, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return drafts.Read(b, words)
}

func fill(t *testing.T, name string, r drafts.Report, c drafts.Clock, lang string) drafts.Draft {
	t.Helper()
	f, ok := drafts.Named(name)
	if !ok {
		t.Fatalf("no form %s", name)
	}
	return drafts.Fill(f, r, c, lang, sector, now)
}

// Each case is a report, and every form of it in both languages: testdata/*.txtar.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) < 2 {
		t.Fatal(len(cases), err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil || len(a.Files) == 0 || a.Files[0].Name != "report.json" {
				t.Fatal("want report.json first", err)
			}
			if len(bytes.TrimSpace(a.Comment)) == 0 {
				t.Fatal("want a sentence why")
			}
			r := read(t, a.Files[0].Data)
			out := &txtar.Archive{Comment: a.Comment, Files: a.Files[:1:1]}
			for _, lang := range locale.Languages {
				for _, name := range drafts.Names() {
					d := fill(t, name, r, drafts.Clock{Start: r.Created, Said: lang == "ja"}, lang)
					out.Files = append(out.Files, txtar.File{Name: name + "." + lang, Data: []byte(d.Text(here, say(lang)))})
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(out), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(a)), string(txtar.Format(out))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Days count from the day of knowing as the first, in the sector's clock; only last days
// of final reports move off days on which nobody works.
func TestDeadlines(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, here)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, x := range []struct{ known, id, from, by string }{
		{"2026-10-27 23:59", "preliminary", "2026-10-29", "2026-10-31"}, // a Saturday stays
		{"2026-10-28 00:00", "preliminary", "2026-10-30", "2026-11-01"},
		{"2026-10-27 06:00", "final-30", "2026-11-25", "2026-11-25"},
		{"2026-10-25 06:00", "final-30", "2026-11-24", "2026-11-24"}, // the 23rd is a holiday, a Monday
		{"2026-11-01 06:00", "final-60", "2027-01-04", "2027-01-04"}, // 30 December: over the new year and a Sunday
		{"2026-03-05 06:00", "final-60", "2026-05-07", "2026-05-07"}, // 3 May: Golden Week
		{"2026-10-26 06:00", "final-60", "2026-12-24", "2026-12-24"},
	} {
		d := fill(t, "personal-data", drafts.Report{}, drafts.Clock{Start: day(x.known).UTC()}, "en")
		found := false
		for _, due := range d.Deadlines {
			if due.ID == x.id {
				found = true
				if got := [2]string{due.From.Format(time.DateOnly), due.By.Format(time.DateOnly)}; got != [2]string{x.from, x.by} {
					t.Errorf("known on %s, %s: %v, want %s to %s", x.known, x.id, got, x.from, x.by)
				}
			}
		}
		if !found {
			t.Errorf("no deadline %s", x.id)
		}
	}
	d := fill(t, "personal-data", drafts.Report{}, drafts.Clock{Start: day("2026-10-31 00:00")}, "en")
	if d.Deadlines[0].Over { // the last day is 4 November, now is the 5th, 12:00
		return
	}
	t.Error("a day that has passed isn't told as such")
}

func TestHolidaysThatAreNotKnown(t *testing.T) {
	if d := fill(t, "personal-data", drafts.Report{}, drafts.Clock{Start: now.AddDate(20, 0, 0)}, "ja"); !d.Blind {
		t.Error("deadlines of 2046 are told as sure")
	}
}

// What nothing in the report answers is open, and a report without anything leaves all.
func TestOpenFields(t *testing.T) {
	for _, name := range drafts.Names() {
		d := fill(t, name, drafts.Read(stix.Bundle{}, words), drafts.Clock{Start: now}, "ja")
		if d.Open != len(d.Rows) {
			t.Errorf("%s: %d of %d are open", name, d.Open, len(d.Rows))
		}
		d = fill(t, name, drafts.Read(stix.Bundle{}, words).Of("北の川総合病院"), drafts.Clock{Start: now}, "ja")
		if d.Open != len(d.Rows)-1 || d.Rows[0].Value != "北の川総合病院" {
			t.Errorf("%s: the name of the organisation isn't taken", name)
		}
	}
}

// A value is text: markup isn't obeyed by a browser, signs not by a terminal.
func TestValuesAreText(t *testing.T) {
	r := report(t, form.Answers{Seen: "<script>alert(1)</script> \x1b[2Jと表示", Stopped: "=cmd|'/C calc'!A0"})
	d := fill(t, "ransomware", r, drafts.Clock{Start: now}, "ja")
	html, err := d.HTML(here, say("ja"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html, "<script>alert") || !strings.Contains(html, "&lt;script&gt;alert") {
		t.Error("a value is markup")
	}
	if text := d.Text(here, say("ja")); strings.Contains(text, "\x1b") || !strings.Contains(text, "=cmd|'/C calc'!A0") {
		t.Error("a value of the text isn't as it was, or a terminal obeys it")
	}
	for _, lang := range locale.Languages {
		for _, name := range drafts.Names() {
			d := fill(t, name, r, drafts.Clock{Start: now}, lang)
			html, err := d.HTML(here, say(lang))
			if err != nil || strings.Contains(html, "drafts.") || strings.Contains(d.Text(here, say(lang)), "drafts.") {
				t.Errorf("%s in %s lacks a text: %v", name, lang, err)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	const good = `id = "x"
title = { ja = "題", en = "t" }
to = { ja = "題", en = "t" }
starts = { ja = "題", en = "t" }
[[deadlines]]
id = "d"
label = { ja = "題", en = "t" }
note = { ja = "題", en = "t" }
days = [3, 5]
[[fields]]
id = "f"
label = { ja = "題", en = "t" }
from = ["seen"]
`
	if _, err := drafts.Load([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		`from = ["seen"]`: `from = ["name"]`, `days = [3, 5]`: `days = [5, 3]`, `id = "x"`: `id = "X Y"`,
		`en = "t"`: `de = "t"`, `id = "f"`: ``, `[[fields]]`: `[[field]]`,
	} {
		if _, err := drafts.Load([]byte(strings.Replace(good, from, to, 1))); err == nil {
			t.Errorf("%s in place of %s is taken", to, from)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("脅迫文が出た。拡張子は .locked。", "en", "[a:b = 'c']")
	f.Fuzz(func(t *testing.T, text, lang, pattern string) {
		data, err := stix.Marshal(stix.Object{"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": []any{
			stix.Object{"type": "incident", "id": "incident--00000000-0000-4000-8000-000000000000", "description": text, "lang": lang},
			stix.Object{"type": "indicator", "id": "indicator--00000000-0000-4000-8000-000000000000", "pattern": pattern},
		}})
		if err != nil {
			return
		}
		b, err := stix.ParseBundle(data, stix.DefaultLimits())
		if err != nil {
			return
		}
		form, _ := drafts.Named("ransomware")
		d := drafts.Fill(form, drafts.Read(b, words), drafts.Clock{Start: now}, "ja", sector, now)
		if _, err := d.HTML(here, say("ja")); err != nil {
			t.Error(err)
		}
	})
}
