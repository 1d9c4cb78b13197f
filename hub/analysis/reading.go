package analysis

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// reading is the facts of a case as the analysis uses them: those of the stage,
// checked, each once, in the order of the attack.
type reading struct {
	in     Input
	lib    *Library
	vocab  *vocab.Vocab
	sector sector

	facts []hub.Fact // in the order of the attack, without indicators
	path  []hub.Fact // the techniques among them
	// jumbled says that the steps as reported can't be; path is in the usual order.
	jumbled bool

	indicators map[hub.Kind][]string // sorted, each value once

	keys  map[string]hub.Confidence // of every fact and what it stands for
	place map[string]int            // of the same: where in the attack
}

var (
	classes       = hub.Classes()
	techniqueForm = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	cveForm       = regexp.MustCompile(`^CVE-\d{4}-\d{4,7}$`)
	quarterForm   = regexp.MustCompile(`^20\d\d-Q[1-4]$`)
)

func read(in Input) *reading {
	if in.Profile == nil {
		in.Profile = &profile.Profile{
			Noun:   hub.Text{JA: "組織", EN: "organisation"},
			Sector: hub.Text{JA: "この分野", EN: "this sector"},
			TLP:    hub.TLPAmber,
		}
	}
	if in.Vocab == nil {
		in.Vocab = vocab.Default(in.Profile)
	}
	if in.Library == nil {
		in.Library = Default()
	}
	if in.TLP == "" {
		in.TLP = in.Profile.TLP
	}
	r := &reading{in: in, lib: in.Library, vocab: in.Vocab, sector: in.Library.sector(in.Profile)}
	r.take(follow(in.Facts, in.Vocab))
	r.index()
	return r
}

// take keeps what the stage tells, merges what is said twice, and sorts it.
func (r *reading) take(facts []hub.Fact) {
	merged := map[string]hub.Fact{}
	r.indicators = map[hub.Kind][]string{}
	for _, f := range facts {
		if f.Class == hub.Indicator {
			r.indicators[f.Kind] = append(r.indicators[f.Kind], f.Value)
			continue
		}
		f = r.checked(f)
		if f.Value == "" || !r.told(f) {
			continue
		}
		if had, ok := merged[f.Key()]; ok {
			if had.Confidence.Score() > f.Confidence.Score() {
				f.Confidence = had.Confidence
			}
			if f.Step == 0 || (had.Step > 0 && had.Step < f.Step) {
				f.Step = had.Step
			}
		}
		merged[f.Key()] = f
	}
	for kind, values := range r.indicators {
		slices.Sort(values)
		r.indicators[kind] = slices.Compact(values)
	}
	var rest []hub.Fact
	for _, f := range merged {
		if f.Class == hub.Technique {
			r.path = append(r.path, f)
		} else {
			rest = append(rest, f)
		}
	}
	r.path, r.jumbled = r.ordered(r.path)
	slices.SortFunc(rest, r.compare)
	entry, after := r.split(rest)
	r.facts = slices.Concat(entry, r.path, after)
}

// checked returns f with a value that some vocabulary knows, or with none.
func (r *reading) checked(f hub.Fact) hub.Fact {
	if f.Confidence.Score() == 0 {
		f.Confidence = hub.Unknown
	}
	if f.Step < 0 || r.in.Stage == hub.Flash {
		f.Step = 0
	}
	ok := false
	switch f.Class {
	case hub.Technique:
		if t, known := r.vocab.Technique(f.Value); known {
			f.Value = t.ID
		}
		ok = techniqueForm.MatchString(f.Value)
	case hub.CVE:
		ok = cveForm.MatchString(f.Value)
	case hub.Quarter:
		ok = quarterForm.MatchString(f.Value)
	case hub.Cell:
		ok = r.in.Profile.Described(f.Value) != nil
	case hub.Family, hub.Group, hub.Tool:
		f.Value, ok = r.vocab.Canonical(f.Class, f.Value)
	case hub.Route, hub.Weakness, hub.Impact, hub.Product:
		_, ok = r.vocab.Label(f.Class, f.Value)
	}
	if !ok {
		f.Value = ""
	}
	return f
}

// told reports whether the stage tells f at all.
func (r *reading) told(f hub.Fact) bool {
	if r.in.Stage != hub.Flash {
		return true
	}
	switch f.Class {
	case hub.Weakness:
		c, ok := r.lib.weaknesses.get(f.Value)
		return ok && c.Entry
	case hub.Impact:
		c, ok := r.lib.impacts.get(f.Value)
		return ok && c.Entry
	case hub.Quarter, hub.Cell:
		return false
	}
	return true
}

// split parts what belongs to the way in from what came of it.
func (r *reading) split(facts []hub.Fact) (entry, after []hub.Fact) {
	for _, f := range facts {
		c, _ := r.lib.weaknesses.get(f.Value)
		switch {
		case f.Class == hub.Route, f.Class == hub.CVE, f.Class == hub.Product, f.Class == hub.Weakness && c.Entry:
			entry = append(entry, f)
		default:
			after = append(after, f)
		}
	}
	return entry, after
}

// compare orders facts by class, then as their file does, then by value.
func (r *reading) compare(a, b hub.Fact) int {
	return cmp.Or(
		cmp.Compare(slices.Index(classes, a.Class), slices.Index(classes, b.Class)),
		cmp.Compare(r.rank(a), r.rank(b)),
		strings.Compare(a.Value, b.Value))
}

func (r *reading) rank(f hub.Fact) int {
	switch f.Class {
	case hub.Route:
		return r.lib.routes.rank(f.Value)
	case hub.Weakness:
		return r.lib.weaknesses.rank(f.Value)
	case hub.Impact:
		of := func(e profile.Entry) bool { return e.ID == f.Value }
		return cmp.Or(slices.IndexFunc(r.in.Profile.Impacts, of)+1, 1000+r.lib.impacts.rank(f.Value))
	case hub.CVE:
		if !r.exploited(f.Value) {
			return 1
		}
	}
	return 0
}

func (r *reading) exploited(cve string) bool {
	return slices.Contains(r.in.Known.Exploited, cve)
}

// index notes under which keys facts can be asked for: their own, "class:*", the
// parent of a sub-technique, the tactics of techniques, the kind of case, that of indicators.
func (r *reading) index() {
	r.keys, r.place = map[string]hub.Confidence{}, map[string]int{}
	for i, f := range r.facts {
		keys := []string{string(f.Class) + ":*", f.Key()}
		switch f.Class {
		case hub.Technique:
			for _, id := range r.called(f.Value) {
				parent, _, _ := strings.Cut(id, ".")
				keys = append(keys, "technique:"+id, "technique:"+parent)
			}
			if tactic := r.tactic(f.Value); tactic != "" {
				keys = append(keys, "tactic:"+tactic)
			}
		case hub.CVE:
			if r.exploited(f.Value) {
				keys = append(keys, "exploited:*")
			}
			if r.unfixed(f.Value) {
				keys = append(keys, "unfixed:*")
			}
		case hub.Family:
			if r.encrypting(f.Value) != "" {
				keys = append(keys, "encrypting:*")
			}
		case hub.Impact:
			if r.ofSector(f.Value) {
				keys = append(keys, "service:*")
			}
		}
		for _, key := range keys {
			r.note(key, f.Confidence, i)
		}
	}
	r.note("kind:"+r.kind().ID, hub.Confirmed, 0)
	for _, kind := range indicatorKinds {
		if len(r.indicators[kind]) > 0 {
			r.note("indicator:*", hub.Confirmed, len(r.facts))
			r.note("indicator:"+string(kind), hub.Confirmed, len(r.facts))
		}
	}
}

func (r *reading) note(key string, c hub.Confidence, at int) {
	if had, ok := r.keys[key]; !ok || had.Score() < c.Score() {
		r.keys[key] = c
	}
	if had, ok := r.place[key]; !ok || at < had {
		r.place[key] = at
	}
}

// ofSector reports whether the profile adds the impact: a service of the sector.
func (r *reading) ofSector(impact string) bool {
	return slices.ContainsFunc(r.in.Profile.Impacts, func(e profile.Entry) bool { return e.ID == impact })
}

func (r *reading) has(key string) bool {
	_, ok := r.keys[key]
	return ok
}

// sure reports whether a fact is at least possible.
func (r *reading) sure(key string) bool { return r.keys[key].Score() > 0 }

// of returns the facts of a class.
func (r *reading) of(class hub.Class) []hub.Fact {
	var all []hub.Fact
	for _, f := range r.facts {
		if f.Class == class {
			all = append(all, f)
		}
	}
	return all
}

// called are the ids of a technique: its own, and those that it had before ATT&CK gave
// it this one, by which the library may still know it.
func (r *reading) called(technique string) []string {
	return append([]string{technique}, r.vocab.Former(technique)...)
}

// present returns those of the techniques that are facts, with sub-techniques for
// their parents, in the order of the attack.
func (r *reading) present(techniques []string) []string {
	var all []string
	for _, f := range r.path {
		is := func(id string) bool {
			parent, _, _ := strings.Cut(id, ".")
			return slices.Contains(techniques, id) || slices.Contains(techniques, parent)
		}
		if slices.ContainsFunc(r.called(f.Value), is) {
			all = append(all, f.Value)
		}
	}
	return all
}
