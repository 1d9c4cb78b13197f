package gate

import (
	"bytes"
	"slices"
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
				if src[i] == '-' || src[i] == ' ' {
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
		if d := kanjiDigit(r); d >= 0 {
			run = append(run, byte('0'+d))
		} else if len(run) > 0 {
			if r == '－' || r == '―' || r == 'ー' || r == '‐' || r == 'の' {
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

// narrow returns src with wide ASCII made narrow and invisible runes left out, src
// itself where it has neither. Offsets then are those of what is returned.
func narrow(src []byte) []byte {
	if !needsNarrow(src) {
		return src
	}
	t := folding()
	out := make([]byte, 0, len(src))
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r >= '！' && r <= '～':
			out = append(out, byte(r-'！'+'!'))
		case r < utf8.RuneSelf || !invisible(t, r):
			out = append(out, src[i:i+n]...)
		}
		i += n
	}
	return out
}

// needsNarrow reports whether src has wide digits or dots, or invisible runes.
func needsNarrow(src []byte) bool {
	for i := bytes.IndexByte(src, 0xef); i >= 0 && i+2 < len(src); {
		if c := src[i+2]; src[i+1] == 0xbb || src[i+1] == 0xbc && (c == 0x8e || c >= 0x90 && c <= 0x99) || src[i+1] == 0xbd {
			return true
		}
		next := bytes.IndexByte(src[i+1:], 0xef)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	for i := bytes.IndexByte(src, 0xe2); i >= 0 && i+2 < len(src); {
		if c := src[i+2]; src[i+1] == 0x80 && (c >= 0x8b && c <= 0x8f || c >= 0xaa && c <= 0xae) || src[i+1] == 0x81 && c >= 0xa0 {
			return true
		}
		next := bytes.IndexByte(src[i+1:], 0xe2)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return bytes.IndexByte(src, 0xcc) >= 0 || bytes.IndexByte(src, 0xcd) >= 0 || bytes.Contains(src, []byte("\u00ad")) || bytes.IndexByte(src, 0) >= 0
}
