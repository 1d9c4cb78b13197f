// Package quality measures how well facts are read from prose: publicly known
// incidents, retold in invented reports in Japanese and English, each beside the
// facts that its text states.
//
// The reports are in incidents/, one file for each incident. Names of victims,
// people and hosts are invented; "public" says which case a report is told after.
// Half of the set is held out: nobody who works on reading prose looks at it, and
// the package tells of that half counts and nothing else. An incident's half never
// changes; a new one goes to the smaller half, to the shown one where they are even.
//
// The package trusts its files.
//
//	set, err := quality.Load()
//	result, err := quality.Measure(set)
//	for _, row := range result.Rows {
//		fmt.Println(row.Half, row.Lang, row.Class, row.Precision(), row.Recall())
//	}
package quality

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

//go:embed incidents/*.toml
var files embed.FS

// Half is one of the two parts of the set.
type Half string

// The halves.
const (
	Shown Half = "shown"
	Held  Half = "held"
)

// Classes are the classes of facts that are measured, in their order.
func Classes() []hub.Class {
	return []hub.Class{hub.Technique, hub.Route, hub.Weakness, hub.CVE, hub.Family, hub.Group, hub.Tool, hub.Impact}
}

// Incident is one file: the same case told twice, by two different reporters.
type Incident struct {
	Slug   string `toml:"-"`
	Title  string `toml:"title"`
	Public string `toml:"public"` // what is publicly known, in one line
	Held   bool   `toml:"held_out"`
	JA     Told   `toml:"ja"`
	EN     Told   `toml:"en"`
}

// Told is one report with its answers, each as "class:value" or
// "class:value:confidence".
type Told struct {
	Text  string   `toml:"text"`
	Facts []string `toml:"facts"` // what the text states
	Open  []string `toml:"open"`  // what may be read or not: neither right nor wrong
}

// answer is one entry of Facts or Open.
type answer struct {
	class      hub.Class
	value      string
	confidence hub.Confidence // "" where it isn't judged
}

// Load reads and checks the set, in the order of its file names.
func Load() ([]Incident, error) {
	names, err := fs.Glob(files, "incidents/*.toml")
	if err != nil {
		return nil, fmt.Errorf("listing incidents: %w", err)
	}
	words := vocab.Default(profile.HealthcareJP())
	var set []Incident
	for _, name := range names {
		in, err := read(name, words)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		set = append(set, in)
	}
	return set, nil
}

func read(name string, words *vocab.Vocab) (Incident, error) {
	in := Incident{Slug: strings.TrimSuffix(path.Base(name), ".toml")}
	meta, err := toml.DecodeFS(files, name, &in)
	if err != nil {
		return in, err
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return in, fmt.Errorf("unknown key %s", extra[0])
	}
	if in.Title == "" || in.Public == "" {
		return in, fmt.Errorf("no title or no public case")
	}
	for _, t := range []Told{in.JA, in.EN} {
		if t.Text == "" || len(t.Facts) == 0 {
			return in, fmt.Errorf("a language has no text or no facts")
		}
		_, err := t.answers(words)
		if err != nil {
			return in, err
		}
	}
	return in, nil
}

// answers parses and checks facts and open ones; the bool is true for facts.
func (t Told) answers(words *vocab.Vocab) (map[bool][]answer, error) {
	out, seen := map[bool][]answer{}, map[string]bool{}
	for i, s := range slices.Concat(t.Facts, t.Open) {
		a, err := parse(s, words)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", s, err)
		}
		key := string(a.class) + ":" + a.value
		if seen[key] {
			return nil, fmt.Errorf("%q is there twice", key)
		}
		seen[key] = true
		wanted := i < len(t.Facts)
		out[wanted] = append(out[wanted], a)
	}
	return out, nil
}

func parse(s string, words *vocab.Vocab) (answer, error) {
	part := strings.Split(s, ":")
	if len(part) < 2 || len(part) > 3 {
		return answer{}, fmt.Errorf("not class:value or class:value:confidence")
	}
	a := answer{class: hub.Class(part[0]), value: part[1]}
	if len(part) == 3 {
		a.confidence = hub.Confidence(part[2])
		if a.confidence.Score() == 0 {
			return a, fmt.Errorf("no such confidence")
		}
	}
	if !slices.Contains(Classes(), a.class) {
		return a, fmt.Errorf("no class that is measured")
	}
	if !known(a, words) {
		return a, fmt.Errorf("not in the vocabulary")
	}
	return a, nil
}

// known reports whether the value is written as the vocabulary writes it.
func known(a answer, words *vocab.Vocab) bool {
	canonical, ok := "", false
	switch a.class {
	case hub.Technique:
		var t vocab.Technique
		t, ok = words.Technique(a.value)
		canonical = t.ID
	case hub.CVE:
		canonical, ok = vocab.CVE(a.value)
	default:
		canonical, ok = words.Canonical(a.class, a.value)
	}
	return ok && canonical == a.value
}
