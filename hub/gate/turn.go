package gate

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// turnAround returns what src shows where a mark makes text run from right to left,
// nil where there is none.
func turnAround(src []byte) []byte {
	if !bytes.Contains(src, []byte("\u202e")) && !bytes.Contains(src, []byte("\u202b")) && !bytes.Contains(src, []byte("\u2067")) {
		return nil
	}
	var out []byte
	for _, part := range bytes.FieldsFunc(src, func(r rune) bool {
		return r == 0x202e || r == 0x202b || r == 0x2067 || r == 0x202c || r == 0x2069 || r == '\n' || r == valueBreak
	}) {
		runes := []rune(string(part))
		out = append(out, part...)
		slices.Reverse(runes)
		out = append(out, valueBreak)
		out = append(out, string(runes)...)
		out = append(out, valueBreak)
	}
	return out
}

// kanjiDigits returns the runs of five digits and more that src writes in kanji, in
// ASCII, if there is a zero among them: phones begin with one; nil where there is none.
func kanjiDigits(src []byte) []byte {
	if !bytes.Contains(src, []byte("〇")) && !bytes.Contains(src, []byte("零")) {
		return nil
	}
	var out, run []byte
	flush := func() {
		if digits := bytes.Count(run, []byte("-")); len(run)-digits >= 5 {
			out = append(append(out, run...), valueBreak)
		}
		run = run[:0]
	}
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			if len(run) > 0 {
				if src[i] == '-' || src[i] == ' ' || src[i] == '(' || src[i] == ')' || src[i] == '.' || src[i] == '/' {
					run = append(run, '-')
				} else {
					flush()
				}
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		i += n
		if r != 'ー' && invisible(folding(), r) {
			continue
		}
		if d := kanjiDigit(r); d >= 0 {
			run = append(run, byte('0'+d))
		} else if len(run) > 0 {
			if strings.ContainsRune("－―ー‐–−の（）・．／", r) {
				run = append(run, '-')
			} else {
				flush()
			}
		}
	}
	flush()
	return out
}

func kanjiDigit(r rune) int {
	switch r {
	case '〇', '零':
		return 0
	case '一':
		return 1
	case '二':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

// narrow returns src as addresses are read in it: digits, letters and signs of any
// width and script are ASCII, invisible runes are left out; src itself where that
// changes nothing. Offsets then are those of what is returned.
func narrow(src []byte) []byte {
	if !needsNarrow(src) {
		return src
	}
	t := folding()
	out := make([]byte, 0, len(src))
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			if t.ascii[src[i]] != foldInvisible || src[i] == valueBreak {
				out = append(out, src[i])
			}
			i++
			continue
		}
		if c := src[i]; c >= 0xe3 && c <= 0xed && i+2 < len(src) { // kana, kanji
			out = append(out, src[i], src[i+1], src[i+2])
			i += 3
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		switch c := t.plain(r); {
		case r >= '！' && r <= '～':
			out = append(out, byte(r-'！'+'!'))
		case c != 0:
			out = append(out, c)
		case !invisible(t, r):
			out = append(out, src[i:i+n]...)
		}
		i += n
	}
	return out
}

// plain returns the ASCII letter or digit that r folds to, 0 where it is another.
func (t *foldTable) plain(r rune) byte {
	var buf [1]rune
	if out, _ := t.fold(r, &buf); len(out) == 1 && out[0] < utf8.RuneSelf && out[0] > foldInvisible {
		return byte(out[0])
	}
	return 0
}

// needsNarrow reports whether src has runes that narrow changes: none of the bytes
// that kanji, kana and their punctuation begin with is enough.
func needsNarrow(src []byte) bool {
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c < utf8.RuneSelf:
			if c == 0 {
				return true
			}
		case c >= 0xe3 && c <= 0xed && i+2 < len(src):
			i += 2
		default:
			return true
		}
	}
	return false
}
