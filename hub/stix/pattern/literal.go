package pattern

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// prefixes are the letters before the quote of a literal that is no string.
var prefixes = map[byte]LiteralKind{'h': Hex, 't': Timestamp, 'b': Binary}

// quoted reads a literal in quotes behind a prefix of that length.
func (l *lexer) quoted(kind LiteralKind, prefix int) (token, error) {
	start := l.pos
	l.pos += prefix + 1
	var text strings.Builder
	for {
		stop := strings.IndexAny(l.text[l.pos:], `'\`)
		if stop < 0 {
			return token{}, l.fail(RuleLiteral, start)
		}
		text.WriteString(l.text[l.pos : l.pos+stop])
		l.pos += stop + 1
		if l.text[l.pos-1] == '\'' {
			break
		}
		if l.pos == len(l.text) || l.text[l.pos] != '\'' && l.text[l.pos] != '\\' {
			return token{}, l.fail(RuleLiteral, l.pos-1)
		}
		text.WriteByte(l.text[l.pos])
		l.pos++
	}
	value, ok := Literal{kind, text.String()}.canonical()
	if !ok {
		return token{}, l.fail(RuleLiteral, start)
	}
	return token{kind: literal, value: value, pos: start}, nil
}

func (l *lexer) number() (token, error) {
	start := l.pos
	if c := l.text[l.pos]; c == '+' || c == '-' {
		l.pos++
	}
	whole := l.digits()
	value := Literal{Kind: Int}
	if rest := l.text[l.pos:]; len(rest) > 1 && rest[0] == '.' && digit(rest[1]) {
		value.Kind = Float
		l.pos++
		l.digits()
	}
	value.Text = l.text[start:l.pos]
	value, ok := value.canonical()
	if !ok || value.Kind == Int && len(whole) > 1 && whole[0] == '0' {
		return token{}, l.fail(RuleLiteral, start)
	}
	return token{kind: literal, value: value, pos: start}, nil
}

func (l *lexer) digits() string {
	start := l.pos
	for l.pos < len(l.text) && digit(l.text[l.pos]) {
		l.pos++
	}
	return l.text[start:l.pos]
}

// canonical checks a literal and brings its text into the one form.
func (v Literal) canonical() (Literal, bool) {
	switch v.Kind {
	case Int:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return Literal{Int, strconv.FormatInt(n, 10)}, err == nil
	case Float:
		f, err := strconv.ParseFloat(v.Text, 64)
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return Literal{Float, text}, err == nil
	case Hex:
		raw, err := hex.DecodeString(v.Text)
		return Literal{Hex, hex.EncodeToString(raw)}, err == nil
	case Binary:
		raw, err := base64.StdEncoding.DecodeString(v.Text)
		return Literal{Binary, base64.StdEncoding.EncodeToString(raw)}, err == nil && len(raw) > 0
	case Timestamp:
		_, ok := v.time()
		return v, ok
	}
	return v, true
}

// time reads a timestamp as STIX writes it; 23:59:60 reads as the second after it.
func (v Literal) time() (time.Time, bool) {
	s := v.Text
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[len(s)-1] != 'Z' || strings.ContainsRune(s, ',') {
		return time.Time{}, false
	}
	leap := s[11:19] == "23:59:60"
	if leap {
		s = s[:17] + "59" + s[19:]
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if leap {
		t = t.Add(time.Second)
	}
	return t, err == nil
}
