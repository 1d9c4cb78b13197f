package gate

import (
	"cmp"
	"slices"
)

// How long a name is at least, and at most, that is looked for with one letter wrong.
const (
	minNear  = 9
	mostNear = 40
)

// nearNames is a set of names by hash: each whole, without each of its letters, and with
// each of its letters open.
type nearNames struct {
	keys  []uint64 // sorted; those of several names stand as often
	names []int32  // in raws, of each key
	raws  []string
	bits  [1 << 14]uint64
}

// What a key is of: a name whole, without one letter, with one open.
const (
	wholeKey = iota
	shorterKey
	openKey
)

func (n *nearNames) add(raw, name string) {
	if len(name) < minNear || len(name) > mostNear || !ascii(name) {
		return
	}
	sums := sumsOf([]byte(name))
	n.keys = append(n.keys, sums.whole(wholeKey))
	for i := range len(name) {
		n.keys = append(n.keys, sums.without(i, shorterKey), sums.opened(i))
	}
	for len(n.names) < len(n.keys) {
		n.names = append(n.names, int32(len(n.raws)))
	}
	n.raws = append(n.raws, raw)
}

func (n *nearNames) sort() {
	type entry struct {
		key  uint64
		name int32
	}
	entries := make([]entry, len(n.keys))
	for i, key := range n.keys {
		entries[i] = entry{key, n.names[i]}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.name, b.name)) })
	entries = slices.Compact(entries)
	n.keys, n.names = make([]uint64, len(entries)), make([]int32, len(entries))
	for i, e := range entries {
		n.keys[i], n.names[i] = e.key, e.name
		n.bits[e.key>>50] |= 1 << (e.key >> 44 % 64)
	}
}

// tell calls found with each name that has a key.
func (n *nearNames) tell(key uint64, found func(raw string)) {
	if n.bits[key>>50]&(1<<(key>>44%64)) == 0 {
		return
	}
	for i, _ := slices.BinarySearch(n.keys, key); i < len(n.keys) && n.keys[i] == key; i++ {
		found(n.raws[n.names[i]])
	}
}

// find calls found with the names that one letter more, less or otherwise, or two in each
// other's place, makes of a word of small letters; with one of them maybe several times.
func (n *nearNames) find(word []byte, found func(raw string)) {
	if len(word) < minNear-1 || len(word) > mostNear+1 {
		return
	}
	sums := sumsOf(word)
	n.tell(sums.whole(wholeKey), found)
	n.tell(sums.whole(shorterKey), found)
	for i := range word {
		n.tell(sums.without(i, wholeKey), found)
		n.tell(sums.opened(i), found)
		if i > 0 {
			n.tell(sums.swapped(i), found)
		}
	}
}

// sums are hashes of the beginnings and ends of a word, of which those of its variants are
// made: sums of its letters, each by the power of its place.
type sums struct {
	word       []byte
	head, tail [mostNear + 3]uint64 // of word[:i] and, as if it began there, of word[i:]
}

const powerBase = 0x9e3779b97f4a7c15

var powers = func() (t [mostNear + 3]uint64) {
	t[0] = 1
	for i := 1; i < len(t); i++ {
		t[i] = t[i-1] * powerBase
	}
	return t
}()

func sumsOf(word []byte) *sums {
	s := &sums{word: word}
	for i, c := range word {
		s.head[i+1] = s.head[i] + uint64(c)*powers[i]
	}
	for i := len(word) - 1; i >= 0; i-- {
		s.tail[i] = s.tail[i+1]*powerBase + uint64(word[i])
	}
	return s
}

func (s *sums) whole(kind uint64) uint64 { return mix(s.head[len(s.word)]*4 + kind) }

func (s *sums) without(i int, kind uint64) uint64 {
	return mix((s.head[i]+s.tail[i+1]*powers[i])*4 + kind)
}

func (s *sums) opened(i int) uint64 {
	return mix((s.head[i]+(s.tail[i+1]*powerBase+'?')*powers[i])*4 + openKey)
}

func (s *sums) swapped(i int) uint64 {
	by := (uint64(s.word[i]) - uint64(s.word[i-1])) * (powers[i-1] - powers[i])
	return mix((s.head[len(s.word)]+by)*4 + wholeKey)
}
