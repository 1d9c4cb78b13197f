package sift

// none is the value of an entry that stands for no value.
const none = -1

// entry is a value under the hash by which it is found.
type entry struct {
	hash  uint64
	value int32
}

// index finds values by hash. A filter of a few bits a value stands before the table,
// since nearly nothing in a log is sought, and the filter stays in the cache.
type index struct {
	filter []uint64
	shift  uint
	heads  map[uint64]span32
	values []int32
}

type span32 struct{ start, end int32 }

func newIndex(entries []entry) index {
	x := index{shift: 64 - 6}
	words := 1 << 6
	for words*4 < len(entries) { // 16 bits a value
		words, x.shift = words*2, x.shift-1
	}
	x.filter = make([]uint64, words)
	count := make(map[uint64]int32, len(entries))
	for _, e := range entries {
		x.filter[e.hash>>x.shift] |= bitsOf(e.hash)
		count[e.hash]++
	}
	x.heads = make(map[uint64]span32, len(count))
	x.values = make([]int32, len(entries))
	free := int32(0)
	for _, e := range entries {
		s, ok := x.heads[e.hash]
		if !ok {
			s = span32{free, free}
			free += count[e.hash]
		}
		x.values[s.end] = e.value
		s.end++
		x.heads[e.hash] = s
	}
	return x
}

// bitsOf are three bits of a word of the filter, chosen by what the place of the word
// isn't chosen by.
func bitsOf(h uint64) uint64 { return 1<<(h>>24&63) | 1<<(h>>30&63) | 1<<(h>>36&63) }

// may reports whether there can be values under a hash.
func (x *index) may(h uint64) bool {
	b := bitsOf(h)
	return x.filter[h>>x.shift]&b == b
}

func (x *index) of(h uint64) []int32 {
	s := x.heads[h]
	return x.values[s.start:s.end]
}
