package prose

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"isac/hub"
)

// judge says whether a sentence states what a window's words mean, and how surely.
func (s *scene) judge(w window) (hub.Confidence, bool) {
	if s.asked && (s.lang == "en" || s.clause(w.end-1).end == len(s.text)) {
		return "", false
	}
	states := w.pattern.rule.States
	for i, m := range s.marks {
		if s.takesBack(i, w) && !(states && (m.mark == negation || m.mark == refuted || m.mark == dismissed)) {
			return "", false
		}
	}
	if states {
		return s.within(w), true
	}
	if s.undone(w) || s.answered(w) || s.daily(w) {
		return "", false
	}
	return s.confidence(w), true
}

// undone reports whether a Japanese verb of the window goes on into its own denial:
// 「リンクを開かず」.
func (s *scene) undone(w window) bool {
	if s.lang != "ja" {
		return false
	}
	return slices.ContainsFunc(w.hits, func(h span) bool {
		return bytes.HasPrefix(s.text[h.end:], []byte("ず")) && endsIn(string(s.text[h.start:h.end]), "かさわまばたな") ||
			bytes.HasPrefix(s.text[h.end:], []byte("れず")) && endsIn(string(s.text[h.start:h.end]), "かさわまばたなら")
	})
}

// answered reports whether the sentence asks whether the window is so and denies it
// then: 「悪用されたか調査したが、悪用されていなかった」.
func (s *scene) answered(w window) bool {
	for _, m := range s.marks {
		if m.mark == unknown && m.end <= s.denied && s.asks(m) && s.weakens(m, w) {
			return true
		}
	}
	return false
}

// asks reports whether a word of doubt makes a question: whether, 〜かどうか, 〜たか調査.
func (s *scene) asks(m marked) bool {
	word := string(s.text[m.start:m.end])
	return word == "whether" || strings.HasPrefix(word, "か") || strings.HasPrefix(word, "たか") || strings.HasPrefix(word, "ていないか")
}

// takesBack reports whether the mark takes back what the window says.
func (s *scene) takesBack(i int, w window) bool {
	switch m := s.marks[i]; m.mark {
	case condition, advice:
		return !s.covered(i, w)
	case refuted:
		return s.weakens(m, w) && !s.covered(i, w)
	case negation, plan, prevention:
		return s.reaches(m, w) && !s.covered(i, w)
	case dismissed:
		return s.dismisses(m, w) && !s.covered(i, w)
	case supposed, heard, tried:
		return s.drops(m, w) && !s.covered(i, w)
	}
	return false
}

// reaches reports whether a mark speaks about the window. In Japanese it stands
// behind in the same clause, or behind the first word where the window goes on into
// another clause; in English before or inside, or right behind a lone name.
func (s *scene) reaches(m marked, w window) bool {
	if s.lang == "ja" {
		if m.start > w.start && m.end < w.end && s.copula(m) {
			return true
		}
		head, tail := s.clause(w.start), s.clause(w.end-1)
		if head != tail && m.start > w.start && m.start < head.end {
			return true
		}
		return m.start >= w.end && m.start < tail.end && (s.copula(m) || !s.turned(w.end, m.start)) || m.start > tail.start && s.ends(m, w)
	}
	from, to := s.clause(w.start).start, w.end
	if len(w.hits) == 1 {
		to = min(s.clause(w.end-1).end, w.end+60)
	}
	return m.start >= from && m.start < to
}

// ends reports whether a word of the window is only the ending of what a Japanese
// mark denies: 「使われなかった。」.
func (s *scene) ends(m marked, w window) bool {
	return slices.ContainsFunc(w.hits, func(h span) bool {
		r, _ := utf8.DecodeRune(s.text[h.start:])
		return m.start > w.start && h.start >= m.end && h.start-m.end <= len("た") && r >= 0x3041 && r <= 0x3096
	})
}

// copula reports whether a Japanese negation denies all before it: 「〜ではない」.
func (s *scene) copula(m marked) bool {
	return bytes.HasSuffix(s.text[:m.start], []byte("では")) || bytes.HasPrefix(s.text[m.start:], []byte("では"))
}

// covered reports whether a mark is part of the words of this or of another
// window, as 「ない」 is of 「適用されていない」.
func (s *scene) covered(i int, w window) bool {
	m := s.marks[i]
	return s.masked[i] && !s.follows(m, w) || slices.ContainsFunc(w.hits, m.partOf)
}

// partOf reports whether a mark is a part of a word. One that takes back or weakens by
// itself must lie within it; of a denial the word may hold the start alone.
func (m marked) partOf(word span) bool {
	switch m.mark {
	case condition, advice, refuted, likely, possible, unknown:
		return word.start <= m.start && m.end <= word.end
	}
	return word.start < m.end && m.start < word.end
}

// longestEnding is the number of bytes that the ending of a Japanese verb may have
// before its denial.
const longestEnding = 18

// follows reports whether a mark stands right behind the window's verb, with
// nothing but its ending between them: 「停止されていなかった」.
func (s *scene) follows(m marked, w window) bool {
	if s.lang != "ja" || m.start < w.end || m.start-w.end > longestEnding {
		return false
	}
	for _, r := range string(s.text[w.end:m.start]) {
		if r < 0x3041 || r > 0x3096 {
			return false
		}
	}
	return true
}

// mask notes which marks are part of the words of a window, and where the last
// denial stands that isn't.
func (s *scene) mask() {
	s.masked = slices.Grow(s.masked, len(s.marks))[:len(s.marks)]
	clear(s.masked)
	for _, w := range s.windows {
		if w.pattern.rule.States {
			continue
		}
		for _, h := range w.hits {
			at, _ := slices.BinarySearchFunc(s.marks, h.start, func(m marked, start int) int { return m.start - start })
			for i := max(at-3, 0); i < len(s.marks) && s.marks[i].start < h.end; i++ {
				s.masked[i] = s.masked[i] || s.marks[i].partOf(h)
			}
		}
	}
	for i, m := range s.marks {
		if m.mark == negation && !s.masked[i] {
			s.denied = m.start
		}
	}
}

// nouns may stand between a verb and the negation that belongs to it:
// 「悪用された痕跡はない」.
var nouns = []string{"痕跡", "形跡", "事実", "証拠", "様子", "可能性", "兆候", "訳", "状況", "記録", "報告", "点", "旨"}

// postpositions look like verbs before a noun and aren't: 「LockBitによる被害は」.
var postpositions = []string{"よ", "おけ", "対す", "関す", "かかわ", "係", "あた"}

// turned reports whether between a verb and a Japanese negation a new noun took
// over: 「侵入されたサーバには電子カルテは含まれない」 doesn't deny the intrusion.
func (s *scene) turned(from, to int) bool {
	gap := s.text[from:to]
	for i := 0; i+5 < len(gap); i++ {
		if !bytes.HasPrefix(gap[i:], []byte("た")) && !bytes.HasPrefix(gap[i:], []byte("る")) {
			continue
		}
		rest := gap[i+3:]
		if slices.ContainsFunc(postpositions, func(p string) bool { return bytes.HasSuffix(gap[:i], []byte(p)) }) {
			continue
		}
		r, _ := utf8.DecodeRune(rest)
		if r < 0x3400 && (r < 0x30a1 || r > 0x30fa) {
			continue
		}
		if !slices.ContainsFunc(nouns, func(n string) bool { return bytes.HasPrefix(rest, []byte(n)) }) && !absent(rest) {
			return true
		}
	}
	return false
}

// absences stand between those of whom there were none and the denial.
var absences = []string{"", "い", "存在し", "見つから", "見られ", "検出され", "確認され", "発見され", "認められ"}

// noneAtAll make an absence stronger.
var noneAtAll = []string{"一人も", "ひとりも", "1人も", "一名も", "1名も", "誰も", "一件も", "1件も", "一台も", "1台も", "一切", "全く", "まったく"}

// absent reports whether Japanese text up to a denial says that nobody and nothing
// of a kind is there: 「開いた職員はいなかった」.
func absent(text []byte) bool {
	i := 0
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		if r < 0x3400 && (r < 0x30a1 || r > 0x30fc) {
			break
		}
		i += n
	}
	rest := string(text[i:])
	for _, p := range []string{"は", "も", "が"} {
		if after, ok := strings.CutPrefix(rest, p); ok {
			for _, n := range noneAtAll {
				after = strings.TrimPrefix(after, n)
			}
			return slices.Contains(absences, after)
		}
	}
	return false
}

// confidence is that of the least sure mark that speaks about the window.
func (s *scene) confidence(w window) hub.Confidence {
	c := hub.Confirmed
	for i, m := range s.marks {
		if level, ok := m.mark.confidence(); ok && !s.masked[i] && rank(level) < rank(c) && s.weakens(m, w) {
			c = level
		}
	}
	return c
}

// within is the confidence that the window's own words state.
func (s *scene) within(w window) hub.Confidence {
	for _, m := range s.marks {
		if level, ok := m.mark.confidence(); ok && m.start >= w.start && m.start < w.end && level == hub.Possible {
			return hub.Possible
		}
	}
	return hub.Confirmed
}

// weakens reports whether a word of doubt speaks about the window: it stands in
// the same clause, or in Japanese in a later one that has no subject of its own.
func (s *scene) weakens(m marked, w window) bool {
	if s.lang != "ja" {
		return m.start >= s.clause(w.start).start && m.start < s.clause(w.end-1).end
	}
	mine, its := s.clause(w.end-1), s.clause(m.start)
	if mine == its {
		return m.start >= w.start || m.mark == likely
	}
	if m.start < w.end || s.hasSubject(its.start, m.start) {
		return false
	}
	for _, h := range s.marks {
		if h.mark == hard && h.start >= w.end && h.start < m.start {
			return false
		}
	}
	return true
}

// hasSubject reports whether Japanese text names a new subject or topic.
func (s *scene) hasSubject(from, to int) bool {
	return bytes.ContainsAny(s.text[from:to], "がはも")
}

// clause returns the clause that holds the place i.
func (s *scene) clause(i int) span {
	for _, c := range s.clauses {
		if i < c.end {
			return c
		}
	}
	return span{0, len(s.text)}
}

// cut divides the sentence into clauses.
func (s *scene) cut() {
	if s.lang == "ja" {
		s.cutJA()
		return
	}
	start := 0
	for _, m := range s.marks {
		if m.mark == pause && m.start > start {
			s.clauses = append(s.clauses, span{start, m.start})
			start = m.start
		}
	}
	s.clauses = append(s.clauses, span{start, len(s.text)})
}

// mostCommas is the number of commas of a sentence that are looked at.
const mostCommas = 64

// cutJA cuts at commas, but not where a comma only divides a list or follows a
// topic.
func (s *scene) cutJA() {
	start := 0
	commas := 0
	for i := 0; i < len(s.text) && commas < mostCommas; i++ {
		n := 0
		switch {
		case s.text[i] == ',' || s.text[i] == ';':
			n = 1
		case bytes.HasPrefix(s.text[i:], []byte("、")):
			n = len("、")
		}
		if n > 0 {
			commas++
		}
		if n > 0 && complete(s.text[start:i]) {
			s.clauses = append(s.clauses, span{start, i + n})
			start = i + n
		}
	}
	s.clauses = append(s.clauses, span{start, len(s.text)})
}

// ends of a Japanese clause that is over though a noun ends it.
var nounEnds = []string{"際", "後", "時", "上", "結果", "一方", "ため", "以降", "直後"}

// complete reports whether Japanese text before a comma is a clause of its own.
func complete(clause []byte) bool {
	text := strings.TrimSpace(string(clause))
	r, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case text == "":
		return false
	case strings.ContainsRune("はもやとの", r):
		return false
	case r >= 0x3041 && r <= 0x3096:
		return true
	case slices.ContainsFunc(nounEnds, func(e string) bool { return strings.HasSuffix(text, e) }):
		return true
	}
	return strings.ContainsAny(text, "をがへ") || strings.Contains(text, "から") || strings.Contains(text, "により")
}
