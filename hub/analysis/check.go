package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"isac/hub"
)

// pair is one text of a library, with where it stands.
type pair struct {
	at     string
	text   hub.Text
	clause bool // takes a confidence
	file   string
	key    string   // id or key in the file
	holds  []string // placeholders that are filled in it
}

// What is filled into texts: the words of the sector everywhere, other things where a
// text tells of one case.
var (
	ofSector = []string{"{noun}", "{sector}", "{contractors}"}
	ofCase   = append([]string{"{cves}", "{exploited}"}, ofSector...)
)

// placeholder is what fill puts something in for: {noun}, {cves}.
var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// places returns the placeholders of a text, each once, sorted. English has two
// spellings of the noun, with and without its article.
func places(text string) []string {
	var all []string
	for _, p := range placeholder.FindAllString(text, -1) {
		if p == "{a_noun}" {
			p = "{noun}"
		}
		all = append(all, p)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// check returns the first thing wrong with lib.
func (lib *Library) check() error {
	seen := map[string]bool{}
	for _, p := range lib.pairs() {
		if err := p.check(); err != nil {
			return &Fault{File: p.file, What: p.at + ": " + err.Error(), key: p.key}
		}
		if seen[p.at] {
			return &Fault{File: p.file, What: p.at + ": twice", key: p.key, twice: true}
		}
		seen[p.at] = true
	}
	for name, list := range lib.advice() {
		for _, a := range list {
			fault := &Fault{File: name, key: a.ID}
			switch {
			case name == actionFile && !slices.Contains([]string{"today", "week", "quarter"}, a.When):
				fault.What = fmt.Sprintf("action %s: want today, week or quarter", a.ID)
			case len(a.For) == 0 && !a.General:
				fault.What = a.ID + ": follows from nothing"
			default:
				continue
			}
			return fault
		}
	}
	return lib.checkWhole()
}

// checkWhole returns what lib lacks: pages need every fixed sentence, a kind that
// always fits, the words for a profile without its own, and questions that some fact
// can answer.
func (lib *Library) checkWhole() error {
	for key := range embeddedWords() {
		if _, ok := lib.words[key]; !ok {
			return &Fault{File: "words.toml", What: "no " + key}
		}
	}
	if n := len(lib.kinds); n == 0 || len(lib.kinds[n-1].If) > 0 {
		return &Fault{File: "kinds.toml", What: "want a last kind that follows from nothing"}
	}
	if _, ok := lib.sectors["default"]; !ok {
		return &Fault{File: "sectors.toml", What: "no default"}
	}
	for _, q := range lib.questions {
		if !slices.Contains(questionIDs, q.ID) {
			return &Fault{File: "questions.toml", What: q.ID + ": no fact answers it", key: q.ID}
		}
	}
	for _, id := range questionIDs {
		if !slices.ContainsFunc(lib.questions, func(q question) bool { return q.ID == id }) {
			return &Fault{File: "questions.toml", What: "no question " + id}
		}
	}
	return nil
}

const actionFile = "actions.toml"

// advice is the lists of advice by their files.
func (lib *Library) advice() map[string][]advice {
	return map[string][]advice{"exposures.toml": lib.exposures, actionFile: lib.todo, "detections.toml": lib.logs}
}

func (p pair) check() error {
	if p.text.JA == "" || p.text.EN == "" {
		return fmt.Errorf("want both languages")
	}
	if !slices.Equal(places(p.text.JA), places(p.text.EN)) {
		return fmt.Errorf("want the same placeholders in both languages")
	}
	if strings.ContainsFunc(p.text.JA+p.text.EN, unicode.IsControl) {
		return fmt.Errorf("want one line")
	}
	for _, name := range places(p.text.JA) {
		if !slices.Contains(p.holds, name) {
			return fmt.Errorf("nothing fills %s", name)
		}
	}
	if !p.clause {
		return nil
	}
	if !strings.HasSuffix(p.text.JA, "た") {
		return fmt.Errorf("want a Japanese clause in the plain past")
	}
	if len(verb.FindAllString(p.text.EN, -1)) != 1 {
		return fmt.Errorf("want one English verb in brackets")
	}
	return nil
}

// pairs returns every text of lib.
func (lib *Library) pairs() []pair {
	var all []pair
	add := func(file, key, at string, ja, en string, clause bool, holds []string) {
		all = append(all, pair{at: at, text: hub.Text{JA: ja, EN: en}, clause: clause, file: file, key: key, holds: holds})
	}
	for key, text := range lib.words {
		add("words.toml", key, "words "+key, text.JA, text.EN, false, wordPlaces(key))
	}
	for _, f := range []struct {
		name, file string
		c          clauses
	}{
		{"technique", "techniques.toml", lib.techniques},
		{"tactic", "tactics.toml", lib.tactics},
		{"weakness", "weaknesses.toml", lib.weaknesses},
		{"route", "routes.toml", lib.routes},
		{"impact", "impacts.toml", lib.impacts},
	} {
		holds := ofCase
		if f.name == "tactic" {
			holds = append([]string{"{name}"}, ofCase...)
		}
		for _, c := range f.c.list {
			add(f.file, c.ID, f.name+" "+c.ID, c.JA, c.EN, true, holds)
			if f.name == "route" {
				add(f.file, c.ID, "title of route "+c.ID, c.TitleJA, c.TitleEN, false, nil)
			}
		}
	}
	for _, s := range lib.scenes {
		add("scenes.toml", s.ID, "scene "+s.ID, s.JA, s.EN, !s.Plain, ofCase)
		if s.TitleJA != "" || s.TitleEN != "" {
			add("scenes.toml", s.ID, "title of scene "+s.ID, s.TitleJA, s.TitleEN, false, nil)
		}
	}
	for _, k := range lib.kinds {
		add("kinds.toml", k.ID, "kind "+k.ID, k.JA, k.EN, false, ofSector)
		add("kinds.toml", k.ID, "fact of kind "+k.ID, k.FactJA, k.FactEN, len(k.If) > 0, ofSector)
	}
	for _, q := range lib.questions {
		add("questions.toml", q.ID, "question "+q.ID, q.JA, q.EN, false, []string{"{name}"})
		add("questions.toml", q.ID, "slot "+q.ID, q.SlotJA, q.SlotEN, false, []string{"{name}"})
	}
	for file, list := range lib.advice() {
		holds := ofSector // the same text in every alert: objects with one id for ever
		if file == "exposures.toml" {
			holds = append([]string{"{list}"}, ofCase...)
		}
		for _, a := range list {
			add(file, a.ID, strings.TrimSuffix(file, "s.toml")+" "+a.ID, a.JA, a.EN, false, holds)
		}
	}
	for id, s := range lib.sectors {
		add("sectors.toml", id, "sector "+id, s.Services.JA, s.Services.EN, false, nil)
		add("sectors.toml", id, "contractors of "+id, s.Contractors.JA, s.Contractors.EN, false, nil)
		for _, c := range s.Checklist {
			add("sectors.toml", c.ID, "checklist "+id+" "+c.ID, c.JA, c.EN, false, nil)
			add("sectors.toml", c.ID, "name in checklist "+id+" "+c.ID, c.Name.JA, c.Name.EN, false, nil)
		}
	}
	slices.SortFunc(all, func(a, b pair) int { return strings.Compare(a.at, b.at) })
	return all
}

// embeddedWords are the fixed sentences of the program, with what is filled into each.
var embeddedWords = sync.OnceValue(func() map[string]hub.Text {
	var words map[string]hub.Text
	if err := readTOML(builtIn(), "words.toml", &words); err != nil {
		panic("analysis: " + err.Error())
	}
	return words
})

func wordPlaces(key string) []string { return places(embeddedWords()[key].JA) }
