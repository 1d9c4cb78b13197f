// Package filter finds some thousand byte patterns in a text and is ready at once: it
// sorts them and notes how they begin, where an automaton would build a node for each
// of their bytes. It is what one case's own needles are looked for with.
//
// Two bits of every place tell whether patterns may begin there; what passes is looked
// up by its first four bytes and then narrowed byte by byte among the sorted patterns, so
// that a place costs at most the length of the longest pattern times the logarithm of
// their number, whatever text and patterns are.
//
// It is pure and safe for concurrent searches.
//
//	f := filter.New([]string{"he", "she", "hers"})
//	for m := range f.All([]byte("ushers")) {
//		fmt.Println(m.Pattern, m.Start, m.End) // 1 1 4, 0 2 4, 2 2 6
//	}
package filter

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"
	"strings"

	"isac/hub/register/automaton"
)

// Filter is a built set of patterns. The zero value finds nothing.
type Filter struct {
	patterns []string    // sorted, each once
	index    []int32     // what each was given as
	heads    [256]uint64 // by first byte: six bits of which follow
	slots    []slot      // by the first bytes; as many as a power of two
	short    bool        // some patterns have fewer bytes than a key
}

// A slot is the range of patterns that begin with a key; hi 0 is a free one.
type slot struct {
	key    uint32
	size   int32 // bytes of the key: those of a shorter pattern are all of it
	lo, hi int32
}

// keySize is how many bytes a key has at most.
const keySize = 4

// New builds the filter. Empty patterns never match; of equal patterns the first is
// reported.
func New(patterns []string) *Filter {
	f := &Filter{index: make([]int32, 0, len(patterns))}
	for i, p := range patterns {
		if p != "" {
			f.index = append(f.index, int32(i))
		}
	}
	slices.SortFunc(f.index, func(x, y int32) int {
		if c := strings.Compare(patterns[x], patterns[y]); c != 0 {
			return c
		}
		return cmp.Compare(x, y)
	})
	f.index = slices.CompactFunc(f.index, func(x, y int32) bool { return patterns[x] == patterns[y] })
	f.patterns = make([]string, len(f.index))
	for i, p := range f.index {
		f.patterns[i] = patterns[p]
		f.mark(patterns[p])
	}
	f.slots = make([]slot, 1<<bits.Len(uint(2*len(f.patterns))))
	for lo := 0; lo < len(f.patterns); {
		size := min(len(f.patterns[lo]), keySize)
		hi := lo + 1
		for hi < len(f.patterns) && size == keySize && len(f.patterns[hi]) >= size && f.patterns[hi][:size] == f.patterns[lo][:size] {
			hi++
		}
		f.keep(slot{keyOf(f.patterns[lo], size), int32(size), int32(lo), int32(hi)})
		lo = hi
	}
	return f
}

// mark notes how a pattern begins.
func (f *Filter) mark(p string) {
	if len(p) >= 2 {
		f.short = f.short || len(p) < keySize
		f.heads[p[0]] |= 1 << (p[1] & 63)
		return
	}
	f.short = true
	f.heads[p[0]] = ^uint64(0) // whatever follows
}

func (f *Filter) keep(s slot) {
	i := f.place(s.key, s.size)
	for f.slots[i].hi != 0 {
		i = (i + 1) & (len(f.slots) - 1)
	}
	f.slots[i] = s
}

func (f *Filter) place(key uint32, size int32) int {
	return int((key^uint32(size)<<29)*0x9e3779b1>>7) & (len(f.slots) - 1)
}

func (f *Filter) get(key uint32, size int32) (lo, hi int) {
	for i := f.place(key, size); f.slots[i].hi != 0; i = (i + 1) & (len(f.slots) - 1) {
		if s := f.slots[i]; s.key == key && s.size == size {
			return int(s.lo), int(s.hi)
		}
	}
	return 0, 0
}

func keyOf[T string | []byte](s T, size int) uint32 {
	key := uint32(0)
	for i := range size {
		key |= uint32(s[i]) << (8 * i)
	}
	return key
}

// All yields every occurrence of every pattern, ordered by Start, shorter ones first.
func (f *Filter) All(text []byte) iter.Seq[automaton.Match] {
	return func(yield func(automaton.Match) bool) {
		if len(f.patterns) == 0 {
			return
		}
		for i := range text {
			if i+1 < len(text) && f.heads[text[i]]&(1<<(text[i+1]&63)) == 0 {
				continue
			}
			if !f.at(text, i, yield) {
				return
			}
		}
	}
}

// at yields the patterns that text holds at i.
func (f *Filter) at(text []byte, i int, yield func(automaton.Match) bool) bool {
	rest := text[i:]
	for size := 1; f.short && size < min(keySize, len(rest)+1); size++ {
		if lo, hi := f.get(keyOf(rest, size), int32(size)); lo < hi && !yield(automaton.Match{Pattern: int(f.index[lo]), Start: i, End: i + size}) {
			return false
		}
	}
	if len(rest) < keySize {
		return true
	}
	lo, hi := f.get(keyOf(rest, keySize), keySize)
	for depth := keySize; lo < hi; depth++ {
		if len(f.patterns[lo]) == depth {
			if !yield(automaton.Match{Pattern: int(f.index[lo]), Start: i, End: i + depth}) {
				return false
			}
			lo++
		}
		if depth >= len(rest) {
			return true
		}
		lo, hi = f.narrow(lo, hi, depth, rest[depth])
	}
	return true
}

// narrow returns which patterns of lo to hi, all longer than depth, go on with c.
func (f *Filter) narrow(lo, hi, depth int, c byte) (int, int) {
	first := lo + f.count(lo, hi, depth, func(b byte) bool { return b < c })
	return first, first + f.count(first, hi, depth, func(b byte) bool { return b == c })
}

// count returns for how many of lo to hi, from the first on, the byte at depth is less.
func (f *Filter) count(lo, hi, depth int, less func(byte) bool) int {
	from := lo
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if less(f.patterns[mid][depth]) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - from
}
