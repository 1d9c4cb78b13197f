package vocab

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
)

// Entry is one value of a closed vocabulary, with label and match patterns.
type Entry = profile.Entry

// entryClasses are the classes with a closed list of ids, in reading order.
var entryClasses = []hub.Class{hub.Route, hub.Weakness, hub.Product, hub.Impact}

var entryFiles = map[hub.Class]string{
	hub.Route:    "routes.toml",
	hub.Weakness: "weaknesses.toml",
	hub.Product:  "products.toml",
	hub.Impact:   "impacts.toml",
}

// Entries returns the closed vocabulary of a class (route, weakness, product,
// impact) in the order of its table, those of the profile last; nil for others.
func (v *Vocab) Entries(class hub.Class) []Entry { return slices.Clone(v.entries[class]) }

func loadEntries(name string) []Entry {
	var file struct {
		Entry []Entry `toml:"entry"`
	}
	readTOML(name, &file)
	return file.Entry
}

// merge returns the base entries with the profile's in place of or after them.
func merge(base []Entry, p *profile.Profile, class hub.Class) []Entry {
	all := slices.Clone(base)
	if p == nil {
		return all
	}
	for _, e := range p.Entries(class) {
		at := slices.IndexFunc(all, func(have Entry) bool { return have.ID == e.ID })
		if at < 0 {
			all = append(all, e)
		} else {
			all[at] = e
		}
	}
	return all
}

// ProductNamed returns the first product family one of whose English words stands in
// the name of a software.
func (v *Vocab) ProductNamed(name string) (string, bool) {
	name = " " + strings.ToLower(name) + " "
	for _, e := range v.entries[hub.Product] {
		for _, pattern := range e.EN {
			if strings.ContainsAny(pattern, "+>@") {
				continue
			}
			for word := range strings.SplitSeq(strings.ToLower(pattern), "|") {
				word, open := strings.CutSuffix(strings.TrimSpace(word), "*")
				if !open {
					word += " "
				}
				if strings.Contains(name, " "+word) {
					return e.ID, true
				}
			}
		}
	}
	return "", false
}
