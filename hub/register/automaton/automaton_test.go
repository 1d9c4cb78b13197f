package automaton_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub/register/automaton"
)

// naive finds the same matches by trying every pattern at every place.
func naive(patterns []string, text []byte) []automaton.Match {
	var found []automaton.Match
	for i, p := range patterns {
		if p == "" || slices.Contains(patterns[:i], p) {
			continue
		}
		for at := range text {
			if bytes.HasPrefix(text[at:], []byte(p)) {
				found = append(found, automaton.Match{Pattern: i, Start: at, End: at + len(p)})
			}
		}
	}
	slices.SortFunc(found, func(x, y automaton.Match) int {
		return cmp.Or(cmp.Compare(x.End, y.End), cmp.Compare(x.Start, y.Start))
	})
	return found
}

func check(t *testing.T, patterns []string, text []byte) {
	t.Helper()
	got := slices.Collect(automaton.New(patterns).All(text))
	if want := naive(patterns, text); !slices.Equal(got, want) {
		t.Fatalf("patterns %q in %q:\ngot  %v\nwant %v", patterns, text, got, want)
	}
}

func TestMatches(t *testing.T) {
	wide := make([]string, 0, 256) // one node with every child
	for b := range 256 {
		wide = append(wide, "x"+string([]byte{byte(b)}))
	}
	for _, c := range []struct {
		why      string
		patterns []string
		text     string
	}{
		{"the textbook", []string{"he", "she", "his", "hers"}, "ushers"},
		{"a prefix doesn't hide the longer one", []string{"abc", "abcdef"}, "xxabcdefyy"},
		{"inner matches come through output links", []string{"a", "ba", "cba", "dcba"}, "edcbadcba"},
		{"after a failed long match the suffix is found", []string{"abcdx", "bcd", "cdy"}, "abcdy"},
		{"doubles and empty patterns", []string{"", "aa", "aa", "a"}, "aaa"},
		{"nothing to find", nil, "abc"},
		{"256 children", wide, "xaxx\x00x\xff"},
		{"Japanese bytes", []string{"病院", "総合病院", "合病"}, "葵総合病院と総病院"},
	} {
		t.Run(c.why, func(t *testing.T) { check(t, c.patterns, []byte(c.text)) })
	}
}

func TestStopsWhenTold(t *testing.T) {
	n := 0
	for range automaton.New([]string{"a"}).All([]byte("aaaa")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Fatal(n)
	}
	for range new(automaton.Automaton).All([]byte("a")) {
		t.Fatal("the zero value finds something")
	}
}

func FuzzAgainstNaive(f *testing.F) {
	f.Add("he,she,his,hers", "ushers")
	f.Add("a,aa,aaa", "aaaaaaaa")
	f.Add("abab,ba,b", "abababab")
	f.Add("\xe7\x97\x85,\x97\x85\xe9", "\xe7\x97\x85\xe9\x99\xa2")
	f.Fuzz(func(t *testing.T, patterns, text string) {
		if len(patterns) > 200 || len(text) > 200 {
			return // the naive search is quadratic
		}
		check(t, strings.Split(patterns, ","), []byte(text))
	})
}

// BenchmarkAll searches 60,000 patterns in text that has one in every twenty
// bytes begin like a pattern.
func BenchmarkAll(b *testing.B) {
	patterns := make([]string, 60000)
	for i := range patterns {
		patterns[i] = fmt.Sprintf("%c%c%c%d号館", rune('一'+i%2000), rune('一'+i/7%3000), rune('ぁ'+i%80), i%10)
	}
	var text strings.Builder
	for i := range 40000 {
		fmt.Fprintf(&text, "%c%cの%d台の端末、", rune('一'+i%2100), rune('一'+i/3%3100), i%300)
	}
	a := automaton.New(patterns)
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		for range a.All([]byte(text.String())) {
		}
	}
}

func BenchmarkNew(b *testing.B) {
	patterns := make([]string, 1000)
	for i := range patterns {
		patterns[i] = fmt.Sprintf("%c%c病院の値%d", rune('一'+i*7), rune('一'+i*3), i)
	}
	for b.Loop() {
		automaton.New(patterns)
	}
}
