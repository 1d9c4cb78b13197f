package prose

import (
	"bytes"
	"slices"

	"isac/hub"
	"isac/hub/vocab"
)

const (
	nearJA = 150 // bytes of folded text that one statement may span
	nearEN = 110
)

// groupHit is one word of a pattern.
type groupHit struct {
	span
	group uint8
}

// nameHit is the name of a family, group, tool or technique, or a mark that a
// family leaves.
type nameHit struct {
	span
	use use
}

// window is words that fill all groups of a pattern near each other.
type window struct {
	span
	pattern *pattern
	hits    []span // one for each group
}

// scene is one sentence with everything found in it.
type scene struct {
	span
	lang    string
	text    []byte // the sentence alone; spans below count in it
	marks   []marked
	masked  []bool // by mark: part of the words of a window
	denied  int    // where the last denial stands that is no part of one
	names   []nameHit
	windows []window
	stated  []bool // by window: nothing takes it back
	clauses []span
}

// sentence adds what one sentence states.
func (r *run) sentence(at span) {
	s := scene{span: at, text: r.folded.s[at.start:at.end]}
	s.lang = language(s.text, r.lang)
	touched := r.scan(&s)
	s.marks = resolve(s.marks)
	s.cut()
	for _, p := range touched {
		for _, w := range windows(&r.x.patterns[p], r.spans[p], s.lang) {
			if s.inOrder(w) {
				s.windows = append(s.windows, w)
			}
		}
		r.spans[p] = r.spans[p][:0]
	}
	s.mask()
	r.order(&s)
	for _, w := range s.windows {
		c, ok := s.judge(w)
		s.stated = append(s.stated, ok)
		if ok && !s.yields(w) {
			r.state(&s, w, c)
		}
	}
	r.stateNames(&s)
	r.stateValues(&s)
}

// scan finds all terms of a sentence and returns the patterns that were touched.
func (r *run) scan(s *scene) []int32 {
	var touched []int32
	for i := range s.text {
		if s.text[i]&0xc0 == 0x80 {
			continue
		}
		r.x.terms.at(s.text, i, func(end int, uses []use) {
			for _, u := range uses {
				if u.lang != bothLangs && u.lang != s.lang {
					continue
				}
				switch u.kind {
				case inGroup:
					if len(r.spans[u.n]) == 0 {
						touched = append(touched, u.n)
					}
					r.spans[u.n] = append(r.spans[u.n], groupHit{span{i, end}, u.group})
				case isMarker:
					s.mark(mark(u.n), span{i, end})
				default:
					s.names = append(s.names, nameHit{span{i, end}, u})
				}
			}
		})
	}
	return touched
}

// mark notes a word that does something to facts around it.
func (s *scene) mark(m mark, at span) {
	if m == neutral && s.lang == "ja" {
		at.end = throughNegation(s.text, at.end)
	}
	s.marks = append(s.marks, marked{m, at})
}

// windows returns the narrowest places where all groups of a pattern stand near
// each other, at most one for each word that ends one.
func windows(p *pattern, hits []groupHit, lang string) []window {
	near := nearEN
	if lang == "ja" {
		near = nearJA
	}
	var filled uint64
	for _, h := range hits {
		filled |= 1 << h.group
	}
	if filled != 1<<p.groups-1 {
		return nil
	}
	var out []window
	lastOf := make([]span, p.groups)
	have := make([]bool, p.groups)
	for _, h := range hits {
		g := int(h.group)
		if have[g] && lastOf[g].start == h.start && lastOf[g].end > h.end {
			continue
		}
		lastOf[g], have[g] = h.span, true
		w := window{span: h.span, pattern: p}
		full := !p.order || g == p.groups-1
		for g := range p.groups {
			full = full && have[g] && (!p.order || g == 0 || lastOf[g-1].start <= lastOf[g].start)
			w.start, w.end = min(w.start, lastOf[g].start), max(w.end, lastOf[g].end)
		}
		if full && w.end-w.start <= near {
			w.hits = append([]span(nil), lastOf...)
			out = append(out, w)
		}
	}
	return out
}

// inOrder refuses Japanese windows whose predicate, the last group, stands in
// another clause: one before what it would be said of, or one that has its own
// subject.
func (s *scene) inOrder(w window) bool {
	if s.lang != "ja" || len(w.hits) < 2 {
		return true
	}
	predicate, subject := w.hits[len(w.hits)-1], w.hits[0]
	its := s.clause(predicate.start)
	if its == s.clause(subject.start) {
		return true
	}
	return predicate.start >= subject.start && (s.cause(s.clause(subject.start)) || !ownSubject(s.text[its.start:predicate.end]))
}

// ownSubject reports whether Japanese text has a subject or topic, other than the
// attacker, of whom all is told.
func ownSubject(text []byte) bool {
	if bytes.Contains(text, []byte("が")) {
		return true
	}
	for rest := text; ; {
		before, after, found := bytes.Cut(rest, []byte("は"))
		if !found {
			return false
		}
		if !slices.ContainsFunc(actors, func(a string) bool { return bytes.HasSuffix(before, []byte(a)) }) {
			return true
		}
		rest = after
	}
}

var actors = []string{"攻撃者", "攻撃側", "侵入者", "第三者", "犯人", "後", "際に", "で", "に"}

// cause reports whether a Japanese clause says by what the next one came about.
func (s *scene) cause(c span) bool {
	text := bytes.TrimRight(s.text[c.start:c.end], "、, ")
	return bytes.HasSuffix(text, []byte("により")) || bytes.HasSuffix(text, []byte("によって"))
}

// state adds the facts of a window.
func (r *run) state(s *scene, w window, c hub.Confidence) {
	for i, f := range w.pattern.rule.Facts {
		if f.Class == hub.Product && !s.active(w) {
			continue
		}
		if i == 0 && w.pattern.rule.Doubt != "" && c != hub.Confirmed {
			f.Value = w.pattern.rule.Doubt
		}
		r.add(s, f, c, w.end, w.hits[min(1, len(w.hits)-1)].start)
	}
}

// yields reports whether other words of the sentence say better what the window
// means.
func (s *scene) yields(w window) bool {
	return slices.ContainsFunc(w.pattern.rule.Yields, func(f vocab.Fact) bool {
		return slices.ContainsFunc(s.windows, func(o window) bool { return slices.Contains(o.pattern.rule.Facts, f) })
	})
}

// active reports whether the sentence tells of an attack or a weakness, so that a
// product or tool in it is more than an item of an inventory.
func (s *scene) active(w window) bool {
	return s.has(attack) || len(w.hits) > 1 || slices.ContainsFunc(s.windows, func(o window) bool { return len(o.hits) > 1 })
}

// add adds one fact of the sentence, learnt at a place in it. What was done is told
// at from: the second group of a pattern is the deed.
func (r *run) add(s *scene, f vocab.Fact, c hub.Confidence, at, from int) {
	r.found = append(r.found, stated{
		fact:     hub.Fact{Class: f.Class, Value: f.Value, Confidence: c, Source: hub.FromProse},
		at:       s.start + at,
		place:    s.start + s.placeOf(from),
		heading:  s.lang == "ja" && headline(s.text),
		sentence: s.span,
	})
}

// placeOf is the place of something in the order of the sentence: in Japanese that
// of its clause, in which the words of one act stand in any order.
func (s *scene) placeOf(at int) int {
	if s.lang == "ja" {
		return s.clause(at).start
	}
	return at
}

// has reports whether the sentence holds a mark.
func (s *scene) has(m mark) bool {
	for _, have := range s.marks {
		if have.mark == m {
			return true
		}
	}
	return false
}
