package gate

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// A needle is one squeezed spelling to look for, and when a place where it stands
// counts. Several needles may have the same text.
type needle struct {
	text  string
	raw   string // the spelling it derives from
	class string
	rule  rule
	aux   string // what the rule needs: see rule
}

// The numbers of bytes that the filters look at: needles of longKey bytes and more,
// of midKey and more, and the rest, which have two.
const (
	longKey  = 6
	midKey   = 3
	shortKey = 2
)

// A matcher finds all needles that stand at any place of a squeezed text. The first
// two bytes of a place tell whether needles begin so; the first bytes then go through a
// bit filter; what passes is looked up among the sorted needles. Time is linear: a place costs at most the length of the longest
// needle times the logarithm of their number, and nearly always one bit test.
type matcher struct {
	needles          []needle // sorted by text
	long, mid, short filter
	first            [1 << 12]uint64 // which four bytes begin a needle of the long filter
	heads            [1 << 16]byte   // which filters have needles that begin with two bytes
}

// What heads says of two bytes.
const (
	headLong = 1 << iota
	headMid
	headShort
)

// A filter maps the first bytes of a needle to the range of needles that begin so.
type filter struct {
	bits  []uint64
	shift uint // of the hash, to a bit number
	slots []slot
	mask  uint64
	used  bool
	size  int // bytes of a key
	below int // needles of this length and more are another filter's
}

type slot struct {
	key    uint64
	lo, hi int32 // hi 0: free
}

// maxNeedle is the most of a needle that is compared; the rest of a longer one is
// not looked at.
const maxNeedle = 512

func newMatcher(needles []needle) *matcher {
	order := make([]placed, 0, len(needles))
	for i := range needles {
		if n := &needles[i]; len(n.text) >= shortKey {
			n.text = n.text[:min(len(n.text), maxNeedle)]
			order = append(order, placed{beginning(n.text), int32(i)})
		}
	}
	slices.SortFunc(order, func(a, b placed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(needles[a.at].text, needles[b.at].text)
	})
	m := &matcher{needles: make([]needle, 0, len(order))}
	for _, o := range order {
		if n := needles[o.at]; len(m.needles) == 0 || !same(n, m.needles[len(m.needles)-1]) {
			m.needles = append(m.needles, n)
		}
	}
	m.long = m.newFilter(longKey, maxNeedle+1)
	for i := range m.needles {
		if text := m.needles[i].text; len(text) >= longKey {
			h := firstHash(uint32(keyOf(text[:4])))
			m.first[h/64] |= 1 << (h % 64)
		}
	}
	m.mid = m.newFilter(midKey, longKey)
	m.short = m.newFilter(shortKey, midKey)
	for i := range m.needles {
		text := m.needles[i].text
		head := &m.heads[keyOf(text[:shortKey])]
		switch {
		case len(text) >= longKey:
			*head |= headLong
		case len(text) >= midKey:
			*head |= headMid
		default:
			*head |= headShort
		}
	}
	return m
}

// placed is a needle to be sorted: most are told apart by how they begin.
type placed struct {
	key uint64
	at  int32
}

// beginning is the first bytes of a text, in the order of texts.
func beginning(text string) uint64 {
	var k uint64
	for i := range 8 {
		k <<= 8
		if i < len(text) {
			k |= uint64(text[i])
		}
	}
	return k
}

// same reports whether two needles are found alike.
func same(a, b needle) bool {
	return a.text == b.text && a.rule == b.rule && a.aux == b.aux && a.class == b.class
}

// newFilter makes the filter of the needles of size bytes and more and less than
// below, by their first size bytes.
func (m *matcher) newFilter(size, below int) filter {
	var groups []slot
	for lo := 0; lo < len(m.needles); {
		text := m.needles[lo].text
		if len(text) < size {
			lo++
			continue
		}
		hi, any := lo, false
		for hi < len(m.needles) && len(m.needles[hi].text) >= size && m.needles[hi].text[:size] == text[:size] {
			any = any || len(m.needles[hi].text) < below
			hi++
		}
		if any {
			groups = append(groups, slot{keyOf(text[:size]), int32(lo), int32(hi)})
		}
		lo = hi
	}
	slots := 1 << bits.Len(uint(len(groups)*3/2+8))
	words := max(slots/2, 64) // 32 bits a slot
	f := filter{
		bits:  make([]uint64, words),
		shift: uint(64 - bits.Len(uint(words*64-1))),
		slots: make([]slot, slots),
		mask:  uint64(slots - 1),
		used:  len(groups) > 0, size: size, below: below,
	}
	for _, g := range groups {
		f.add(g)
	}
	return f
}

func keyOf[T string | []byte](s T) uint64 {
	var k uint64
	for i := len(s) - 1; i >= 0; i-- {
		k = k<<8 | uint64(s[i])
	}
	return k
}

// firstHash spreads four bytes over the bits of first, which lie in the nearest cache.
func firstHash(four uint32) uint32 { return four * 0x9e3779b1 >> (32 - 18) }

func hash(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 }

func (f *filter) add(s slot) {
	h := hash(s.key)
	bit := h >> f.shift
	f.bits[bit/64] |= 1 << (bit % 64)
	i := h >> 20 & f.mask
	for f.slots[i].hi != 0 {
		i = (i + 1) & f.mask
	}
	f.slots[i] = s
}

// may reports whether needles may begin with key.
func (f *filter) may(key uint64) bool {
	bit := hash(key) >> f.shift
	return f.bits[bit/64]&(1<<(bit%64)) != 0
}

func (f *filter) get(key uint64) (lo, hi int) {
	i := hash(key) >> 20 & f.mask
	for f.slots[i].hi != 0 {
		if f.slots[i].key == key {
			return int(f.slots[i].lo), int(f.slots[i].hi)
		}
		i = (i + 1) & f.mask
	}
	return 0, 0
}

// find calls found for each needle that stands at a place of text below limit.
// Needles may reach beyond limit, to the end of text.
func (m *matcher) find(text []byte, limit int, found func(n *needle, at int)) {
	m.search(&m.heads, nil, text, limit, found, nil)
}

// besideShift is where in heads those of a second matcher stand.
const besideShift = 3

// heads are tables for joinHeads, used again.
var heads = sync.Pool{New: func() any { return new([1 << 16]byte) }}

// joinHeads sets heads to those of both matchers.
func (m *matcher) joinHeads(heads *[1 << 16]byte, beside *matcher) {
	*heads = m.heads
	for i := range beside.needles {
		at := keyOf(beside.needles[i].text[:shortKey])
		heads[at] |= beside.heads[at] << besideShift
	}
}

// search is find for the needles of two matchers at once, with heads of both: most
// places begin no needle of either, and are looked at once. Beside may be nil.
func (m *matcher) search(heads *[1 << 16]byte, beside *matcher, text []byte, limit int, found, foundBeside func(n *needle, at int)) {
	whole := max(min(limit, len(text)-8), 0)
	long, mid, short := &m.long, &m.mid, &m.short
	for i := range whole {
		v := binary.LittleEndian.Uint64(text[i:])
		head := heads[uint16(v)]
		if head == 0 {
			continue
		}
		if head&headLong != 0 {
			if h := firstHash(uint32(v)); m.first[h/64]&(1<<(h%64)) != 0 && long.may(v&(1<<(8*longKey)-1)) {
				m.at(long, v&(1<<(8*longKey)-1), text, i, found)
			}
		}
		if head&headMid != 0 && mid.may(v&(1<<(8*midKey)-1)) {
			m.at(mid, v&(1<<(8*midKey)-1), text, i, found)
		}
		if head&headShort != 0 {
			m.at(short, v&(1<<(8*shortKey)-1), text, i, found)
		}
		if head >= 1<<besideShift {
			beside.place(head>>besideShift, v, text, i, foundBeside)
		}
	}
	m.findEnd(text, whole, limit, found)
	if beside != nil {
		beside.findEnd(text, whole, limit, foundBeside)
	}
}

// place looks for the needles that stand at i, where v begins.
func (m *matcher) place(head byte, v uint64, text []byte, i int, found func(n *needle, at int)) {
	if head&headLong != 0 {
		if h := firstHash(uint32(v)); m.first[h/64]&(1<<(h%64)) != 0 && m.long.may(v&(1<<(8*longKey)-1)) {
			m.at(&m.long, v&(1<<(8*longKey)-1), text, i, found)
		}
	}
	if head&headMid != 0 && m.mid.may(v&(1<<(8*midKey)-1)) {
		m.at(&m.mid, v&(1<<(8*midKey)-1), text, i, found)
	}
	if head&headShort != 0 {
		m.at(&m.short, v&(1<<(8*shortKey)-1), text, i, found)
	}
}

// findEnd is find for the last places, where fewer than eight bytes are left.
func (m *matcher) findEnd(text []byte, from, limit int, found func(n *needle, at int)) {
	for i := from; i < limit; i++ {
		for _, f := range []*filter{&m.long, &m.mid, &m.short} {
			if rest := text[i:]; f.used && len(rest) >= f.size {
				m.at(f, keyOf(rest[:f.size]), text, i, found)
			}
		}
	}
}

// at narrows the needles that begin with key, byte by byte, and reports those of
// filter f that text holds at i.
func (m *matcher) at(f *filter, key uint64, text []byte, i int, found func(n *needle, at int)) {
	lo, hi := f.get(key)
	rest := text[i:]
	for depth := f.size; lo < hi; depth++ {
		for lo < hi && len(m.needles[lo].text) == depth {
			found(&m.needles[lo], i)
			lo++
		}
		if lo == hi || depth >= len(rest) || depth+1 >= f.below {
			return
		}
		lo, hi = m.narrow(lo, hi, depth, rest[depth])
	}
}

// narrow returns the needles of lo to hi whose byte at depth is c. All are longer.
func (m *matcher) narrow(lo, hi, depth int, c byte) (int, int) {
	first, last := m.needles[lo].text[depth], m.needles[hi-1].text[depth]
	if first == c && last == c {
		return lo, hi
	}
	if c < first || c > last {
		return 0, 0
	}
	lo = m.firstOf(lo, hi, depth, c)
	if c == 0xff {
		return lo, hi
	}
	return lo, m.firstOf(lo, hi, depth, c+1)
}

// firstOf returns the first of lo to hi whose byte at depth is c or more.
func (m *matcher) firstOf(lo, hi, depth int, c byte) int {
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if m.needles[mid].text[depth] < c {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
