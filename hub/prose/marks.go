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
	attacker  // says that what stands near is the attacker's
	victim    // says that what stands near is the victim's
	apart     // inside of it no shorter word of a pattern counts
	compound  // inside of it only the word at its start counts
	own       // the victim's own people, as those who do something
	habit     // says that something is done as a rule
	hostile   // says that an attacker did it, or that it was wrong
	remedy    // says what was done against it
	dismissed // says that what stands before it isn't so, over a clause without a subject
	supposed  // says that something was thought at first
	heard     // says that somebody suspected, said or feared what stands before it
	tried     // says that something was tried
)

//go:embed markers.toml
var markersTOML string

// wordLists is markers.toml.
type wordLists struct {
	Outdone []string    `toml:"outdone"`
	Denials []string    `toml:"denials"`
	Plain   []string    `toml:"plain"`
	Verbs   []string    `toml:"verbs"`
	JA      markerLists `toml:"ja"`
	EN      markerLists `toml:"en"`
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
	Dismissed  []string `toml:"dismissed"`
	Supposed   []string `toml:"supposed"`
	Heard      []string `toml:"heard"`
	Tried      []string `toml:"tried"`
}

// tables is markers.toml, read once.
var tables = readMarkers()

func readMarkers() (w wordLists) {
	meta, err := toml.Decode(markersTOML, &w)
	if err != nil || len(meta.Undecoded()) > 0 {
		panic("prose: markers.toml is broken")
	}
	return w
}

// markers are the words of each mark by language.
var markers = func() map[string][][]string {
	lists := map[string][][]string{}
	for lang, t := range map[string]markerLists{"ja": tables.JA, "en": tables.EN} {
		lists[lang] = [][]string{
			t.Negation, t.Refuted, t.Neutral, t.Condition, t.Advice, t.Plan, t.Prevention, t.Likely, t.Possible,
			t.Unknown, t.First, t.Then, t.Break, t.Hard, t.Attack, t.Attacker, t.Victim, t.Apart, t.Compound,
			t.Own, t.Habit, t.Hostile, t.Remedy, t.Dismissed, t.Supposed, t.Heard, t.Tried,
		}
	}
	return lists
}()

// everyday are the names of techniques that never count by themselves; denials are
// facts that are told by what isn't so.
var everyday, denials = setOf(tables.Plain), setOf(tables.Denials)

func setOf(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return set
}

// irregular are the other forms of English verbs by their plain one.
var irregular = func() map[string][]string {
	verbs := map[string][]string{}
	for _, forms := range tables.Verbs {
		words := strings.Fields(forms)
		verbs[words[0]] = words[1:]
	}
	return verbs
}()

// outdone are facts by what outdoes them.
var outdone = func() map[string]string {
	better := map[string]string{}
	for _, pair := range tables.Outdone {
		less, more, _ := strings.Cut(pair, " ")
		better[less] = more
	}
	return better
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
