package picture

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// em is how wide a rune is drawn at most, in hundredths of the size of type. No font is
// at hand where pictures are made, so this is as wide as the wide ones that pages come
// with (Verdana, Meiryo): a box may be too large, but never too small.
func em(r rune) int {
	switch {
	case r >= 0 && r < rune(len(latin)):
		return latin[r]
	case r >= 0xff61 && r <= 0xff9f: // half-width katakana
		return 60
	case r == '–':
		return 70
	case r >= 0x1f000:
		return 150
	}
	return 100
}

// latin is the widths of ASCII.
var latin = func() (w [0x80]int) {
	for r := range w {
		switch {
		case strings.ContainsRune(" iIjl.,:;|!'()[]`", rune(r)):
			w[r] = 55
		case strings.ContainsRune("mwMW@%", rune(r)):
			w[r] = 108
		case r >= 'A' && r <= 'Z' || strings.ContainsRune("+<=>~#&^", rune(r)):
			w[r] = 82
		default:
			w[r] = 66
		}
	}
	return w
}()

// measure is the width of a text, rounded up.
func measure(text string, size int) int {
	sum := 0
	for _, r := range text {
		sum += em(r)
	}
	return (sum*size + 99) / 100
}

// longest is how many runes of one text are looked at.
const longest = 200

// clean keeps what can be measured: the scripts that the hub's languages and the names
// of malware come in, composed, on one line. The rest is shown as a square.
func clean(text string) string { return cleaned(text, longest) }

func cleaned(text string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "□")) {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.M):
			continue
		case r == '\u2e3a' || r == '\u2e3b' || !unicode.IsGraphic(r) ||
			!unicode.In(r, unicode.Common, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			r = '□'
		}
		if n++; n > most {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

const (
	noStart = "、。，．・：；？！）］｝」』】〉》〕”’ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ々〜…％／)]},.:;!?"
	noEnd   = "（［｛「『【〈《〔“‘([{"
)

func wide(r rune) bool { return r >= 0x2e80 }

// breakable reports whether a line may end between two runes.
func breakable(a, b rune) bool {
	switch {
	case b == ' ' || strings.ContainsRune(noStart, b) || strings.ContainsRune(noEnd, a):
		return false
	case unicode.In(b, unicode.Hiragana) || script(a) == script(b) && script(b) != nil:
		return false // inside a word, or before its ending
	case a == ' ' || wide(a) || wide(b):
		return true
	}
	return strings.ContainsRune("-–/,;、", a) && !(a == '-' && unicode.IsDigit(b)) // a CVE's number stays whole
}

// script is the script of a rune of a Japanese word.
func script(r rune) *unicode.RangeTable {
	switch {
	case r == 'ー' || unicode.In(r, unicode.Katakana):
		return unicode.Katakana
	case unicode.In(r, unicode.Han):
		return unicode.Han
	}
	return nil
}

// units are the parts of a text that stay on one line where they can.
func units(text string) []string {
	var out []string
	start, last := 0, rune(0)
	for i, r := range text {
		if i > 0 && breakable(last, r) {
			out = append(out, text[start:i])
			start = i
		}
		last = r
	}
	return append(out, text[start:])
}

// wrap breaks a text into at most so many lines, none wider than width. What doesn't
// fit ends in "…".
func wrap(text string, size, width, most int) []string {
	parts := units(clean(text))
	lines := fill(parts, size, width)
	if len(lines) > most {
		return append(lines[:most-1], shorten(lines[most-1]+"…", size, width))
	}
	least := width / 2
	for _, u := range parts {
		least = max(least, measure(u, size)-1)
	}
	for narrow := width - size; len(lines) > 1 && narrow > least && measure(lines[len(lines)-1], size) < width/3; narrow -= size {
		better := fill(parts, size, narrow) // no lone rune on the last line
		if len(better) > len(lines) {
			break
		}
		lines = better
	}
	return lines
}

// Lines breaks a text of any length into lines, none of them wider than width in any
// font that pages come with.
func Lines(text string, size, width int) []string {
	return fill(units(cleaned(text, len(text))), size, width)
}

// fill puts parts on lines.
func fill(parts []string, size, width int) []string {
	var lines []string
	line := ""
	for _, u := range parts {
		if measure(strings.TrimRight(line+u, " "), size) <= width {
			line += u
			continue
		}
		if line != "" {
			lines = append(lines, strings.TrimSpace(line))
		}
		pieces := hard(u, size, width)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return append(lines, strings.TrimSpace(line))
}

// hard breaks a unit wherever the line is full.
func hard(unit string, size, width int) []string {
	var out []string
	line := ""
	for _, r := range unit {
		if line != "" && measure(line+string(r), size) > width {
			out = append(out, line)
			line = ""
		}
		line += string(r)
	}
	return append(out, line)
}

// shorten takes runes from before the "…" until the line fits.
func shorten(line string, size, width int) string {
	runes := []rune(line)
	for len(runes) > 1 && measure(string(runes), size) > width {
		runes = append(runes[:len(runes)-2], '…')
	}
	return string(runes)
}
