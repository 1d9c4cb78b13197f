package anonymize

import (
	"regexp/syntax"
	"strings"
	"unicode"

	"isac/hub"
	"isac/hub/stix/pattern"
)

// shaped claims a comparison with a shape of values, as a pattern. Whether a name is
// hidden in a shape is hard to tell, so that a reviewer looks at it.
func (u *unit) shaped(i int, c *pattern.Comparison) {
	if shape(c) && !u.holdsAddr(hub.URL, c.Values[0].Text) {
		f := hub.Fact{Class: hub.Indicator, Kind: hub.Pattern, Value: "[" + c.String() + "]", Source: hub.FromPattern, Single: true}
		u.bones[f.Key()] = aside(c)
		u.claim(i, "pattern", f)
	}
}

var shapedKinds = map[hub.Kind]bool{hub.Domain: true, hub.URL: true, hub.Mail: true, hub.FileName: true, hub.UserAgent: true}

// shape reports whether a comparison is LIKE or MATCHES with plain signs, of a kind
// that the attacker chooses, and with what is open at the ends of words alone:
// m.dorisawa is a name whose letter is hidden.
func shape(c *pattern.Comparison) bool {
	if c.Negated || c.Op != pattern.Like && c.Op != pattern.Matches || len(c.Values) != 1 {
		return false
	}
	kind, ok := patternKinds[pathKey(c)]
	text := c.Values[0].Text
	if !ok || !shapedKinds[kind] || !plainSpaced(text) || len(text) > 256 {
		return false
	}
	return len(strings.Map(lettersOnly, bone(c))) >= 5
}

func lettersOnly(r rune) rune {
	if r < 0x80 && alnum(byte(r)) {
		return r
	}
	return -1
}

// aside is what a shape is searched for besides itself: its bone, and what stands
// behind each of its first wildcards. A percent sign before hexadecimal digits reads
// as an escape otherwise, and takes the beginning of what is encoded there.
func aside(c *pattern.Comparison) string {
	const wildcards = 8
	out := "\n" + bone(c)
	if c.Op != pattern.Like {
		return out
	}
	rest := c.Values[0].Text
	for range wildcards {
		_, behind, ok := strings.Cut(rest, "%")
		if !ok {
			break
		}
		out += "\n" + strings.TrimRight(behind, "%")
		rest = behind
	}
	return out
}

// bone is the text of a shape without what is open in it, "" where that stands
// inside of a word or the shape is one that isn't understood.
func bone(c *pattern.Comparison) string {
	b := &boneWriter{}
	text := c.Values[0].Text
	if c.Op == pattern.Like {
		for _, r := range text {
			if r == '%' || r == '_' {
				b.open()
			} else {
				b.write(r)
			}
		}
		return b.text()
	}
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return ""
	}
	b.expr(re)
	return b.text()
}

// A boneWriter writes the fixed signs of a shape.
type boneWriter struct {
	out    strings.Builder
	last   rune
	gap    bool // something open stands since last
	broken bool
}

func (b *boneWriter) open() { b.gap = true }

func (b *boneWriter) write(r rune) {
	b.broken = b.broken || b.gap && unicode.IsLetter(b.last) && unicode.IsLetter(r)
	b.gap, b.last = false, r
	b.out.WriteRune(r)
}

func (b *boneWriter) text() string {
	if b.broken {
		return ""
	}
	return b.out.String()
}

func (b *boneWriter) expr(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			b.write(r)
		}
	case syntax.OpCharClass:
		if r, one := oneLetter(re.Rune); one {
			b.write(r)
		} else {
			b.open()
		}
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.expr(sub)
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			b.open()
			b.expr(sub)
			b.open()
			b.write('|')
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		b.open()
		b.expr(re.Sub[0])
		b.open()
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.open()
	}
}

// oneLetter reports whether a class of characters is one letter, in either case.
func oneLetter(ranges []rune) (rune, bool) {
	first := unicode.ToLower(ranges[0])
	for _, r := range ranges {
		if unicode.ToLower(r) != first {
			return 0, false
		}
	}
	return first, true
}
