package gate

import "bytes"

// How long a name by its sound is at least, and as a part of a longer word.
const (
	minHeard  = 7
	longHeard = 9
)

// heard returns a word of small Latin letters by what is heard of it, and the place of each
// letter: voiced sounds are their plain ones, long vowels short, both ways of writing
// Japanese one. Other signs part what is heard.
func heard(word []byte) (text []byte, places []int) {
	text, places = make([]byte, 0, len(word)), make([]int, 0, len(word))
	at := func(i int) byte {
		if i < 0 || i >= len(word) {
			return 0
		}
		return word[i]
	}
	for i, c := range word {
		before, after := at(i-1), at(i+1)
		last := byte(0)
		if len(text) > 0 {
			last = text[len(text)-1]
		}
		switch c {
		case 'g', 'q':
			c = 'k'
		case 'c':
			if c = 'k'; after == 'h' {
				c = 's'
			}
		case 'z', 'j':
			c = 's'
		case 't', 'd':
			if c = 't'; after == 'i' || after == 'u' || after == 'y' || after == 's' || after == 'z' || after == 'c' {
				c = 's'
			}
		case 'b', 'p', 'f', 'v':
			c = 'h'
		case 'l':
			c = 'r'
		case 'm':
			if after == 'b' || after == 'p' || after == 'm' {
				c = 'n'
			}
		case 'h':
			if before == 's' || before == 'c' || before == 'o' && !vowel(after) && after != 'y' {
				continue
			}
		case 'y':
			if before != 0 && !vowel(before) && asciiLetter(before) {
				continue
			}
		case 'u':
			if last == 'o' {
				continue
			}
		case 'i':
			if last == 'e' {
				continue
			}
		}
		if !asciiLetter(c) {
			c = skipped
		}
		if c != last {
			text, places = append(text, c), append(places, i)
		}
	}
	return text, places
}

// chosen looks at what stands in quotes, as in the patterns of indicators, for names that
// somebody would hear, or with one letter wrong. Everybody's words resemble a name now and
// then; what somebody has chosen hardly ever does by chance.
func (p *pass) chosen(src []byte) {
	for i := 0; i < len(src); i++ {
		n := bytes.IndexByte(src[i:], '\'')
		if n < 0 {
			return
		}
		if i += n; i == 0 || src[i-1] != ' ' && src[i-1] != '(' && src[i-1] != ',' {
			continue
		}
		end, closed := literalIn(src, i+1)
		if !closed {
			i = end
			continue
		}
		for from := i + 1; from < end; {
			to := from
			for to < end && inName(src[to]) {
				to++
			}
			if to-from >= minHeard {
				p.resembles(src[from:to], from)
			}
			from = to + 1
		}
		i = end
	}
}

// literalIn returns where the literal of a pattern that begins at i ends, and whether it is
// closed before the value that holds it ends.
func literalIn(src []byte, i int) (end int, closed bool) {
	for ; i < len(src) && src[i] != valueBreak; i++ {
		switch src[i] {
		case '\\':
			i++
		case '\'':
			return i, true
		}
	}
	return min(i, len(src)), false
}

// resembles looks at a word of a chosen value, by its parts and with these in one.
func (p *pass) resembles(word []byte, at int) {
	kinds := byte(0)
	for _, c := range word {
		kinds |= signs[c]
	}
	if kinds&nonHex == 0 {
		return
	}
	letters := make([]byte, 0, len(word))
	parts := 0
	for from := 0; from < len(word); {
		to := from
		for to < len(word) && asciiLetter(word[to]) {
			to++
		}
		if to > from {
			part := lower(word[from:to])
			letters = append(letters, part...)
			parts++
			p.resemblesPart(part, at, at+len(word))
		}
		from = to + 1
	}
	if parts > 1 && kinds&digitSign == 0 {
		p.resemblesPart(letters, at, at+len(word))
	}
}

func (p *pass) resemblesPart(part []byte, start, end int) {
	if len(part) < minHeard {
		return
	}
	r := p.register
	var added *addedEnds // where words that anybody adds end and begin, once it is asked
	ends := func() *addedEnds {
		if added == nil {
			added = r.addedEnds(part)
		}
		return added
	}
	beside := func(from, to int) bool {
		return from == 0 && to == len(part) || ends().upTo[from] && ends().from[to]
	}
	text, places := heard(part)
	r.heard.find(text, len(text), func(n *needle, i int) {
		j := i + len(n.text)
		to := len(part)
		if j < len(places) {
			to = places[j]
		}
		if len(n.text) >= longHeard || beside(places[i], to) {
			p.hit("name", FromRegister, n.raw, start, end)
		}
	})
	for from := 0; from+minNear-1 <= len(part); from++ {
		if from > 0 && !ends().upTo[from] {
			continue
		}
		for to := min(len(part), from+mostNear+1); to-from >= minNear-1; to-- {
			if beside(from, to) {
				r.near.find(part[from:to], func(raw string) { p.hit("name", FromRegister, raw, start, end) })
			}
		}
	}
}

// addedEnds says up to and from which places of a word it is words that anybody adds.
type addedEnds struct{ upTo, from []bool }

func (r *Register) addedEnds(word []byte) *addedEnds {
	n := len(word)
	both := make([]bool, 2*n+2)
	e := &addedEnds{upTo: both[:n+1], from: both[n+1:]}
	e.upTo[0], e.from[n] = true, true
	for i := range n {
		for j := i + 2; e.upTo[i] && j <= min(n, i+longestAdded); j++ {
			e.upTo[j] = e.upTo[j] || r.added[string(word[i:j])]
		}
	}
	for j := n; j > 0; j-- {
		for i := j - 2; e.from[j] && i >= max(0, j-longestAdded); i-- {
			e.from[i] = e.from[i] || r.added[string(word[i:j])]
		}
	}
	return e
}

func lower(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = c | 0x20
	}
	return out
}
