// Package vocab holds the closed vocabularies: every value that a fact may have,
// its label in both languages, its spellings, and the patterns of words by which
// prose states it.
//
// The tables lie in data (see its README and NOTICE: ATT&CK is © The MITRE
// Corporation) and are part of the program; a sector profile adds its own, and a
// newer ATT&CK may lie over them (With). They are trusted. What is looked up may come
// from a report and is not: a lookup answers false and nothing else.
//
//	v := vocab.Default(profile.HealthcareJP())
//	t, ok := v.Technique("T1076")            // revoked: answers T1021.001
//	name, ok := v.Canonical(hub.Family, "lock bit") // "LockBit"
package vocab

import (
	"crypto/sha256"
	"sync"

	"isac/hub"
	"isac/hub/profile"
)

// version rises with every change of the tables; the digest changes by itself.
const version = "2026.4"

// Vocab is one set of vocabularies. It never changes once made and may be shared.
type Vocab struct {
	attack
	sector  *profile.Profile // nil for the base alone
	entries map[hub.Class][]Entry
	labels  map[hub.Class]map[string]hub.Text
	names   nameTable
	rules   []Rule
	words   map[string]words
	digest  hub.Digest
	edition string // of a newer ATT&CK, or ""
}

// tables is what is the same for every sector, read once.
type tables struct {
	attack  attack
	names   nameTable
	entries map[hub.Class][]Entry
	rules   []Rule
	words   map[string]words
	digest  [sha256.Size]byte
}

var base = sync.OnceValue(func() *tables {
	t := &tables{
		attack:  loadAttack(),
		names:   loadNames(),
		entries: map[hub.Class][]Entry{},
		words:   loadWords(),
		digest:  sumFiles(),
	}
	for class, file := range entryFiles {
		t.entries[class] = loadEntries(file)
	}
	t.rules = loadRules("behaviours.toml")
	return t
})

// Default returns the embedded vocabularies with what the profile adds; p may be
// nil for the base alone. An entry of the profile replaces one of the same id.
func Default(p *profile.Profile) *Vocab {
	t := base()
	v := &Vocab{
		attack:  t.attack,
		sector:  p,
		names:   t.names,
		words:   t.words,
		entries: map[hub.Class][]Entry{},
		labels:  map[hub.Class]map[string]hub.Text{},
	}
	for _, class := range entryClasses {
		v.entries[class] = merge(t.entries[class], p, class)
		v.labels[class] = map[string]hub.Text{}
		for _, e := range v.entries[class] {
			v.labels[class][e.ID] = e.Label
			v.rules = append(v.rules, ruleOf(class, e))
		}
	}
	v.rules = append(v.rules, t.rules...)
	v.digest = digestOf(t.digest, p)
	return v
}

// Version names the tables' edition.
func (v *Vocab) Version() string {
	if v.edition != "" {
		return version + "+attack-" + v.edition
	}
	return version
}

// Digest names the exact content: tables and what the profile added.
func (v *Vocab) Digest() hub.Digest { return v.digest }

// Label returns what people read for a value of a class: the label of a closed
// vocabulary, the name of a technique, the labels of a cell, or the name itself in both
// languages for families, groups, tools and CVEs. It is false for a value that isn't
// known.
func (v *Vocab) Label(class hub.Class, id string) (hub.Text, bool) {
	switch class {
	case hub.Technique:
		t, ok := v.Technique(id)
		return hub.Text{JA: t.NameJA, EN: t.Name}, ok
	case hub.Family, hub.Group, hub.Tool:
		name, ok := v.Canonical(class, id)
		return hub.Text{JA: name, EN: name}, ok
	case hub.CVE:
		id, ok := CVE(id)
		return hub.Text{JA: id, EN: id}, ok
	case hub.Cell:
		return v.cell(id)
	}
	label, ok := v.labels[class][id]
	return label, ok
}

// cell joins the labels by which the profile describes a cell.
func (v *Vocab) cell(value string) (hub.Text, bool) {
	if v.sector == nil {
		return hub.Text{}, false
	}
	var out hub.Text
	labels := v.sector.Described(value)
	for i, l := range labels {
		if i > 0 {
			out.JA, out.EN = out.JA+"、", out.EN+", "
		}
		out.JA, out.EN = out.JA+l.JA, out.EN+l.EN
	}
	return out, len(labels) > 0
}

// Words returns the words, in a language, of the list that patterns name with "@name".
func (v *Vocab) Words(name, lang string) []string { return v.words[name].in(lang) }

// Learned returns the model by which prose is read beside the patterns.
func (v *Vocab) Learned() []byte { return learned }

// Rules returns the patterns by which prose states facts.
func (v *Vocab) Rules() []Rule { return v.rules }
