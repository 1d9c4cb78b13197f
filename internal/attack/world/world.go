// Package world invents what the attack suite attacks: a sector with its members,
// years of incidents at them, the reports that they write, and what the outside sees
// of it: news of outages and a table of what a scan of the internet finds.
//
// Everything follows from a seed. Names, texts and tables are its own, and it knows
// nothing of the anonymizer: what a report says of the attack, and what in it
// belongs to somebody, it knows because it has planted it.
//
//	w, err := world.New(world.Options{Members: 200, Organisations: 8182, Incidents: 300, Seed: 7})
//	for _, in := range w.Incidents {
//		report, err := w.Report(in)
//	}
package world

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/register/synthetic"
	"isac/internal/attack/sentences"
)

// Years is how long each history is.
const Years = 10

// start is the first day of a history.
var start = time.Date(2016, 1, 4, 0, 0, 0, 0, time.UTC)

// Start is the first day of a history.
func Start() time.Time { return start }

// Options say how large a world is.
type Options struct {
	Organisations int // of the sector list
	Members       int // of them
	Incidents     int // in all histories together
	PerYear       int // incidents in a year of a history
	Seed          uint64
	// Only are the kinds of identifiers that are hidden in attackers' things; all when
	// nil.
	Only []string
}

// World is one sector and several histories of it. In each the same members meet
// other incidents.
type World struct {
	Options
	List      []hub.Organisation // the members first
	Members   []Member
	Incidents []Incident // by history, then by day
	texts     map[string]map[string][]sentences.Sentence
}

// New makes a world.
func New(o Options) (*World, error) {
	w := &World{Options: o, List: synthetic.Register(max(o.Organisations, o.Members), o.Seed)}
	for i := range w.List {
		if i >= o.Members {
			hide(&w.List[i])
			continue
		}
		w.Members = append(w.Members, w.member(i))
	}
	w.texts = map[string]map[string][]sentences.Sentence{}
	for _, lang := range []string{"ja", "en"} {
		list, err := sentences.Load(lang)
		if err != nil {
			return nil, fmt.Errorf("making world: %w", err)
		}
		w.texts[lang] = map[string][]sentences.Sentence{}
		for _, s := range list {
			w.texts[lang][s.Kind] = append(w.texts[lang][s.Kind], s)
		}
	}
	perHistory := max(1, o.PerYear*Years)
	for i := range o.Incidents {
		w.Incidents = append(w.Incidents, w.incident(i, i/perHistory))
	}
	slices.SortStableFunc(w.Incidents, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(a.History, b.History), a.Day.Compare(b.Day))
	})
	return w, nil
}

// hide takes what is private from a row of an organisation that hasn't joined.
func hide(o *hub.Organisation) {
	o.Member = false
	o.IPv4, o.IPv4Private, o.IPv6, o.HostnamePrefix, o.Operator = "", "", "", "", ""
}

// Active are the members of a year of every history: six in ten at its start, and
// each year more.
func (w *World) Active(year int) []Member {
	var out []Member
	for _, m := range w.Members {
		if m.Joined <= year {
			out = append(out, m)
		}
	}
	return out
}

// YearOf tells the year of a history, from 0.
func YearOf(day time.Time) int {
	return min(Years-1, max(0, int(day.Sub(start)/(365*24*time.Hour))))
}

// dice returns the choices for one thing: the same for the same seed and place.
func (w *World) dice(what, at int) *rand.Rand {
	return rand.New(rand.NewPCG(w.Seed, uint64(what)<<32|uint64(at)))
}

// What dice are thrown for.
const (
	diceMember = iota + 1
	diceIncident
	diceReport
	diceNews
	diceCast // who is hit in a history
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some returns n different ones of a list.
func some[T any](r *rand.Rand, list []T, n int) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(n, len(list))]
}
