package quality

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// sectorSize is how many invented organisations the list has. No victim of the set
// is among them: what is measured is the reading.
const sectorSize = 200

// Result is one measurement: a row for each half, language and class, one over all
// classes ("all") after them, and what went wrong in the shown half.
type Result struct {
	Incidents int    `json:"incidents"`
	Rows      []Row  `json:"rows"`
	Misses    []Miss `json:"misses"`
}

// Row counts facts of one class. A technique found where its parent or one of its
// sub-techniques is wanted is half right, for precision and for recall.
type Row struct {
	Half   Half    `json:"half"`
	Lang   string  `json:"lang"`
	Class  string  `json:"class"`
	Wanted int     `json:"wanted"`
	Found  int     `json:"found"` // open ones are not counted
	Right  float64 `json:"right"`
	// Sure counts right facts whose confidence the answers give, SureRight those of
	// them that were found with it.
	Sure      int `json:"sure"`
	SureRight int `json:"sure_right"`
}

// All is the class of the row over all classes.
const All = "all"

// Precision is the part of what was found that is right; 1 where nothing was found.
func (r Row) Precision() float64 { return part(r.Right, r.Found) }

// Recall is the part of what is wanted that was found; 1 where nothing is wanted.
func (r Row) Recall() float64 { return part(r.Right, r.Wanted) }

func part(right float64, of int) float64 {
	if of == 0 {
		return 1
	}
	return right / float64(of)
}

func (r *Row) add(o Row) {
	r.Wanted, r.Found, r.Right = r.Wanted+o.Wanted, r.Found+o.Found, r.Right+o.Right
	r.Sure, r.SureRight = r.Sure+o.Sure, r.SureRight+o.SureRight
}

// MarshalJSON adds the two quotients.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	return json.Marshal(struct {
		plain
		Precision float64 `json:"precision"`
		Recall    float64 `json:"recall"`
	}{plain(r), r.Precision(), r.Recall()})
}

// Miss is one fact of the shown half that was not found, found without being there,
// found as its parent or child ("near"), or found with another confidence.
type Miss struct {
	Slug string `json:"incident"`
	Lang string `json:"lang"`
	Kind string `json:"kind"` // "missed", "wrong", "near", "confidence"
	Fact string `json:"fact"`
}

// Row returns a row, the zero value where there is none.
func (r Result) Row(half Half, lang, class string) Row {
	for _, row := range r.Rows {
		if row.Half == half && row.Lang == lang && row.Class == class {
			return row
		}
	}
	return Row{}
}

// Only keeps one half.
func (r Result) Only(half Half) Result {
	r.Rows = slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.Half != half })
	if half != Shown {
		r.Misses = []Miss{}
	}
	return r
}

type meter struct {
	words *vocab.Vocab
	stage *anonymize.Anonymizer
	rows  map[Row]*Row // by half, language and class
	out   Result
}

// Measure reads every text as the description of an incident, as if its reporter had
// confirmed all that is read, and compares.
func Measure(set []Incident) (Result, error) {
	list, err := register.New(synthetic.Register(sectorSize, 4))
	if err != nil {
		return Result{}, fmt.Errorf("making the sector: %w", err)
	}
	p := profile.HealthcareJP()
	m := meter{words: vocab.Default(p), rows: map[Row]*Row{}}
	m.stage = anonymize.New(anonymize.Config{
		Register: register.NewIndex(list), RegisterDigest: list.Digest(), Profile: p, Vocab: m.words,
	})
	m.out = Result{Incidents: len(set), Misses: []Miss{}}
	for _, in := range set {
		for _, lang := range []string{"ja", "en"} {
			err := m.measure(in, lang)
			if err != nil {
				return Result{}, fmt.Errorf("measuring %s, %s: %w", in.Slug, lang, err)
			}
		}
	}
	m.sum()
	return m.out, nil
}

func (m *meter) measure(in Incident, lang string) error {
	told := in.JA
	if lang == "en" {
		told = in.EN
	}
	answers, err := told.answers(m.words)
	if err != nil {
		return err
	}
	found, err := m.read(in.Slug, lang, told.Text)
	if err != nil {
		return err
	}
	half := Shown
	if in.Held {
		half = Held
	}
	for _, class := range Classes() {
		row, misses := compare(of(answers[true], class), of(answers[false], class), of(found, class))
		m.row(half, lang, string(class)).add(row)
		if half == Held {
			continue // counts only, or somebody will tune on it
		}
		for _, miss := range misses {
			m.out.Misses = append(m.out.Misses, Miss{in.Slug, lang, miss.Kind, miss.Fact})
		}
	}
	return nil
}

func (m *meter) row(half Half, lang, class string) *Row {
	key := Row{Half: half, Lang: lang, Class: class}
	if m.rows[key] == nil {
		fresh := key
		m.rows[key] = &fresh
	}
	return m.rows[key]
}

// sum puts the rows in order, with one over all classes.
func (m *meter) sum() {
	for _, half := range []Half{Shown, Held} {
		for _, lang := range []string{"ja", "en"} {
			all := Row{Half: half, Lang: lang, Class: All}
			for _, class := range Classes() {
				row := m.row(half, lang, string(class))
				all.add(*row)
				m.out.Rows = append(m.out.Rows, *row)
			}
			m.out.Rows = append(m.out.Rows, all)
		}
	}
}

func of(list []answer, class hub.Class) []answer {
	return slices.DeleteFunc(slices.Clone(list), func(a answer) bool { return a.class != class })
}

// received is when the reports arrive: after all that they tell.
var received = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// read gives the facts that the pure path reads from a text.
func (m *meter) read(slug, lang, text string) ([]answer, error) {
	report, err := json.Marshal(map[string]any{
		"type": "bundle", "id": stix.NameID("bundle", "quality "+slug+lang),
		"objects": []any{map[string]any{
			"type": "incident", "spec_version": "2.1", "id": stix.NameID("incident", "quality "+slug+lang),
			"created": "2026-10-31T00:00:00.000Z", "modified": "2026-10-31T00:00:00.000Z", "lang": lang,
			"name": "Incident", "description": text,
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("writing report: %w", err)
	}
	bundle, err := stix.ParseBundle(report, stix.Limits{})
	if err != nil {
		return nil, fmt.Errorf("reading report: %w", err)
	}
	pair, err := m.stage.Draft(anonymize.Input{
		Bundle: bundle, Answers: anonymize.Answers{AllConfirmed: true}, Random: chance(slug + lang), Received: received,
	})
	if err != nil {
		return nil, fmt.Errorf("anonymizing: %w", err)
	}
	var out []answer
	for _, f := range pair.Full.Body().Facts {
		out = append(out, answer{f.Class, f.Value, f.Confidence})
	}
	return out, nil
}

// chance is the same for the same text, so that a measurement can be repeated.
func chance(key string) *rand.ChaCha8 {
	var seed [32]byte
	copy(seed[:], key)
	binary.LittleEndian.PutUint32(seed[28:], uint32(len(key)))
	return rand.NewChaCha8(seed)
}

// compare counts one class of one text.
func compare(wanted, open, found []answer) (Row, []Miss) {
	row := Row{Wanted: len(wanted)}
	var misses []Miss
	note := func(kind string, a answer) { misses = append(misses, Miss{Kind: kind, Fact: a.text()}) }
	wanted, found = slices.Clone(wanted), slices.Clone(found)
	missed, rest := match(wanted, found, same, func(w, f answer) {
		row.Found, row.Right = row.Found+1, row.Right+1
		if w.confidence == "" {
			return
		}
		row.Sure++
		if w.confidence == f.confidence {
			row.SureRight++
		} else {
			note("confidence", f)
		}
	})
	// What says no more than another right answer, or is open, counts neither way.
	rest = slices.DeleteFunc(rest, func(f answer) bool {
		return slices.ContainsFunc(open, func(o answer) bool { return same(o, f) || near(o, f) }) ||
			slices.ContainsFunc(wanted, func(w answer) bool { return near(w, f) && !slices.Contains(missed, w) })
	})
	missed, rest = match(missed, rest, near, func(w, f answer) {
		row.Found, row.Right = row.Found+1, row.Right+0.5
		note("near", f)
	})
	row.Found += len(rest)
	for _, a := range missed {
		note("missed", a)
	}
	for _, a := range rest {
		note("wrong", a)
	}
	return row, misses
}

// match pairs each wanted with at most one found and gives what stays alone.
func match(wanted, found []answer, fits func(w, f answer) bool, pair func(w, f answer)) (missed, rest []answer) {
	rest = found
	for _, w := range wanted {
		i := slices.IndexFunc(rest, func(f answer) bool { return fits(w, f) })
		if i < 0 {
			missed = append(missed, w)
			continue
		}
		pair(w, rest[i])
		rest = slices.Delete(slices.Clone(rest), i, i+1)
	}
	return missed, rest
}

func same(w, f answer) bool { return w.value == f.value }

// near reports whether one is the parent technique of the other.
func near(w, f answer) bool {
	return w.class == hub.Technique && (strings.HasPrefix(w.value, f.value+".") || strings.HasPrefix(f.value, w.value+"."))
}

func (a answer) text() string {
	s := string(a.class) + ":" + a.value
	if a.confidence != "" {
		s += ":" + string(a.confidence)
	}
	return s
}
