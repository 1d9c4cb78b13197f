package analysis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"isac/hub"
)

// pair is one text of a library, with where it stands.
type pair struct {
	at     string
	text   hub.Text
	clause bool // takes a confidence
}

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
			return fmt.Errorf("reading library: %s: %w", p.at, err)
		}
		if seen[p.at] {
			return fmt.Errorf("reading library: %s: twice", p.at)
		}
		seen[p.at] = true
	}
	for _, a := range lib.todo {
		if !slices.Contains([]string{"today", "week", "quarter"}, a.When) {
			return fmt.Errorf("reading library: action %s: want today, week or quarter", a.ID)
		}
	}
	for _, list := range [][]advice{lib.exposures, lib.todo, lib.logs} {
		for _, a := range list {
			if len(a.For) == 0 && !a.General {
				return fmt.Errorf("reading library: %s: follows from nothing", a.ID)
			}
		}
	}
	return nil
}

func (p pair) check() error {
	if p.text.JA == "" || p.text.EN == "" {
		return fmt.Errorf("want both languages")
	}
	if !slices.Equal(places(p.text.JA), places(p.text.EN)) {
		return fmt.Errorf("want the same placeholders in both languages")
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
	for key, text := range lib.words {
		all = append(all, pair{at: "words " + key, text: text})
	}
	for _, file := range []struct {
		name string
		c    clauses
	}{{"technique", lib.techniques}, {"tactic", lib.tactics}, {"weakness", lib.weaknesses}, {"route", lib.routes}, {"impact", lib.impacts}} {
		for _, c := range file.c.list {
			all = append(all, pair{file.name + " " + c.ID, hub.Text{JA: c.JA, EN: c.EN}, true})
			if file.name == "route" {
				all = append(all, pair{at: "title of route " + c.ID, text: hub.Text{JA: c.TitleJA, EN: c.TitleEN}})
			}
		}
	}
	for _, s := range lib.scenes {
		all = append(all, pair{"scene " + s.ID, hub.Text{JA: s.JA, EN: s.EN}, !s.Plain})
		if s.TitleJA != "" || s.TitleEN != "" {
			all = append(all, pair{at: "title of scene " + s.ID, text: hub.Text{JA: s.TitleJA, EN: s.TitleEN}})
		}
	}
	for _, k := range lib.kinds {
		all = append(all, pair{at: "kind " + k.ID, text: hub.Text{JA: k.JA, EN: k.EN}})
		all = append(all, pair{"fact of kind " + k.ID, hub.Text{JA: k.FactJA, EN: k.FactEN}, len(k.If) > 0})
	}
	for _, q := range lib.questions {
		all = append(all, pair{at: "question " + q.ID, text: hub.Text{JA: q.JA, EN: q.EN}})
		all = append(all, pair{at: "slot " + q.ID, text: hub.Text{JA: q.SlotJA, EN: q.SlotEN}})
	}
	for name, list := range map[string][]advice{"exposure": lib.exposures, "action": lib.todo, "detection": lib.logs} {
		for _, a := range list {
			all = append(all, pair{at: name + " " + a.ID, text: hub.Text{JA: a.JA, EN: a.EN}})
		}
	}
	for id, s := range lib.sectors {
		all = append(all, pair{at: "sector " + id, text: s.Services}, pair{at: "contractors of " + id, text: s.Contractors})
		for _, c := range s.Checklist {
			all = append(all, pair{at: "checklist " + id + " " + c.ID, text: hub.Text{JA: c.JA, EN: c.EN}})
		}
	}
	slices.SortFunc(all, func(a, b pair) int { return strings.Compare(a.at, b.at) })
	return all
}
