package validate

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
)

// maxProblems bounds the answer: after so many, reading on helps nobody.
const maxProblems = 1000

// shapeOnly are the schema problems that say no more than a rule at the same place.
var shapeOnly = map[string]bool{
	"schema-pattern": true, "schema-format": true, "schema-type": true, "schema-name": true, "schema-not": true,
	"schema-min-items": true, "schema-min-properties": true, "schema-const": true, "schema-enum": true, "schema-min-length": true,
	"schema-other": true,
}

// tidy orders problems by path, removes doubles, and leaves a rule's sentence
// where a schema found the same place wrong.
func tidy(found []hub.Problem) []hub.Problem {
	ruled := make(map[string]bool)
	for _, p := range found {
		if !strings.HasPrefix(p.Rule, "schema-") {
			ruled[p.Path] = true
		}
	}
	found = slices.DeleteFunc(found, func(p hub.Problem) bool {
		return shapeOnly[p.Rule] && ruled[p.Path]
	})
	found = ordered(found)
	if len(found) <= maxProblems {
		return found
	}
	more := hub.Problem{Path: "", Rule: "more", Args: []string{strconv.Itoa(len(found) - maxProblems)}}
	return slices.Insert(found[:maxProblems:maxProblems], 0, more)
}

// located is a problem with its path taken apart, so that sorting needn't.
type located struct {
	segments []string
	hub.Problem
}

// ordered sorts problems by path segment by segment, list places by number and
// before names, and removes doubles.
func ordered(found []hub.Problem) []hub.Problem {
	list := make([]located, len(found))
	for i, p := range found {
		list[i] = located{strings.Split(p.Path, "/"), p}
	}
	slices.SortFunc(list, compare)
	list = slices.CompactFunc(list, func(a, b located) bool { return compare(a, b) == 0 })
	found = found[:len(list)]
	for i := range list {
		found[i] = list[i].Problem
	}
	return found
}

func compare(a, b located) int {
	return cmp.Or(
		slices.CompareFunc(a.segments, b.segments, compareSegments),
		cmp.Compare(a.Rule, b.Rule),
		slices.Compare(a.Args, b.Args),
	)
}

func compareSegments(x, y string) int {
	if x == y {
		return 0
	}
	m, n := listPlace(x), listPlace(y)
	if m >= 0 && n >= 0 {
		return cmp.Compare(m, n)
	}
	if m >= 0 || n >= 0 {
		return cmp.Compare(n, m)
	}
	return cmp.Compare(x, y)
}

// listPlace returns the number that a segment is, -1 if it is none as JSON
// pointers write them.
func listPlace(segment string) int {
	if segment == "" || segment[0] < '0' || segment[0] > '9' || segment[0] == '0' && len(segment) > 1 {
		return -1
	}
	n, err := strconv.Atoi(segment)
	if err != nil {
		return -1
	}
	return n
}
