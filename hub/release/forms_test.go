package release_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/notice"
	"isac/hub/release"
	"isac/internal/locale"
)

var writer = notice.Writer{Words: locale.Text, Zone: time.FixedZone("", 9*3600), Base: "https://hub.example.org", Hub: "Sector ISAC"}

func formsOf(bundle []byte) ([][]byte, []string, error) {
	return writer.Forms(analysis.Default(), bundle)
}

// TestOtherFormsPassTheGate: what mails and messages add of their own is no hit, though
// the report left out the day of the release, common words and small numbers.
func TestOtherFormsPassTheGate(t *testing.T) {
	r := newRoom(t)
	for _, stage := range []hub.Stage{hub.Flash, hub.Full} {
		p := r.params()
		p.Forms = formsOf
		g := r.gate
		g.LeftOut = []string{"2026-09-14", "2026年9月14日", "9月14日", "12:20", "1", "警報", "アドレス", "メール", "通知", "ハブ", "title", "section", "Sector", "urgent", "40床"}
		b, err := release.Build(r.a, r.open(t).approve(r.draft(t, stage, example())), p, g)
		if err != nil || !b.Valid() {
			t.Fatalf("%s: %v", stage, err)
		}
		r.store(t, b)
	}
}

// TestADayOfTheQuarterHoldsNoForm: whatever day of the year the report tells, forms are held
// only where the bundle is.
func TestADayOfTheQuarterHoldsNoForm(t *testing.T) {
	r := newRoom(t)
	built := 0
	for quarter := range 4 {
		facts := append(example(), hub.Fact{Class: hub.Quarter, Value: fmt.Sprintf("2026-Q%d", quarter+1), Confidence: hub.Confirmed, Confirmed: true})
		ok := r.open(t).approve(r.draft(t, hub.Full, facts))
		for month := range 3 {
			g := r.gate
			g.LeftOut = []string{fmt.Sprintf("2026-%02d-08T06:40:00", 3*quarter+month+1)}
			p := r.params()
			_, err := release.Build(r.a, ok, p, g)
			if err != nil {
				continue // the bundle itself tells it
			}
			built++
			p.Forms = formsOf
			_, err = release.Build(r.a, ok, p, g)
			if err != nil {
				t.Errorf("%s: %v", g.LeftOut, err)
			}
		}
	}
	if built < 9 {
		t.Errorf("only %d bundles went out", built)
	}
}

// TestAFormThatLeaksIsHeld: the bundle passes, something else made of it doesn't.
func TestAFormThatLeaksIsHeld(t *testing.T) {
	r := newRoom(t)
	ok := r.open(t).approve(r.draft(t, hub.Flash, example()))
	g := r.gate
	g.LeftOut = []string{"KOYUK-FS01"}
	p := r.params()
	p.Forms = func(bundle []byte) ([][]byte, []string, error) {
		forms, own, err := formsOf(bundle)
		return append(forms, []byte("seen at koyuk-fs01")), own, err
	}
	if b, err := release.Build(r.a, ok, p, g); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a mail with a value left out: %v, want held", err)
	}
	name := r.orgs[0].NameJA
	p.Forms = func([]byte) ([][]byte, []string, error) { return [][]byte{[]byte("被害は" + name)}, nil, nil }
	if b, err := release.Build(r.a, ok, p, r.gate); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a mail with a name: %v, want held", err)
	}
	p.Forms = formsOf
	if _, err := release.Build(r.a, ok, p, g); err != nil {
		t.Errorf("the same without: %v", err)
	}
}

// TestNoticesOfReleasedAlerts: a mail has the flash's sentences and nothing that a program
// opens; a payload says the same; nothing is more than one line where a header is.
func TestNoticesOfReleasedAlerts(t *testing.T) {
	r := newRoom(t)
	b, err := release.Build(r.a, r.open(t).approve(r.draft(t, hub.Full, example())), r.params(), r.gate)
	if err != nil {
		t.Fatal(err)
	}
	n, err := notice.Of(analysis.Default(), b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"ja", "en"} {
		m := writer.Alert(n, lang)
		for _, want := range []string{"VPN", "FortiGate", "https://hub.example.org/alerts/" + b.Alert().ID, map[string]string{"ja": "■ 今日すること", "en": "■ Do today"}[lang]} {
			if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, strings.TrimPrefix(want, "■ ")) {
				t.Errorf("%s: no %q in\n%s", lang, want, m.Text)
			}
		}
		all := []string{m.Text, m.HTML, m.Subject}
		for _, f := range notice.Formats() {
			all = append(all, string(writer.Payload(n, f, lang)))
		}
		digest := writer.Digest([]notice.Notice{n, n}, start, lang)
		all = append(all, digest.Text, digest.HTML, digest.Subject)
		for _, text := range all {
			for _, f := range example() {
				if f.Class == hub.Indicator && strings.Contains(text, f.Value) {
					t.Errorf("%s: a live indicator %s", lang, f.Value)
				}
			}
		}
		if strings.ContainsAny(m.Subject+m.ID+digest.Subject+digest.ID, "\r\n") || strings.Count(digest.Text, "https://hub.example.org/alerts/") != 2 {
			t.Errorf("%s: subject %q", lang, m.Subject)
		}
	}
}

// TestNoWordOfAFormHolds: whatever word of a form a report has left out, the alert goes out
// if its bundle does.
func TestNoWordOfAFormHolds(t *testing.T) {
	r := newRoom(t)
	ok := r.open(t).approve(r.draft(t, hub.Flash, example()))
	b, err := release.Build(r.a, ok, r.params(), r.gate)
	if err != nil {
		t.Fatal(err)
	}
	forms, _, err := formsOf(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, form := range forms {
		for _, word := range strings.FieldsFunc(string(form), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if seen[word] || bytes.Contains(b.Bytes(), []byte(word)) {
				continue
			}
			seen[word] = true
			p, g := r.params(), r.gate
			p.Forms, g.LeftOut = formsOf, []string{word}
			if _, err := release.Build(r.a, ok, p, g); err != nil {
				t.Errorf("%q: %v", word, err)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d words were tried", len(seen))
	}
}
