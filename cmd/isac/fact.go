package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/console"
)

// vocabularies know what people read for a fact. The hub's profile isn't known
// here, so every sector's words are looked at; what none has is shown as it is.
var vocabularies = sync.OnceValue(func() []*vocab.Vocab {
	return []*vocab.Vocab{vocab.Default(profile.HealthcareJP()), vocab.Default(profile.LocalGovernmentJP())}
})

// labelOf is what people read for a fact: in the words of the sector, where it is
// known, else in those of the first sector that has them.
func labelOf(e *console.Env, class hub.Class, value string, sector ...*vocab.Vocab) string {
	for _, v := range slices.Concat(sector, vocabularies()) {
		text, ok := v.Label(class, value)
		if ok {
			return plain(text.In(e.Lang))
		}
	}
	return plain(value)
}

// labelOfKey is the label of the fact that a key names.
func labelOfKey(e *console.Env, key string, sector ...*vocab.Vocab) string {
	class, value, _ := strings.Cut(key, ":")
	if hub.Class(class) == hub.Indicator {
		value = indicatorValue(value)
	}
	return labelOf(e, hub.Class(class), value, sector...)
}

// indicatorValue cuts the kind ("ipv4-addr:value") off; a pattern's kind has no
// colon of its own.
func indicatorValue(s string) string {
	pattern, ok := strings.CutPrefix(s, string(hub.Pattern)+":")
	if ok {
		return pattern
	}
	_, s, _ = strings.Cut(s, ":")
	_, s, _ = strings.Cut(s, ":")
	return s
}

// plain makes a text one line, without what a terminal obeys.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return '\uFFFD'
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// showFacts prints facts by class, each with the key that names it.
func showFacts(e *console.Env, facts []hub.Fact, sector ...*vocab.Vocab) {
	head(e, "isac.show.facts", fmt.Sprint(len(facts)))
	for _, class := range hub.Classes() {
		of := slices.DeleteFunc(slices.Clone(facts), func(f hub.Fact) bool { return f.Class != class })
		if len(of) > 0 {
			fmt.Fprintf(e.Out, "  %s\n", e.Text("isac.class."+string(class)))
		}
		for _, f := range of {
			fmt.Fprintf(e.Out, "    %s\n", e.Text("isac.show.fact", labelOf(e, f.Class, f.Value, sector...), e.Text("isac.confidence."+string(f.Confidence)), plain(f.Key())))
		}
	}
}

// showProse prints each sentence with the facts read from it, and to each fact the
// text that said names. A fact read twice is told where it stands first.
func showProse(e *console.Env, list []anonymize.ProseFact, said func(key string) string, sector ...*vocab.Vocab) {
	list = firstOfEach(list)
	if len(list) == 0 {
		return
	}
	head(e, "isac.show.prose", fmt.Sprint(len(list)))
	for i, p := range list {
		if i == 0 || p.Sentence != list[i-1].Sentence {
			fmt.Fprintf(e.Out, "  %s\n", e.Text("isac.show.sentence", plain(p.Sentence)))
		}
		fmt.Fprintf(e.Out, "    %s\n", e.Text("isac.show.prose-fact", e.Text("isac.class."+class(p.Key)), labelOfKey(e, p.Key, sector...), e.Text(said(p.Key)), plain(p.Key)))
	}
}

// showHints prints what sentences may state besides, sentence by sentence. Nothing of it
// goes out unless the reporter confirms it.
func showHints(e *console.Env, list []anonymize.ProseFact, sector ...*vocab.Vocab) {
	if len(list) == 0 {
		return
	}
	head(e, "isac.show.hints", fmt.Sprint(len(list)))
	told := map[string]bool{}
	for _, first := range list {
		if told[first.Sentence] {
			continue
		}
		told[first.Sentence] = true
		fmt.Fprintf(e.Out, "  %s\n", e.Text("isac.show.sentence", plain(first.Sentence)))
		for _, p := range list {
			if p.Sentence == first.Sentence {
				fmt.Fprintf(e.Out, "    %s\n", e.Text("isac.show.hint", e.Text("isac.class."+class(p.Key)), labelOfKey(e, p.Key, sector...), plain(p.Key)))
			}
		}
	}
}

func class(key string) string {
	c, _, _ := strings.Cut(key, ":")
	return c
}

func firstOfEach(list []anonymize.ProseFact) []anonymize.ProseFact {
	seen := map[string]bool{}
	var out []anonymize.ProseFact
	for _, p := range list {
		if !seen[p.Key] {
			seen[p.Key] = true
			out = append(out, p)
		}
	}
	return out
}

// answerOf is the key of what the reporter said of a fact, or that nothing was said.
func answerOf(key string, said anonymize.Answers) string {
	switch {
	case slices.Contains(said.Rejected, key):
		return "isac.prose.rejected"
	case said.AllConfirmed || slices.Contains(said.Confirmed, key):
		return "isac.prose.confirmed"
	}
	return "isac.prose.open"
}
