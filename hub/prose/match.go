package prose

import (
	"bytes"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

const (
	nearJA = 210 // bytes of folded text that one statement may span
	nearEN = 150

	mostGroups = 6 // of a pattern
)

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
	general bool // it tells what is done as a rule
	// laysDown says that it tells what is to be: 「〜すること。」.
	laysDown bool
	asked    bool // that it asks
	shouted  bool // written in capitals throughout
}

// wordHit is a word of some sets.
type wordHit struct {
	span
	sets []int32
}

// setHit is the first word of a set.
type setHit struct {
	span
	set int32
}

// sentence adds what one sentence states.
func (r *run) sentence(at span) {
	s := &r.scene
	s.reset(at, r.folded.s[at.start:at.end])
	s.lang = language(s.text, r.lang)
	s.shouted = shouted(r.written(s, span{0, len(s.text)}))
	r.scan(s)
	s.marks = slices.DeleteFunc(resolve(s.marks), func(m marked) bool { return r.month(s, m.span) })
	s.cut()
	s.mood()
	r.match(s)
	s.mask()
	r.order(s)
	from := len(r.found)
	for _, w := range s.windows {
		c, ok := s.judge(w)
		s.stated = append(s.stated, ok)
		if ok && !s.yields(w) {
			r.state(s, w, c)
		}
	}
	r.taught(s, from)
	r.stateNames(s)
	r.stateValues(s)
}

// month reports whether a mark is the month of May and no doubt.
func (r *run) month(s *scene, at span) bool {
	if string(s.text[at.start:at.end]) != "may" || !strings.HasPrefix(r.written(s, at), "M") || s.shouted {
		return false
	}
	next := bytes.TrimLeft(s.text[at.end:], " ")
	return len(bytes.TrimSpace(s.text[:at.start])) > 0 || len(next) > 0 && next[0] >= '0' && next[0] <= '9'
}

// reset makes the scene that of another sentence, in the same memory.
func (s *scene) reset(at span, text []byte) {
	*s = scene{
		span: at, text: text, marks: s.marks[:0], masked: s.masked[:0], names: s.names[:0],
		windows: s.windows[:0], stated: s.stated[:0], clauses: s.clauses[:0],
	}
}

// scan finds all terms of a sentence and notes the sets that were touched.
func (r *run) scan(s *scene) {
	r.nth++
	r.words, r.touched, r.apart = r.words[:0], r.touched[:0], r.apart[:0]
	for i := range s.text {
		if s.text[i]&0xc0 == 0x80 {
			continue
		}
		r.x.terms.at(s.text, i, func(end int, t *term) {
			if in := t.sets.in(s.lang); len(in) > 0 {
				r.words = append(r.words, wordHit{span{i, end}, in})
				for _, set := range in {
					if r.seen[set] != r.nth {
						r.seen[set] = r.nth
						r.touched = append(r.touched, setHit{span{i, end}, set})
					}
				}
			}
			for _, u := range t.uses {
				switch {
				case u.lang != bothLangs && u.lang != s.lang:
				case u.kind == isMarker && mark(u.n) == apart:
					r.apart = append(r.apart, span{i, end})
				case u.kind == isMarker && mark(u.n) == compound:
					r.apart = append(r.apart, span{i + 1, end})
				case u.kind == isMarker:
					s.mark(mark(u.n), span{i, end})
				default:
					s.names = append(s.names, nameHit{span{i, end}, u})
				}
			}
		})
	}
}

// match adds the windows of the patterns of which every set was touched. Only of
// these are the words listed: most words of a sentence fill no pattern.
func (r *run) match(s *scene) {
	full := r.full[:0]
	for _, first := range r.touched {
		for _, i := range r.x.anchored[first.set] {
			p := &r.x.patterns[i]
			if slices.ContainsFunc(p.groups, func(g int32) bool { return r.seen[g] != r.nth }) {
				continue
			}
			full = append(full, p)
			for _, g := range p.groups {
				if r.wanted[g] != r.nth {
					r.wanted[g] = r.nth
					r.spans[g] = r.spans[g][:0]
				}
			}
		}
	}
	for _, w := range r.words {
		if r.inside(w.span) {
			continue
		}
		for _, set := range w.sets {
			if r.wanted[set] == r.nth {
				r.spans[set] = append(r.spans[set], w.span)
			}
		}
	}
	r.full, r.arena = full, r.arena[:0]
	for _, p := range full {
		r.windows(s, p)
	}
}

// inside reports whether a word is only part of one that stands apart: 「侵入当時」 tells
// of no intrusion.
func (r *run) inside(at span) bool {
	return slices.ContainsFunc(r.apart, func(a span) bool {
		return a.start <= at.start && at.end <= a.end && at.end-at.start < a.end-a.start
	})
}

// mark notes a word that does something to facts around it.
func (s *scene) mark(m mark, at span) {
	if m == neutral && s.lang == "ja" {
		at.end = throughNegation(s.text, at.end)
	}
	s.marks = append(s.marks, marked{m, at})
}

// windows adds the narrowest places where all groups of a pattern stand near each
// other, at most one for each word that ends one.
func (r *run) windows(s *scene, p *pattern) {
	near := nearEN
	if s.lang == "ja" {
		near = nearJA
	}
	var at [mostGroups]int
	var lastOf [mostGroups]span
	var have [mostGroups]bool
	for {
		g := r.earliest(p, &at)
		if g < 0 {
			return
		}
		h := r.spans[p.groups[g]][at[g]]
		at[g]++
		if have[g] && (lastOf[g].start == h.start && lastOf[g].end > h.end || g > 0 && have[0] && lastOf[0] == h) {
			continue // a longer word stands there, or the word is the subject itself
		}
		lastOf[g], have[g] = h, true
		w := window{span: h, pattern: p}
		full := !p.order || g == len(p.groups)-1
		for g := range p.groups {
			full = full && have[g] && (g == 0 || lastOf[0] != lastOf[g] && (!p.order || lastOf[g-1].start <= lastOf[g].start))
			w.start, w.end = min(w.start, lastOf[g].start), max(w.end, lastOf[g].end)
		}
		if !full || w.end-w.start > near {
			continue
		}
		n := len(r.arena)
		r.arena = append(r.arena, lastOf[:len(p.groups)]...)
		w.hits = r.arena[n:len(r.arena):len(r.arena)]
		if s.inOrder(w) {
			s.windows = append(s.windows, w)
		}
	}
}

// earliest returns the group whose next word stands first, or -1.
func (r *run) earliest(p *pattern, at *[mostGroups]int) int {
	first, start := -1, 0
	for g, set := range p.groups {
		if i := at[g]; i < len(r.spans[set]) && (first < 0 || r.spans[set][i].start < start) {
			first, start = g, r.spans[set][i].start
		}
	}
	return first
}

// inOrder refuses Japanese windows whose predicate, the last group, stands in
// another clause: one before what it would be said of, or one that has its own
// subject.
func (s *scene) inOrder(w window) bool {
	if s.lang != "ja" || len(w.hits) < 2 || w.pattern.loose {
		return true
	}
	predicate, subject := w.hits[len(w.hits)-1], w.hits[0]
	its := s.clause(predicate.start)
	if its == s.clause(subject.start) {
		return true
	}
	return predicate.start >= subject.start && (s.cause(s.clause(subject.start)) || !s.ownSubject(span{its.start, predicate.end}, w))
}

// ownSubject reports whether a part of a Japanese sentence has a subject or topic,
// other than the attacker, of whom all is told, and other than the window's words.
func (s *scene) ownSubject(part span, w window) bool {
	text := s.text[part.start:part.end]
	for i := 0; i+3 <= len(text); i++ {
		topic := bytes.HasPrefix(text[i:], []byte("は"))
		if !topic && !bytes.HasPrefix(text[i:], []byte("が")) {
			continue
		}
		known := others
		if topic {
			known = actors
		}
		if !slices.ContainsFunc(known, func(a string) bool { return bytes.HasSuffix(text[:i], []byte(a)) }) &&
			!slices.ContainsFunc(w.hits, func(h span) bool { return h.end == part.start+i }) {
			return true
		}
	}
	return false
}

// actors may stand before は, others before が, in a clause that tells on.
var (
	others = []string{"攻撃者", "攻撃側", "侵入者", "第三者", "犯人", "何者か", "者"}
	actors = append([]string{"後", "際に", "で", "に"}, others...)
)

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
		if i == 0 && w.pattern.rule.Doubt != "" {
			switch c {
			case hub.Unknown:
				continue
			case hub.Likely, hub.Possible:
				f.Value = w.pattern.rule.Doubt
			}
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
	place := s.start + s.placeOf(from)
	for i := len(r.found) - 1; i >= 0 && r.found[i].sentence == s.span; i-- {
		if had := &r.found[i]; had.place == place && had.fact.Value == f.Value && had.fact.Class == f.Class && had.fact.Confidence == c {
			had.at = min(had.at, s.start+at)
			return
		}
	}
	r.found = append(r.found, stated{
		fact:     hub.Fact{Class: f.Class, Value: f.Value, Confidence: c, Source: hub.FromProse},
		at:       s.start + at,
		place:    place,
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
