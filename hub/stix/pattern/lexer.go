package pattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	end     tokenKind = iota
	word              // identifier, maybe with hyphens
	keyword           // AND, LIKE, …
	symbol            // ( ) [ ] : . , * and comparison operators in canonical spelling
	literal
)

type token struct {
	kind  tokenKind
	text  string // of words, keywords and symbols
	value Literal
	pos   int
}

func (t token) is(text string) bool {
	return (t.kind == symbol || t.kind == keyword) && t.text == text
}

var keywords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "FOLLOWEDBY": true, "LIKE": true, "MATCHES": true,
	"ISSUPERSET": true, "ISSUBSET": true, "EXISTS": true, "LAST": true, "IN": true, "START": true,
	"STOP": true, "SECONDS": true, "true": true, "false": true, "WITHIN": true, "REPEATS": true, "TIMES": true,
}

// symbols lists the symbols, longer ones first, and their canonical spelling.
var symbols = []struct{ text, canonical string }{
	{"==", "="},
	{"!=", "!="},
	{"<>", "!="},
	{"<=", "<="},
	{">=", ">="},
	{"=", "="},
	{"<", "<"},
	{">", ">"},
	{"(", "("},
	{")", ")"},
	{"[", "["},
	{"]", "]"},
	{":", ":"},
	{".", "."},
	{",", ","},
	{"*", "*"},
}

type lexer struct {
	text string
	pos  int
}

func (l *lexer) fail(rule string, pos int) error { return errorAt(rule, l.text, pos) }

// next reads a token; at the end of the text it is of the kind end.
func (l *lexer) next() (token, error) {
	if err := l.space(); err != nil {
		return token{}, err
	}
	rest := l.text[l.pos:]
	if rest == "" {
		return token{kind: end, pos: l.pos}, nil
	}
	switch c := rest[0]; {
	case c == '\'':
		return l.quoted(String, 0)
	case strings.IndexByte("htb", c) >= 0 && strings.HasPrefix(rest[1:], "'"):
		return l.quoted(prefixes[c], 1)
	case letter(c):
		return l.word(), nil
	case number(rest):
		return l.number()
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s.text) {
			t := token{kind: symbol, text: s.canonical, pos: l.pos}
			l.pos += len(s.text)
			return t, nil
		}
	}
	return token{}, l.fail(RuleSyntax, l.pos)
}

// space steps over white space and comments.
func (l *lexer) space() error {
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		r, n := utf8.DecodeRuneInString(rest)
		switch {
		case unicode.IsSpace(r):
			l.pos += n
		case strings.HasPrefix(rest, "//"):
			stop := strings.IndexAny(rest, "\r\n")
			if stop < 0 {
				stop = len(rest)
			}
			l.pos += stop
		case strings.HasPrefix(rest, "/*"):
			stop := strings.Index(rest[2:], "*/")
			if stop < 0 {
				return l.fail(RuleSyntax, l.pos)
			}
			l.pos += stop + 4
		default:
			return nil
		}
	}
	return nil
}

func (l *lexer) word() token {
	start := l.pos
	for l.pos < len(l.text) && (letter(l.text[l.pos]) || digit(l.text[l.pos]) || l.text[l.pos] == '-') {
		l.pos++
	}
	text := l.text[start:l.pos]
	switch {
	case text == "true" || text == "false":
		return token{kind: literal, value: Literal{Bool, text}, pos: start}
	case keywords[text]:
		return token{kind: keyword, text: text, pos: start}
	}
	return token{kind: word, text: text, pos: start}
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

func digit(c byte) bool { return '0' <= c && c <= '9' }

// number reports whether s begins with a number: [+-]digits or [+-].digits.
func number(s string) bool {
	if s[0] == '+' || s[0] == '-' {
		s = s[1:]
	}
	if s != "" && s[0] == '.' {
		s = s[1:]
	}
	return s != "" && digit(s[0])
}

// plain reports whether a property name can stand without quotes.
func plain(name string) bool {
	if name == "" || !letter(name[0]) || keywords[name] {
		return false
	}
	for i := range len(name) {
		if !letter(name[i]) && !digit(name[i]) {
			return false
		}
	}
	return true
}
