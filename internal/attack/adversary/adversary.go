// Package adversary holds those who try to find the victim in an alert: each a file,
// each with what it may know, none with any code or table of the hub. They share
// nothing with the anonymizer and the gate but the nouns, and what the alerts say.
//
// How strong each is stands in strength.toml, which a test holds against the code:
// whoever makes an adversary weaker must do so in the open.
//
// The package trusts its caller for what is public. It is given alerts and never the
// answer; success is judged elsewhere.
//
//	suspects := adversary.Linkage(sector, release, adversary.Everything)
//	fmt.Println("one in", len(suspects))
package adversary

import (
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Release is what came out of the hub about one incident.
type Release struct {
	Number   int // of the alert, as members count
	History  int
	Year     int // of the history
	Flash    []byte
	Full     []byte // nil where none came out
	FlashAt  time.Time
	FullAt   time.Time
	Says     []hub.Fact // all that the alerts say, in facts
	Draft    []byte     // of the full alert, as a moderator sees it
	Seat     hub.Organisation
	DraftAge time.Duration // of the draft when the moderator saw it, before the flash
}

// Sector is what the public, and a reader who has found out who the members are,
// know of it.
type Sector struct {
	K       int
	Organs  map[string]hub.Organisation // the sector list and what members know of each other
	Active  [][]string                  // ids of members by year
	Told    []map[string][]string       // by year: the description of a cell → the members that the rule tells it of
	Fits    func(description string, o hub.Organisation) bool
	News    map[int][]News // by history
	Scan    map[string][]string
	Flaws   map[string]string   // CVE → product
	Behind  map[string][]string // class of products → those that are never told by name
	Outside func(hub.Fact) bool
}

// News is an item of what anybody can read.
type News struct {
	Org     string
	Day     time.Time
	Impacts []string
}

// View is how much of an alert an adversary is given.
type View int

// Everything that the alert says, or technique and family only: the same adversary
// with less tells what the rest of the alert adds.
const (
	Everything View = iota
	Bare
)

// says returns what the alerts say, as far as the view goes.
func (v View) says(r Release) []hub.Fact {
	if v == Everything {
		return r.Says
	}
	var out []hub.Fact
	for _, f := range r.Says {
		if f.Class == hub.Technique || f.Class == hub.Family {
			out = append(out, f)
		}
	}
	return out
}

// values returns the values of one class.
func values(facts []hub.Fact, class hub.Class) []string {
	var out []string
	for _, f := range facts {
		if f.Class == class {
			out = append(out, f.Value)
		}
	}
	return out
}

// keep returns those of a list that are in another; all of the list where none is.
func keep(list, of []string) []string {
	in := set(of)
	out := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return !in[id] })
	if len(out) == 0 {
		return list
	}
	return out
}

func set(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out
}

// without takes those away of whom a test is true.
func without(list []string, gone func(id string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), gone)
}

// cell is what the alert says of the victim's cell, "" for nothing.
func cell(facts []hub.Fact) string { return strings.Join(values(facts, hub.Cell), "") }
