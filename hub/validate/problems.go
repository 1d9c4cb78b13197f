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
	slices.SortFunc(found, compare)
	found = slices.CompactFunc(found, func(a, b hub.Problem) bool { return compare(a, b) == 0 })
	if len(found) <= maxProblems {
		return found
	}
	more := hub.Problem{Path: "", Rule: "more", Args: []string{strconv.Itoa(len(found) - maxProblems)}}
	return slices.Insert(found[:maxProblems:maxProblems], 0, more)
}

func compare(a, b hub.Problem) int {
	return cmp.Or(comparePaths(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), slices.Compare(a.Args, b.Args))
}

// comparePaths orders JSON pointers segment by segment, list places by number and
// before names.
func comparePaths(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "/"), strings.Split(b, "/"), compareSegments)
}

func compareSegments(x, y string) int {
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
	n, err := strconv.Atoi(segment)
	if err != nil || strconv.Itoa(n) != segment {
		return -1
	}
	return n
}
