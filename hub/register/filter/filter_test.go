package filter_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub/register/automaton"
	"isac/hub/register/filter"
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
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End))
	})
	return found
}

func check(t *testing.T, patterns []string, text []byte) {
	t.Helper()
	got := slices.Collect(filter.New(patterns).All(text))
	if want := naive(patterns, text); !slices.Equal(got, want) {
		t.Fatalf("patterns %q in %q:\ngot  %v\nwant %v", patterns, text, got, want)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		why      string
		patterns []string
		text     string
	}{
		{"the textbook", []string{"he", "she", "his", "hers"}, "ushers"},
		{"of one beginning", []string{"server", "serve", "serv", "servers", "service", "ser", "s"}, "servers serve services"},
		{"longer than what is left", []string{"abcdef", "abcd", "abc"}, "xabcde"},
		{"doubles and empty patterns", []string{"", "aa", "aa", "a"}, "aaa"},
		{"nothing to find", nil, "abc"},
		{"a single byte at the end", []string{"c", "bc"}, "abc"},
		{"bytes of zero", []string{"\x00", "\x00\x00\x00", "\x00\x00\x00\x00"}, "\x00\x00\x00\x00\x00"},
		{"Japanese bytes", []string{"病院", "総合病院", "合病", "病"}, "葵総合病院と総病院"},
	} {
		t.Run(c.why, func(t *testing.T) { check(t, c.patterns, []byte(c.text)) })
	}
}

func TestStopsWhenTold(t *testing.T) {
	n := 0
	for range filter.New([]string{"a", "aa", "aaaaa"}).All([]byte("aaaaaaaa")) {
		if n++; n == 5 {
			break
		}
	}
	if n != 5 {
		t.Fatal(n)
	}
	for range new(filter.Filter).All([]byte("a")) {
		t.Fatal("the zero value finds something")
	}
}

func FuzzAgainstNaive(f *testing.F) {
	f.Add("he,she,his,hers", "ushers")
	f.Add("aaaa,aaaaa,aaaaaaa,a,aa", "aaaaaaaaaa")
	f.Add("病院,総合病院", "総合病院")
	f.Fuzz(func(t *testing.T, patterns, text string) {
		if len(patterns) > 300 || len(text) > 300 {
			return
		}
		check(t, strings.Split(patterns, ","), []byte(text))
	})
}

// BenchmarkFew compares both ways for a thousand patterns: making ready, and a text of
// 30 KB.
func BenchmarkFew(b *testing.B) {
	patterns := make([]string, 1000)
	for i := range patterns {
		patterns[i] = fmt.Sprintf([]string{"担当%d係", "sv%05d", "%d床の病棟", "mtokura%dnaibujp", "戸倉%d瑞穂"}[i%5], i*7919)
	}
	text := []byte(strings.Repeat("攻撃者はサーバーsv00012に接続し、認証情報を窃取した。the attacker moved on. ", 300))
	b.Run("filter/new", func(b *testing.B) {
		for b.Loop() {
			filter.New(patterns)
		}
	})
	b.Run("automaton/new", func(b *testing.B) {
		for b.Loop() {
			automaton.New(patterns)
		}
	})
	f, a := filter.New(patterns), automaton.New(patterns)
	b.Run("filter/all", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			for range f.All(text) {
			}
		}
	})
	b.Run("automaton/all", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			for range a.All(text) {
			}
		}
	})
}
