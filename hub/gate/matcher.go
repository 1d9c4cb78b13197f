package gate

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
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

// longKey is the number of bytes that the first filter looks at.
const longKey = 6

// A matcher finds all needles that stand at any place of a squeezed text. The first
// bytes of each place go through a bit filter; what passes is looked up among the
// sorted needles. Time is linear: a place costs at most the length of the longest
// needle times the logarithm of their number, and nearly always one bit test.
type matcher struct {
	needles []needle // sorted by text
	long    filter   // needles of longKey bytes and more, by their first longKey
	short   filter   // shorter ones, by their first 2
	shorts  bool
}

// A filter maps the first bytes of a needle to the range of needles that begin so.
type filter struct {
	bits  []uint64
	shift uint // of the hash, to a bit number
	slots []slot
	mask  uint64
}

type slot struct {
	key    uint64
	lo, hi int32 // hi 0: free
}

// maxNeedle is the most of a needle that is compared; the rest of a longer one is
// not looked at.
const maxNeedle = 512

// newMatcher makes a matcher of needles, which it owns from then on.
func newMatcher(needles []needle) *matcher {
	m := &matcher{needles: needles[:0]}
	for _, n := range needles {
		if len(n.text) > maxNeedle {
			n.text = n.text[:maxNeedle]
		}
		if len(n.text) >= 2 {
			m.needles = append(m.needles, n)
		}
	}
	slices.SortFunc(m.needles, func(a, b needle) int { return strings.Compare(a.text, b.text) })
	m.needles = slices.CompactFunc(m.needles, func(a, b needle) bool {
		return a.text == b.text && a.rule == b.rule && a.aux == b.aux && a.class == b.class
	})
	m.long = newFilter(len(m.needles))
	m.short = newFilter(len(m.needles) / 4)
	for lo := 0; lo < len(m.needles); {
		key := shortOf(m.needles[lo].text)
		hi := lo + 1
		for hi < len(m.needles) && shortOf(m.needles[hi].text) == key {
			hi++
		}
		m.group(lo, hi, key)
		lo = hi
	}
	return m
}

// group enters the needles lo to hi, which share their first two bytes.
func (m *matcher) group(lo, hi int, key uint64) {
	short := false
	for i := lo; i < hi; {
		text := m.needles[i].text
		if len(text) < longKey {
			short = true
			i++
			continue
		}
		k, j := longOf(text), i+1
		for j < hi && strings.HasPrefix(m.needles[j].text, text[:longKey]) {
			j++
		}
		m.long.add(k, i, j)
		i = j
	}
	if short {
		m.short.add(key, lo, hi)
		m.shorts = true
	}
}

func shortOf(s string) uint64 { return uint64(s[0]) | uint64(s[1])<<8 }

func longOf(s string) uint64 {
	var k uint64
	for i := longKey - 1; i >= 0; i-- {
		k = k<<8 | uint64(s[i])
	}
	return k
}

func newFilter(n int) filter {
	slots := 1 << bits.Len(uint(n+n/2+8))
	words := max(slots/4, 256) // 16 bits a slot
	return filter{
		bits:  make([]uint64, words),
		shift: uint(64 - bits.Len(uint(words*64-1))),
		slots: make([]slot, slots),
		mask:  uint64(slots - 1),
	}
}

func hash(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 }

func (f *filter) add(key uint64, lo, hi int) {
	h := hash(key)
	bit := h >> f.shift
	f.bits[bit/64] |= 1 << (bit % 64)
	i := h >> 20 & f.mask
	for f.slots[i].hi != 0 {
		i = (i + 1) & f.mask
	}
	f.slots[i] = slot{key, int32(lo), int32(hi)}
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
	if len(m.needles) == 0 {
		return
	}
	whole := min(limit, len(text)-8)
	for i := 0; i < whole; i++ {
		v := binary.LittleEndian.Uint64(text[i:])
		h := hash(v&(1<<48-1)) >> m.long.shift
		if m.long.bits[h/64]&(1<<(h%64)) != 0 {
			m.at(&m.long, v&(1<<48-1), longKey, text, i, found)
		}
		if m.shorts {
			h = hash(v&0xffff) >> m.short.shift
			if m.short.bits[h/64]&(1<<(h%64)) != 0 {
				m.at(&m.short, v&0xffff, 2, text, i, found)
			}
		}
	}
	m.findEnd(text, max(whole, 0), limit, found)
}

// findEnd is find for the last places, where fewer than eight bytes are left.
func (m *matcher) findEnd(text []byte, from, limit int, found func(n *needle, at int)) {
	for i := from; i < limit; i++ {
		rest := text[i:]
		if len(rest) >= longKey {
			m.at(&m.long, longOf(string(rest[:longKey])), longKey, text, i, found)
		}
		if len(rest) >= 2 {
			m.at(&m.short, uint64(rest[0])|uint64(rest[1])<<8, 2, text, i, found)
		}
	}
}

// at narrows the needles that begin with key, byte by byte, and reports those that
// text holds at i. The short filter reports needles below longKey bytes only.
func (m *matcher) at(f *filter, key uint64, depth int, text []byte, i int, found func(n *needle, at int)) {
	lo, hi := f.get(key)
	rest := text[i:]
	for lo < hi {
		for lo < hi && len(m.needles[lo].text) == depth {
			found(&m.needles[lo], i)
			lo++
		}
		if lo == hi || depth >= len(rest) || f == &m.short && depth == longKey-1 {
			return
		}
		lo, hi = m.narrow(lo, hi, depth, rest[depth])
		depth++
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
	lo = m.search(lo, hi, depth, c)
	if c == 0xff {
		return lo, hi
	}
	return lo, m.search(lo, hi, depth, c+1)
}

// search returns the first of lo to hi whose byte at depth is c or more.
func (m *matcher) search(lo, hi, depth int, c byte) int {
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
