package gate

import "unicode/utf8"

// shingles finds sentences of a report that come back in an output: every run of
// twelve characters, most of them Japanese, and every run of six words in Latin
// letters that stand in running text.
type shingles struct {
	japanese map[uint64]string // hash of the run: the value it is from
	latin    map[uint64]string
	filter   [1 << 10]uint64
}

const (
	runLength   = 12 // characters
	runJapanese = 8  // of them kanji or kana
	runWords    = 6
	runLetters  = 20
)

func (s *shingles) empty() bool { return len(s.japanese)+len(s.latin) == 0 }

// add enters all runs of a value.
func (s *shingles) add(raw, text string) {
	if s.japanese == nil {
		s.japanese, s.latin = map[uint64]string{}, map[uint64]string{}
	}
	var v view
	v.reset([]byte(text))
	v.fill(4 * len(text))
	runs(v.text, func(h uint64, _, _ int) {
		s.japanese[h] = raw
		s.mark(h)
	})
	wordRuns([]byte(text), func(h uint64, _, _ int) {
		s.latin[h] = raw
		s.mark(h)
	})
}

func (s *shingles) mark(h uint64) { s.filter[h>>6%1024] |= 1 << (h % 64) }

func (s *shingles) marked(h uint64) bool { return s.filter[h>>6%1024]&(1<<(h%64)) != 0 }

// find calls found for each run of v.text[:limit] and its neighbours that a value has.
func (s *shingles) find(v *view, found func(raw string, start, end int)) {
	runs(v.text, func(h uint64, i, j int) {
		if s.marked(h) {
			if raw, ok := s.japanese[h]; ok {
				start, end := v.span(i, j)
				found(raw, start, end)
			}
		}
	})
}

// findWords calls found for each run of words of src that a value has.
func (s *shingles) findWords(src []byte, found func(raw string, start, end int)) {
	if len(s.latin) == 0 {
		return
	}
	wordRuns(src, func(h uint64, i, j int) {
		if s.marked(h) {
			if raw, ok := s.latin[h]; ok {
				found(raw, i, j)
			}
		}
	})
}

// runs calls found with the hash of each run of runLength characters of squeezed
// text that is mostly Japanese.
func runs(text []byte, found func(h uint64, i, j int)) {
	const prime = 0x9e3779b97f4a7c15
	top := uint64(1)
	for range runLength {
		top *= prime
	}
	var ring [runLength]struct {
		r  rune
		at int
	}
	var h uint64
	japanese, n := 0, 0
	for i := 0; i < len(text); n++ {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
			japanese++
		}
		k := n % runLength
		if n >= runLength {
			h -= uint64(ring[k].r) * top
			if ring[k].r >= utf8.RuneSelf {
				japanese--
			}
		}
		h = (h + uint64(r)) * prime
		ring[k].r, ring[k].at = r, i
		i += size
		if n >= runLength-1 && japanese >= runJapanese {
			found(mix(h), ring[(n+1)%runLength].at, i)
		}
	}
}

// mix spreads the bits of a rolling hash.
func mix(h uint64) uint64 {
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}

// wordRuns calls found with the hash of each run of runWords words of letters only,
// parted by nothing but spaces and commas.
func wordRuns(src []byte, found func(h uint64, i, j int)) {
	var words [runWords]struct {
		h       uint64
		at, len int
	}
	n := 0
	for i := 0; i < len(src); {
		if !asciiLetter(src[i]) {
			if src[i] != ' ' && src[i] != ',' && src[i] != '\n' {
				n = 0
			}
			i++
			continue
		}
		j, h := i, uint64(14695981039346656037)
		for j < len(src) && asciiLetter(src[j]) {
			h = (h ^ uint64(src[j]|0x20)) * 1099511628211
			j++
		}
		w := &words[n%runWords]
		w.h, w.at, w.len = h, i, j-i
		if n++; n >= runWords {
			var sum uint64
			letters := 0
			for k := range runWords {
				p := words[(n+k)%runWords]
				sum = sum*31 + mix(p.h)
				letters += p.len
			}
			if letters >= runLetters {
				found(mix(sum), words[n%runWords].at, j)
			}
		}
		i = j
	}
}

func asciiLetter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z'
}
