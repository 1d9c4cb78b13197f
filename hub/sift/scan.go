package sift

import "slices"

// Scanner finds values in one line after another.
type Scanner struct {
	sieve *Sieve
	found []int32
	out   []int
	marks marks
	one   []byte // a line respelled
	two   []byte // and made harmful again
}

// Scanner returns a scanner, which is used by one goroutine at a time.
func (s *Sieve) Scanner() *Scanner { return &Scanner{sieve: s} }

// Find returns the places of the values that are in a line, in their order and each
// once. The answer is good until the next call.
func (s *Scanner) Find(line []byte) []int {
	s.found, s.out = s.found[:0], s.out[:0]
	marks := s.read(line)
	if marks&slashed != 0 {
		s.one = unslash(s.one[:0], line)
		s.read(s.one)
	}
	if marks&escaped != 0 {
		s.one = unescape(s.one[:0], line)
		s.read(s.one)
	}
	if len(s.found) == 0 {
		return nil
	}
	slices.Sort(s.found)
	for _, v := range slices.Compact(s.found) {
		s.out = append(s.out, int(v))
	}
	return s.out
}

// read scans one spelling of a line, and what it would be if addresses in it that were
// made harmless were not.
func (s *Scanner) read(text []byte) marks {
	s.scan(text)
	marks := s.marks
	if marks&defanged != 0 {
		s.two = refang(s.two[:0], text)
		s.scan(s.two)
	}
	return marks
}

// scan is the one way over the bytes: word by word, and at the signs between them.
func (s *Scanner) scan(text []byte) {
	s.marks = 0
	at := state{name: none}
	for i := 0; i < len(text); {
		start, h := i, uint64(seed)
		for i < len(text) {
			c := word[text[i]]
			if c == 0 {
				break
			}
			h = step(h, c)
			i++
		}
		if i > start {
			if at.name == none {
				at.name = start
			}
			if s.sieve.shapes.has(word[text[start]], i-start) && s.sieve.words.may(h) {
				s.word(text, h, start)
			}
		}
		if i == len(text) {
			break
		}
		s.sign(text, i, start, &at)
		i++
	}
	s.endName(text, len(text), &at)
	if s.sieve.rest != nil {
		s.others(text)
	}
}

// state is what is open at a place of the scan.
type state struct {
	name    int // where the run of names' letters begins, or none
	dotted  bool
	ends    bool // there are places within it where a name ends: before a dot
	address int  // up to here addresses have been read
	colon   int  // the last one, and how many there are near to each other
	colons  int
}

// sign looks at a byte between words; the one before it begins at start.
func (s *Scanner) sign(text []byte, i, start int, at *state) {
	switch c := text[i]; c {
	case '-', '.':
		if at.name == none {
			at.name = i
		}
		if c == '-' {
			return
		}
		at.dotted = true
		at.ends = at.ends || !wordy(text, i+1, "")
		if i >= at.address && s.sieve.nets.any && i+1 < len(text) && text[i+1]-'0' < 10 {
			at.address = s.address(text, i)
		}
		return
	case ':':
		if s.sieve.nets.any && at.sixAt(text, i) {
			at.address = s.address(text, i)
		}
		if i > start && i+3 < len(text) && text[i+1] == '/' && text[i+2] == '/' && len(s.sieve.links.values) > 0 {
			s.link(text, start, i+3)
		}
	case '%', '\\', '[', '(', '{', '*':
		s.marks |= markAt(text, i)
	}
	s.endName(text, i, at)
}

// sixAt reports whether an address of version 6 may be around a colon: it has two of
// them side by side, or seven with at most four digits between. Addresses with dots in
// them are found by these.
func (at *state) sixAt(text []byte, i int) bool {
	if i < at.address {
		return false
	}
	if at.colons == 0 || i-at.colon > 5 {
		at.colons = 0
	}
	at.colon, at.colons = i, at.colons+1
	return at.colons >= 7 || i+1 < len(text) && text[i+1] == ':'
}

// word checks the values that have this word.
func (s *Scanner) word(text []byte, h uint64, start int) {
	for _, v := range s.sieve.words.of(h) {
		if v == none {
			s.marks |= defanged
			continue
		}
		from := start - int(s.sieve.list[v].anchor)
		s.check(text, v, from, from+len(s.sieve.list[v].text))
	}
}

func (s *Scanner) check(text []byte, v int32, start, end int) {
	if start < 0 || end > len(text) {
		return
	}
	l := &s.sieve.list[v]
	if equal(text[start:end], l.text) && l.rule.alone(text, start, end) {
		s.found = append(s.found, v)
	}
}

// endName looks up the name that ends before a place, and what it lies below of.
func (s *Scanner) endName(text []byte, end int, at *state) {
	start, ends := at.name, at.ends
	if start == none || !at.dotted && !s.sieve.single {
		at.name = none
		return
	}
	at.name, at.dotted, at.ends = none, false, false
	if s.sieve.numeric || text[end-1]-'0' > 9 { // no address is a name
		s.suffixes(text, start, end)
	}
	if !ends {
		return
	}
	for i := start + 1; i < end; i++ { // "evil.example.", "evil.example..", "evil.example.-"
		if text[i] == '.' && text[i-1] != '.' && !wordy(text, i+1, "") {
			s.suffixes(text, start, i)
		}
	}
}

// suffixes looks up text[start:end] and what of it begins after a dot.
func (s *Scanner) suffixes(text []byte, start, end int) {
	h := uint64(seed)
	for i := end - 1; i >= max(start, end-s.sieve.longest); i-- {
		h = step(h, name[text[i]])
		if i > start && text[i-1] != '.' || !s.sieve.names.may(h) {
			continue
		}
		for _, v := range s.sieve.names.of(h) {
			if len(s.sieve.list[v].text) == end-i {
				s.check(text, v, i, end)
			}
		}
	}
}

// link looks up the URL that begins at start, with all that it can lie below of.
func (s *Scanner) link(text []byte, start, host int) {
	h := uint64(seed)
	for i := start; i < min(len(text), start+s.sieve.longURL); i++ {
		if endsLink(text[i]) {
			return
		}
		h = step(h, low[text[i]])
		if i < host || word[text[i]] != 0 && !endsName(text, i+1) || !s.sieve.links.may(h) {
			continue
		}
		for _, v := range s.sieve.links.of(h) {
			if len(s.sieve.list[v].text) == i+1-start {
				s.check(text, v, start, i+1)
			}
		}
	}
}

// others looks for the values that have no word in them.
func (s *Scanner) others(text []byte) {
	for hit := range s.sieve.rest.All(text) {
		for _, v := range s.sieve.restOf[hit.Pattern] {
			s.check(text, v, hit.Start, hit.End)
		}
	}
}
