package prose

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"isac/hub"
	"isac/hub/vocab"
)

// value is an attacker-side value in a sentence, maybe.
type value struct {
	span
	kind hub.Kind
	text string
}

// stateValues adds what a sentence states by form and not by vocabulary:
// technique ids, CVEs, and the attacker's addresses, names and hashes.
func (r *run) stateValues(s *scene) {
	r.stateFlaws(s)
	var values []value
	words := japanese(s.text)
	for _, t := range tokens(s.text) {
		got, ok := r.valueIn(s, t, deepest)
		values = append(values, got...)
		words = words || !ok && hasWord(string(s.text[t.start:t.end]))
	}
	announced := r.header && !words && len(values) > 0
	var verdict side
	for i, v := range values {
		if i == 0 || !listed(s.text[values[i-1].end:v.start]) {
			verdict = s.sideOf(v.span)
		}
		if verdict == nobodys && (defanged(s.text[v.start:v.end]) || s.aimed(v.span)) {
			verdict = theirs
		}
		if verdict == theirs || verdict == nobodys && announced {
			r.addIndicator(s, v)
		}
	}
	r.header = announced || s.heading()
}

// deepest is how many signs a token is cut at to find a value in it.
const deepest = 4

// valueIn reads a token as a value, else what stands before and behind its signs:
// "ip:203.0.113.47", "zerologon(cve-2020-1472)". It states ids at once.
func (r *run) valueIn(s *scene, t span, depth int) ([]value, bool) {
	text := string(s.text[t.start:t.end])
	if f, ok := r.byID(text); ok {
		r.addLone(s, f, t)
		return nil, true
	}
	if kind, plain, ok := indicator(text); ok {
		return []value{{t, kind, plain}}, true
	}
	if network(text) {
		return nil, true
	}
	at := strings.IndexAny(text, "():=/")
	if at < 0 || depth == 0 {
		return nil, false
	}
	var out []value
	found := false
	for _, part := range []span{{t.start, t.start + at}, {t.start + at + 1, t.end}} {
		if part = strip(s.text, part); part.end-part.start < shortestValue {
			continue
		}
		got, ok := r.valueIn(s, part, depth-1)
		out, found = append(out, got...), found || ok
	}
	return out, found
}

// network reports whether a token is a range of addresses, of which none is meant alone.
func network(text string) bool {
	_, err := netip.ParsePrefix(refang.Replace(text))
	return err == nil
}

// byID reads a technique's id or a CVE.
func (r *run) byID(text string) (vocab.Fact, bool) {
	if strings.HasPrefix(text, "cve-") {
		id, ok := vocab.CVE(text)
		return vocab.Fact{Class: hub.CVE, Value: id}, ok
	}
	if len(text) < 5 || text[0] != 't' || text[1] < '0' || text[1] > '9' {
		return vocab.Fact{}, false
	}
	t, ok := r.x.vocab.Technique(strings.Replace(text, "/", ".", 1))
	return vocab.Fact{Class: hub.Technique, Value: t.ID}, ok
}

// addLone adds a fact that stands alone in the sentence, unless it is taken back.
func (r *run) addLone(s *scene, f vocab.Fact, at span) {
	if c, ok := s.judge(window{span: at, pattern: &lone, hits: []span{at}}); ok {
		r.add(s, f, c, at.end, at.start)
	}
}

// addIndicator adds an attacker-side value, unless it is taken back.
func (r *run) addIndicator(s *scene, v value) {
	c, ok := s.judge(window{span: v.span, pattern: &lone, hits: []span{v.span}})
	if !ok {
		return
	}
	if v.kind == hub.URL || v.kind == hub.Mail {
		v.text = asWritten(r.written(s, v.span), v.text)
	}
	r.found = append(r.found, stated{
		fact:     hub.Fact{Class: hub.Indicator, Kind: v.kind, Value: v.text, Confidence: c, Source: hub.FromProse},
		at:       s.start + v.end,
		sentence: s.span,
	})
}

// asWritten returns a URL or mail address with the case that the report gave to
// its path or local part; scheme and host stay in lower case.
func asWritten(original, value string) string {
	plain := refang.Replace(norm.NFKC.String(original))
	if at := strings.LastIndexByte(value, '@'); at > 0 && !strings.Contains(value, "://") {
		if len(plain) == len(value) && strings.EqualFold(plain, value) {
			return plain[:at] + value[at:]
		}
		return value
	}
	_, rest, _ := strings.Cut(value, "://")
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return value
	}
	path := rest[slash:]
	if len(plain) >= len(path) && strings.EqualFold(plain[len(plain)-len(path):], path) {
		return value[:len(value)-len(path)] + plain[len(plain)-len(path):]
	}
	return value
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

// defanged reports whether a value is written as people write what nobody may
// follow, or can be no one else's: "update[.]example", a name under onion.
func defanged(text []byte) bool {
	return bytes.HasPrefix(text, []byte("hxxp")) || len(joints(text)) > 0 || bytes.HasSuffix(text, []byte("onion")) || slices.ContainsFunc([]string{"[.]", "(.)", "[dot]", "[:]", "[@]", "[at]"}, func(sign string) bool {
		return bytes.Contains(text, []byte(sign))
	})
}

// Techniques by whose deed a value is the attacker's, where it is told to whom or
// from whom: data that left, orders that came, tools that were fetched.
var (
	outward = []string{"T1041", "T1048", "T1567", "T1567.002", "T1071", "T1071.001", "T1020"}
	inward  = []string{"T1105"}
)

// aimed reports whether the sentence states that something went to a value or came
// from it that only goes to an attacker or comes from one.
func (s *scene) aimed(at span) bool {
	after := bytes.TrimLeft(s.text[at.end:], " 」)』")
	before := s.text[:at.start]
	for range 3 {
		before = bytes.TrimRight(before, " \"'(")
		for _, w := range []string{"the", "address", "ip", "server", "host", "domain", "at"} {
			if rest, ok := bytes.CutSuffix(before, []byte(" "+w)); ok {
				before = rest
			}
		}
	}
	starts := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) })
	}
	ends := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) })
	}
	var deeds []string
	switch {
	case s.lang == "ja" && starts("へ", "に", "と", "宛", "あて", "向け"), s.lang != "ja" && ends(" to", " with", " towards"):
		deeds = outward
	case s.lang == "ja" && starts("から", "より"), s.lang != "ja" && ends(" from"):
		deeds = inward
	}
	for i, w := range s.windows {
		if s.stated[i] && slices.ContainsFunc(w.pattern.rule.Facts, func(f vocab.Fact) bool { return slices.Contains(deeds, f.Value) }) {
			return true
		}
	}
	return false
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
