package gate

import "slices"

// How long a name is at least, and at most, that is looked for with one letter wrong.
const (
	minNear  = 9
	mostNear = 40
)

// nearNames is a set of names by hash: each whole, without each of its letters, and with
// each of its letters open.
type nearNames struct {
	keys []uint64 // sorted
	bits [1 << 14]uint64
}

// What a key is of: a name whole, without one letter, with one open.
const (
	wholeKey = iota
	shorterKey
	openKey
)

func (n *nearNames) add(name string) {
	if len(name) >= minNear && len(name) <= mostNear && ascii(name) {
		sums := sumsOf([]byte(name))
		n.keys = append(n.keys, sums.whole(wholeKey))
		for i := range len(name) {
			n.keys = append(n.keys, sums.without(i, shorterKey), sums.opened(i))
		}
	}
}

func (n *nearNames) sort() {
	slices.Sort(n.keys)
	n.keys = slices.Clip(slices.Compact(n.keys))
	for _, k := range n.keys {
		n.bits[k>>50] |= 1 << (k >> 44 % 64)
	}
}

func (n *nearNames) holds(key uint64) bool {
	if n.bits[key>>50]&(1<<(key>>44%64)) == 0 {
		return false
	}
	_, ok := slices.BinarySearch(n.keys, key)
	return ok
}

// has reports whether one letter more, less or otherwise, or two in each other's place,
// makes a word of small letters a name.
func (n *nearNames) has(word []byte) bool {
	if len(word) < minNear-1 || len(word) > mostNear+1 {
		return false
	}
	sums := sumsOf(word)
	if n.holds(sums.whole(wholeKey)) || n.holds(sums.whole(shorterKey)) {
		return true
	}
	for i := range word {
		if n.holds(sums.without(i, wholeKey)) || n.holds(sums.opened(i)) || i > 0 && n.holds(sums.swapped(i)) {
			return true
		}
	}
	return false
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
