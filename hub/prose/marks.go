package prose

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
)

// mark is what a word around a fact does to it.
type mark int32

const (
	negation   mark = iota // takes the fact back
	refuted                // takes back what stands before it too: "was ruled out"
	neutral                // looks like another mark and does nothing
	condition              // takes back the whole sentence
	advice                 // takes back the whole sentence
	plan                   // takes back the clause
	prevention             // takes back the clause
	likely                 // sets the confidence
	possible
	unknown
	first // starts the order of steps
	then  // goes on to the next step
	pause // ends a clause
	hard  // ends a clause over which no confidence reaches back
	attack
	attacker // says that what stands near is the attacker's
	victim   // says that what stands near is the victim's
	apart    // inside of it no shorter word of a pattern counts
	compound // inside of it only the word at its start counts
	own      // the victim's own people, as those who do something
	habit    // says that something is done as a rule
	hostile  // says that an attacker did it, or that it was wrong
	remedy   // says what was done against it
)

//go:embed markers.toml
var markersTOML string

// wordLists is markers.toml.
type wordLists struct {
	Plain []string    `toml:"plain"`
	Verbs []string    `toml:"verbs"`
	JA    markerLists `toml:"ja"`
	EN    markerLists `toml:"en"`
}

// markerLists are the words of one language, in the order of the marks.
type markerLists struct {
	Negation   []string `toml:"negation"`
	Refuted    []string `toml:"refuted"`
	Neutral    []string `toml:"neutral"`
	Condition  []string `toml:"condition"`
	Advice     []string `toml:"advice"`
	Plan       []string `toml:"plan"`
	Prevention []string `toml:"prevention"`
	Likely     []string `toml:"likely"`
	Possible   []string `toml:"possible"`
	Unknown    []string `toml:"unknown"`
	First      []string `toml:"first"`
	Then       []string `toml:"then"`
	Break      []string `toml:"break"`
	Hard       []string `toml:"hard"`
	Attack     []string `toml:"attack"`
	Attacker   []string `toml:"attacker"`
	Victim     []string `toml:"victim"`
	Apart      []string `toml:"apart"`
	Compound   []string `toml:"compound"`
	Own        []string `toml:"own"`
	Habit      []string `toml:"habit"`
	Hostile    []string `toml:"hostile"`
	Remedy     []string `toml:"remedy"`
}

// markers are the words of each mark by language; everyday are the names of
// techniques that never count by themselves; irregular are the other forms of
// English verbs by their plain one.
var markers, everyday, irregular = func() (map[string][][]string, map[string]bool, map[string][]string) {
	var w wordLists
	meta, err := toml.Decode(markersTOML, &w)
	if err != nil || len(meta.Undecoded()) > 0 {
		panic("prose: markers.toml is broken")
	}
	lists := map[string][][]string{}
	for lang, t := range map[string]markerLists{"ja": w.JA, "en": w.EN} {
		lists[lang] = [][]string{
			t.Negation, t.Refuted, t.Neutral, t.Condition, t.Advice, t.Plan, t.Prevention, t.Likely, t.Possible,
			t.Unknown, t.First, t.Then, t.Break, t.Hard, t.Attack, t.Attacker, t.Victim, t.Apart, t.Compound,
			t.Own, t.Habit, t.Hostile, t.Remedy,
		}
	}
	names := map[string]bool{}
	for _, name := range w.Plain {
		names[name] = true
	}
	verbs := map[string][]string{}
	for _, forms := range w.Verbs {
		words := strings.Fields(forms)
		verbs[words[0]] = words[1:]
	}
	return lists, names, verbs
}()

// marked is a mark at a place of the folded text.
type marked struct {
	mark mark
	span
}

// resolve sorts marks and drops those that start inside an earlier or longer one.
// Context words and ends of clauses overlap freely.
func resolve(all []marked) []marked {
	slices.SortFunc(all, func(a, b marked) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	out := all[:0]
	end := -1
	for _, m := range all {
		if m.mark >= pause {
			out = append(out, m)
			continue
		}
		if m.start < end {
			continue
		}
		end = m.end
		out = append(out, m)
	}
	return out
}

// confidence of a mark, and whether it has one.
func (m mark) confidence() (hub.Confidence, bool) {
	switch m {
	case likely:
		return hub.Likely, true
	case possible:
		return hub.Possible, true
	case unknown:
		return hub.Unknown, true
	}
	return "", false
}
