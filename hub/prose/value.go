package prose

import (
	"bytes"
	"slices"

	"isac/hub"
	"isac/hub/vocab"
)

// stateValues adds what a sentence states by form and not by vocabulary:
// technique ids, CVEs, and the attacker's addresses, names and hashes.
func (r *run) stateValues(s *scene) {
	var verdict side
	end, alone := 0, true
	for _, t := range tokens(s.text) {
		text := string(s.text[t.start:t.end])
		if f, ok := r.byID(text); ok {
			r.addLone(s, f, t)
			continue
		}
		kind, value, ok := indicator(text)
		if !ok {
			alone = alone && !hasWord(text)
			continue
		}
		if end == 0 || !listed(s.text[end:t.start]) {
			verdict = s.sideOf(t)
		}
		end = t.end
		if verdict == theirs || verdict == nobodys && r.header {
			r.addIndicator(s, kind, value, t)
		}
	}
	r.header = s.heading() || r.header && end > 0 && alone
}

// byID reads a technique's id or a CVE.
func (r *run) byID(text string) (vocab.Fact, bool) {
	if id, ok := vocab.CVE(text); ok {
		return vocab.Fact{Class: hub.CVE, Value: id}, true
	}
	if len(text) < 5 || text[0] != 't' || text[1] < '0' || text[1] > '9' {
		return vocab.Fact{}, false
	}
	t, ok := r.x.vocab.Technique(string(bytes.Replace([]byte(text), []byte("/"), []byte("."), 1)))
	return vocab.Fact{Class: hub.Technique, Value: t.ID}, ok
}

// addLone adds a fact that stands alone in the sentence, unless it is taken back.
func (r *run) addLone(s *scene, f vocab.Fact, at span) {
	if c, ok := s.judge(window{span: at, pattern: &lone, hits: []span{at}}); ok {
		r.add(s, f, c, at.end)
	}
}

// addIndicator adds an attacker-side value, unless it is taken back.
func (r *run) addIndicator(s *scene, kind hub.Kind, value string, at span) {
	c, ok := s.judge(window{span: at, pattern: &lone, hits: []span{at}})
	if !ok {
		return
	}
	r.found = append(r.found, stated{
		fact:     hub.Fact{Class: hub.Indicator, Kind: kind, Value: value, Confidence: c, Source: hub.FromProse},
		at:       s.start + at.end,
		sentence: s.span,
	})
}

// side says whose a value is.
type side int

const (
	nobodys side = iota
	theirs
	ours
)

// sideOf decides by the nearest word of context: the one before the value counts
// double. Without one the value is nobody's and stays out.
func (s *scene) sideOf(at span) side {
	best, verdict := 1<<30, nobodys
	for _, m := range s.marks {
		if m.mark != attacker && m.mark != victim || m.start < at.end && at.start < m.end {
			continue
		}
		distance := 2 * (at.start - m.end)
		if m.start >= at.end {
			distance = 4*(m.start-at.end) + 4
		}
		if distance > best || distance == best && verdict == ours {
			continue
		}
		best, verdict = distance, theirs
		if m.mark == victim {
			verdict = ours
		}
	}
	return verdict
}

// heading reports whether the sentence is a line that announces a list of
// attacker-side values.
func (s *scene) heading() bool {
	line := bytes.TrimRight(s.text, " \r\n\t】])")
	return (bytes.HasSuffix(line, []byte(":")) || len(line) < wrapped && bytes.HasPrefix(bytes.TrimSpace(line), []byte("【"))) && s.has(attacker) && !s.has(victim)
}

// listed reports whether only signs of a list stand between two values.
func listed(between []byte) bool {
	rest := bytes.Trim(between, " ,、;・/および及びやと")
	return len(rest) == 0 || slices.ContainsFunc([]string{"and", ", and", "or", "ならびに", "並びに"}, func(w string) bool { return string(rest) == w })
}

// hasWord reports whether a token is a word of prose and not a sign of a list.
func hasWord(text string) bool {
	letters := 0
	for i := range len(text) {
		if text[i] >= 'a' && text[i] <= 'z' {
			letters++
		}
	}
	return letters > 6
}
