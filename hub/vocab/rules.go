package vocab

import (
	"slices"
	"strings"

	"isac/hub"
)

// Fact is what a rule states: class and value.
type Fact struct {
	Class hub.Class
	Value string
}

// Rule says by which words prose states facts. A pattern is groups joined by
// " + ", each of alternatives joined by "|"; all groups must be found near each
// other, or joined by " > ", in this order too, or by " & ", in clauses that need
// not belong together. See profile.Entry for the form.
type Rule struct {
	Facts  []Fact
	JA, EN []string
	// Doubt replaces the first fact where the prose isn't sure; empty keeps it.
	Doubt string
	// States is set where the patterns hold their own negation.
	States bool
	// Own is set where the deed may be that of the victim's own people, who were led
	// to it.
	Own bool
	// Yields are facts that say better what these words mean: where the sentence
	// states one of them, the rule states nothing.
	Yields []Fact
}

// ruleOf returns the rule by which prose states an entry.
func ruleOf(class hub.Class, e Entry) Rule {
	return Rule{Facts: append([]Fact{{class, e.ID}}, factsOf(e.Implies)...), JA: slices.Concat(e.JA, e.Both), EN: slices.Concat(e.EN, e.Both), Doubt: e.Doubt, States: e.States, Own: e.Own, Yields: factsOf(e.Yields)}
}

// loadRules reads a table of behaviours: several facts from the same words.
func loadRules(name string) []Rule {
	var file struct {
		Rule []struct {
			Facts  []string `toml:"facts"`
			Both   []string `toml:"both"`
			JA     []string `toml:"ja"`
			EN     []string `toml:"en"`
			States bool     `toml:"states"`
			Own    bool     `toml:"own"`
			Yields []string `toml:"yields"`
		} `toml:"rule"`
	}
	readTOML(name, &file)
	rules := make([]Rule, 0, len(file.Rule))
	for _, r := range file.Rule {
		rules = append(rules, Rule{Facts: factsOf(r.Facts), JA: slices.Concat(r.JA, r.Both), EN: slices.Concat(r.EN, r.Both), States: r.States, Own: r.Own, Yields: factsOf(r.Yields)})
	}
	return rules
}

// factsOf reads facts written "class:value".
func factsOf(keys []string) []Fact {
	facts := make([]Fact, 0, len(keys))
	for _, key := range keys {
		class, value, _ := strings.Cut(key, ":")
		facts = append(facts, Fact{hub.Class(class), value})
	}
	return facts
}

// words are the words of a list in both languages.
type words struct {
	JA []string `toml:"ja"`
	EN []string `toml:"en"`
}

// in returns those of a language, "ja" or "en".
func (w words) in(lang string) []string {
	if lang == "ja" {
		return w.JA
	}
	return w.EN
}

// loadWords reads the word lists; a "@name" in one stands for the words of another.
func loadWords() map[string]words {
	var file map[string]words
	readTOML("words.toml", &file)
	lists := make(map[string]words, len(file))
	for name := range file {
		lists[name] = words{JA: wordsOf(file, name, "ja", 0), EN: wordsOf(file, name, "en", 0)}
	}
	return lists
}

// deepestList is how many lists may name one another.
const deepestList = 4

func wordsOf(file map[string]words, name, lang string, depth int) []string {
	var list []string
	for _, w := range file[name].in(lang) {
		other, isList := strings.CutPrefix(w, "@")
		_, known := file[other]
		switch {
		case !isList:
			list = append(list, w)
		case depth == deepestList || !known:
			panic("vocab: words.toml: no list @" + other)
		default:
			list = append(list, wordsOf(file, other, lang, depth+1)...)
		}
	}
	return list
}
