package decode

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown yields what a reader sees where it is not what the bytes say: text that a
// mark turns around, and numbers in kanji.
func shown(v View) iter.Seq[View] {
	return func(yield func(View) bool) {
		if mayTurn(v.Text) && !turned(v, yield) {
			return
		}
		if strings.Contains(v.Text, "〇") || strings.Contains(v.Text, "零") {
			kanjiNumbers(v, yield)
		}
	}
}

// token makes a view of what v.Text[start:end] shows.
func (v View) token(text string, start, end int) View {
	start, end = v.Span(start, end)
	return View{Text: text, start: start, end: end, depth: v.depth + 1}
}

// Marks that turn the text behind them around, and those that end it.
const (
	turnMarks = "\u202e\u202b\u2067"
	endMarks  = "\u202c\u2069\n"
)

func mayTurn(s string) bool {
	return strings.Contains(s, "\u202e") || strings.Contains(s, "\u202b") || strings.Contains(s, "\u2067")
}

// turned yields every turned stretch the way it is read.
func turned(v View, yield func(View) bool) bool {
	for from := 0; ; {
		i := strings.IndexAny(v.Text[from:], turnMarks)
		if i < 0 {
			return true
		}
		start := from + i
		_, size := utf8.DecodeRuneInString(v.Text[start:])
		end := len(v.Text)
		if n := strings.IndexAny(v.Text[start+size:], endMarks+turnMarks); n >= 0 {
			end = start + size + n
		}
		if !yield(v.token(backwards(v.Text[start+size:end]), start, end)) {
			return false
		}
		from = end
	}
}

// backwards returns a text from its end to its beginning. Marks stay behind their letter.
func backwards(s string) string {
	out := make([]byte, 0, len(s))
	for end := len(s); end > 0; {
		start := end
		for start > 0 {
			r, size := utf8.DecodeLastRuneInString(s[:start])
			start -= size
			if !unicode.Is(unicode.M, r) && r != 'ﾞ' && r != 'ﾟ' {
				break
			}
		}
		out = append(out, s[start:end]...)
		end = start
	}
	return string(out)
}

// kanjiNumbers yields the runs of at least five digits in kanji, in ASCII.
func kanjiNumbers(v View, yield func(View) bool) {
	const least = 5
	var run strings.Builder
	start, end, digits := 0, 0, 0
	flush := func() bool {
		ok := digits < least || yield(v.token(run.String(), start, end))
		run.Reset()
		digits = 0
		return ok
	}
	for i, r := range v.Text {
		size := utf8.RuneLen(r)
		switch d := kanjiDigit(r); {
		case d >= 0:
			if digits == 0 {
				run.Reset()
				start = i
			}
			run.WriteByte(byte('0' + d))
			digits++
			end = i + size
		case digits == 0:
		case strings.ContainsRune("-－―ー‐–−の() （）.・/／", r):
			run.WriteByte('-')
		case unicode.In(r, unicode.Cf, unicode.M):
		default:
			if !flush() {
				return
			}
		}
	}
	flush()
}

func kanjiDigit(r rune) int {
	if r == '零' {
		return 0
	}
	if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
		return i / 3
	}
	return -1
}
