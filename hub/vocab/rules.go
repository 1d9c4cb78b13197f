package vocab

import (
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
	// Yields are facts that say better what these words mean: where the sentence
	// states one of them, the rule states nothing.
	Yields []Fact
}

// ruleOf returns the rule by which prose states an entry.
func ruleOf(class hub.Class, e Entry) Rule {
	return Rule{Facts: append([]Fact{{class, e.ID}}, factsOf(e.Implies)...), JA: e.JA, EN: e.EN, Doubt: e.Doubt, States: e.States, Yields: factsOf(e.Yields)}
}

// loadRules reads a table of behaviours: several facts from the same words.
func loadRules(name string) []Rule {
	var file struct {
		Rule []struct {
			Facts  []string `toml:"facts"`
			JA     []string `toml:"ja"`
			EN     []string `toml:"en"`
			States bool     `toml:"states"`
			Yields []string `toml:"yields"`
		} `toml:"rule"`
	}
	readTOML(name, &file)
	rules := make([]Rule, 0, len(file.Rule))
	for _, r := range file.Rule {
		rules = append(rules, Rule{Facts: factsOf(r.Facts), JA: r.JA, EN: r.EN, States: r.States, Yields: factsOf(r.Yields)})
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

// loadWords reads the word lists; a "@name" in one stands for the words of another.
func loadWords() map[string][]string {
	var file map[string][]string
	readTOML("words.toml", &file)
	lists := make(map[string][]string, len(file))
	for name := range file {
		lists[name] = wordsOf(file, name, 0)
	}
	return lists
}

// deepestList is how many lists may name one another.
const deepestList = 4

func wordsOf(file map[string][]string, name string, depth int) []string {
	var words []string
	for _, w := range file[name] {
		other, isList := strings.CutPrefix(w, "@")
		switch {
		case !isList:
			words = append(words, w)
		case depth == deepestList || file[other] == nil:
			panic("vocab: words.toml: no list @" + other)
		default:
			words = append(words, wordsOf(file, other, depth+1)...)
		}
	}
	return words
}
