package prose

import (
	"bytes"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

// mood notes whether a sentence tells what somebody does as a rule and not what was
// done: 「夜間バッチは二時に起動する。」, "Backups go to the cloud every night."
//
// Whoever tells of an attack names who did it, or what was wrong about it. A sentence
// that does is never taken for one about daily work.
func (s *scene) mood() {
	s.laysDown, s.asked = s.demands(), s.question()
	s.general = !s.has(hostile) && (s.has(habit) || s.lang == "ja" && timeless(s.text))
}

// daily reports whether a window tells of no attack: the sentence tells of what is done
// as a rule, or the deed is that of the victim's own people. Weaknesses and the
// damage may be told as they are, and deeds that victims are led to are theirs.
func (s *scene) daily(w window) bool {
	if s.laysDown {
		return true
	}
	return deed(w.pattern.rule) && (s.mended(w) || s.work(w))
}

// work reports whether a window tells of daily work or of what the victim's own people
// did.
func (s *scene) work(w window) bool {
	return s.general || !w.pattern.rule.Own && !s.has(hostile) && s.byOwn(w)
}

// mended reports whether the window's clause tells what was done against attacks: no
// attacker stands in the sentence, and the word for what was done is none of the window's.
func (s *scene) mended(w window) bool {
	if w.pattern.rule.States || w.pattern.rule.Own || s.has(hostile) {
		return false
	}
	return slices.ContainsFunc(s.marks, func(m marked) bool {
		return m.mark == remedy && s.clause(m.start) == s.clause(w.end-1) && !slices.ContainsFunc(w.hits, func(h span) bool { return h.start < m.end && m.start < h.end })
	})
}

// deed reports whether a rule states something that somebody did: a technique or a
// route stands among its facts.
func deed(r *vocab.Rule) bool {
	return slices.ContainsFunc(r.Facts, func(f vocab.Fact) bool { return f.Class == hub.Technique || f.Class == hub.Route })
}

// question reports whether a sentence asks: 「盗まれたのですか？」, "Was RDP used?". A word
// with a question mark alone ("VPN?") is a guess and no question.
func (s *scene) question() bool {
	if s.lang == "ja" {
		end, asks := strings.CutSuffix(string(sentenceEnd(s.text)), "?")
		return slices.ContainsFunc(politeAskers, func(q string) bool { return strings.HasSuffix(end, q) }) || asks && strings.HasSuffix(end, "か")
	}
	text := bytes.TrimRight(s.text, " \n\"'")
	if !bytes.HasSuffix(text, []byte("?")) {
		return false
	}
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(word) > 1 {
			return askers[string(word)]
		}
	}
	return false
}

// politeAskers end Japanese questions; a plain 「か」 without a question mark guesses.
var politeAskers = []string{"ですか", "ますか", "ましたか", "ませんか"}

// askers begin English questions.
var askers = setOf(strings.Fields("was were is are did do does has have had can could may might should would will"))

// demands reports whether a Japanese sentence lays down what is to be: 「〜すること。」.
func (s *scene) demands() bool {
	if s.lang != "ja" {
		return false
	}
	end, thing := bytes.CutSuffix(sentenceEnd(s.text), []byte("こと"))
	return thing && endsIn(string(end), "るくすぐつむぶうい")
}

// byOwn reports whether the victim's own people are the subject of the window's deed:
// 「情シスがPsExecで配布した」, "the administrator helped a colleague over AnyDesk".
func (s *scene) byOwn(w window) bool {
	for _, m := range s.marks {
		if m.mark != own || m.start > w.end || s.clause(m.start) != s.clause(w.end-1) {
			continue
		}
		if s.lang == "ja" && !s.passive(w) || s.lang != "ja" && s.doneBy(m, w) {
			return true
		}
	}
	return false
}

// passive reports whether a Japanese word of the window goes on as a passive:
// 「PsExecで配布され」.
func (s *scene) passive(w window) bool {
	return slices.ContainsFunc(w.hits, func(h span) bool {
		rest := s.text[h.end:]
		return bytes.HasPrefix(rest, []byte("され")) || bytes.HasPrefix(rest, []byte("られ")) ||
			bytes.HasPrefix(rest, []byte("れ")) && endsIn(string(s.text[h.start:h.end]), "さかがたなばまらわ")
	})
}

// doneBy reports whether an English window is told of a subject that stands before it:
// nothing between them says that the subject only saw it, or that it was done to it.
func (s *scene) doneBy(subject marked, w window) bool {
	if subject.start > w.start {
		return false
	}
	for word := range bytes.FieldsSeq(s.text[subject.end:w.end]) {
		if slices.Contains(onlySeen, string(bytes.Trim(word, ",.;:"))) {
			return false
		}
	}
	return true
}

// onlySeen are words after which the deed is another's.
var onlySeen = []string{
	"was", "were", "been", "being", "be", "found", "find", "saw", "see", "seen", "discovered", "noticed", "observed", "confirmed", "detected", "learnt", "learned", "know", "knew", "believe", "believed",
	"think", "conclude", "concluded", "assume", "suspect", "say", "said", "reported", "report", "name", "determined", "identified", "spotted", "received", "got", "lost", "suffered", "that", "by", "which", "who", "whose", "had", "no",
}

// toldEnds end Japanese sentences whose last verb is no past form and that still
// tell what was or is.
var toldEnds = []string{
	"です", "ている", "でいる", "ておる", "ています", "でいます", "ております", "でおります", "てある", "てあります", "である", "がある", "もある", "はある", "があります", "もあります", "ございます",
	"残る", "残ります", "と考える", "と考えます", "と判断する", "と推定する", "と推測する", "と推察する", "とみる", "と見る", "思われる", "思われます", "考えられる", "考えられます", "みられる", "みられます",
	"見られる", "見られます", "とされる", "とされます", "という", "といいます", "疑われる", "疑われます", "認められる", "認められます", "見受けられる", "見受けられます", "推定される", "推定されます",
	"推測される", "推測されます", "推察される", "推察されます", "想定される", "想定されます", "判断される", "判断されます", "一致する", "一致します", "うかがえる", "うかがえます", "続く", "続ける", "続けます", "続きます", "ちがう", "違う", "できる", "できます", "要する", "要します", "上る", "上ります", "のぼる", "及ぶ", "及びます",
}

// timeless reports whether a Japanese sentence ends in a verb that tells neither the
// past nor a state: a rule, a plan or a promise.
func timeless(text []byte) bool {
	end := sentenceEnd(text)
	if !endsIn(string(end), "るうくすつぬぶむぐ") {
		return false
	}
	return !slices.ContainsFunc(toldEnds, func(e string) bool { return bytes.HasSuffix(end, []byte(e)) })
}

// sentenceEnd cuts what follows the last word of a Japanese sentence: the full stop,
// and what stands in brackets.
func sentenceEnd(text []byte) []byte {
	for range 2 {
		text = bytes.TrimRight(text, " \r\n\t.")
		text = bytes.TrimSuffix(text, []byte("。"))
		if open := bytes.LastIndexByte(text, '('); open > 0 && bytes.HasSuffix(text, []byte(")")) {
			text = text[:open]
		}
	}
	return bytes.TrimRight(text, " \n")
}
