package pattern

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"isac/hub"
)

// checkFixedPoint wants the canonical form to give the same tree and text.
func checkFixedPoint(t interface{ Fatalf(string, ...any) }, p *Pattern) {
	again, err := Parse(p.String())
	if err != nil {
		t.Fatalf("%v in %s", err, p)
	}
	if again.String() != p.String() || !reflect.DeepEqual(again.Root, p.Root) {
		t.Fatalf("not a fixed point:\n%s\n%s", p, again)
	}
}

func TestParse(t *testing.T) {
	cases := []struct{ why, text, want string }{
		{"one comparison", "[ipv4-addr:value='198.51.100.1']", "[ipv4-addr:value = '198.51.100.1']"},
		{"space and comments", "/* a */ [ url:value\n=\t'x' ] // end", "[url:value = 'x']"},
		{"wide space", "[url:value\u3000=\u00a0'x']", "[url:value = 'x']"},
		{"two spellings of equal", "[a:b == 1 OR a:b <> 2]", "[a:b = 1 OR a:b != 2]"},
		{"quotes that are not needed", "[file:'name' = 'a']", "[file:name = 'a']"},
		{"quotes that are needed", "[file:hashes.'SHA-256' = 'a']", "[file:hashes.'SHA-256' = 'a']"},
		{"a keyword as a quoted key", "[a:'AND'.'true' = 1]", "[a:'AND'.'true' = 1]"},
		{"Japanese key", "[a:'名前' = '病院']", "[a:'名前' = '病院']"},
		{"lists", "[a:b[0].c[*][12].'d-e' = 1]", "[a:b[0].c[*][12].'d-e' = 1]"},
		{"escapes", `[a:b = 'it\'s C:\\x']`, `[a:b = 'it\'s C:\\x']`},
		{"line break in a string", "[a:b = 'x\ny']", "[a:b = 'x\ny']"},
		{"comment marks in a string", "[a:b = '//x/*']", "[a:b = '//x/*']"},
		{"integers", "[a:b IN (+7, -0, -12, 0)]", "[a:b IN (7, 0, -12, 0)]"},
		{"floats", "[a:b IN (.5, +1.50, -0.0, 007.25, 3.0)]", "[a:b IN (0.5, 1.5, -0.0, 7.25, 3.0)]"},
		{"bools", "[a:b = true OR a:b != false]", "[a:b = true OR a:b != false]"},
		{"hex", "[a:b = h'FFd8' OR a:b = h'']", "[a:b = h'ffd8' OR a:b = h'']"},
		{"binary", "[a:b = b'eHh4eA==']", "[a:b = b'eHh4eA==']"},
		{"timestamp", "[a:b > t'2026-01-02T03:04:05.678901Z']", "[a:b > t'2026-01-02T03:04:05.678901Z']"},
		{"leap second", "[a:b > t'2016-12-31T23:59:60Z']", "[a:b > t'2016-12-31T23:59:60Z']"},
		{"empty set", "[a:b IN ()]", "[a:b IN ()]"},
		{"order", "[a:b < 1 OR a:b <= 'x' OR a:b > 1.5 OR a:b >= h'00']", "[a:b < 1 OR a:b <= 'x' OR a:b > 1.5 OR a:b >= h'00']"},
		{
			"word operators", `[a:b LIKE 'x%' OR a:b MATCHES '^x\\.y$' OR a:b ISSUBSET '198.51.100.0/24' OR a:b ISSUPERSET '2001:db8::/32']`,
			`[a:b LIKE 'x%' OR a:b MATCHES '^x\\.y$' OR a:b ISSUBSET '198.51.100.0/24' OR a:b ISSUPERSET '2001:db8::/32']`,
		},
		{"negation", "[a:b NOT = 1 AND a:b NOT IN (1, 2) AND a:b NOT LIKE 'x']", "[a:b NOT = 1 AND a:b NOT IN (1, 2) AND a:b NOT LIKE 'x']"},
		{"existence", "[EXISTS a:b AND a:c = 1]", "[EXISTS a:b AND a:c = 1]"},
		{"AND before OR", "[a:b = 1 OR a:c = 2 AND a:d = 3]", "[a:b = 1 OR a:c = 2 AND a:d = 3]"},
		{"parentheses that are needed", "[(a:b = 1 OR a:c = 2) AND a:d = 3]", "[(a:b = 1 OR a:c = 2) AND a:d = 3]"},
		{"parentheses that are not", "[((a:b = 1) AND (a:c = 2 AND (a:d = 3))) OR (a:e = 4 OR a:f = 5)]", "[a:b = 1 AND a:c = 2 AND a:d = 3 OR a:e = 4 OR a:f = 5]"},
		{
			"observations: AND before OR before FOLLOWEDBY", "[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3] AND [a:b=4]",
			"[a:b = 1] FOLLOWEDBY [a:b = 2] OR [a:b = 3] AND [a:b = 4]",
		},
		{"observations: parentheses that are needed", "([a:b=1] FOLLOWEDBY [a:b=2]) AND [a:b=3]", "([a:b = 1] FOLLOWEDBY [a:b = 2]) AND [a:b = 3]"},
		{"observations: parentheses that are not", "(([a:b=1] AND [a:b=2])) OR ([a:b=3])", "[a:b = 1] AND [a:b = 2] OR [a:b = 3]"},
		{
			"FOLLOWEDBY groups to the left", "([a:b=1] FOLLOWEDBY [a:b=2]) FOLLOWEDBY ([a:b=3] FOLLOWEDBY [a:b=4])",
			"[a:b = 1] FOLLOWEDBY [a:b = 2] FOLLOWEDBY ([a:b = 3] FOLLOWEDBY [a:b = 4])",
		},
		{"a qualifier belongs to the bracket before it", "[a:b=1] AND [a:b=2] WITHIN 5 SECONDS", "[a:b = 1] AND [a:b = 2] WITHIN 5 SECONDS"},
		{"or to the parentheses", "([a:b=1] AND [a:b=2]) WITHIN 1.50 SECONDS", "([a:b = 1] AND [a:b = 2]) WITHIN 1.5 SECONDS"},
		{"parentheses around one bracket", "([a:b=1]) REPEATS 5 TIMES", "[a:b = 1] REPEATS 5 TIMES"},
		{
			"all qualifiers", "[a:b=1] REPEATS 2 TIMES WITHIN 9 SECONDS START t'2026-01-01T00:00:00Z' STOP t'2026-01-01T00:00:00.5Z'",
			"[a:b = 1] REPEATS 2 TIMES WITHIN 9 SECONDS START t'2026-01-01T00:00:00Z' STOP t'2026-01-01T00:00:00.5Z'",
		},
		{"the same qualifier on two levels", "([a:b=1] WITHIN 1 SECONDS) WITHIN 5 SECONDS", "([a:b = 1] WITHIN 1 SECONDS) WITHIN 5 SECONDS"},
		{"OR between types", "[file:name = 'a' OR domain-name:value = 'b']", "[file:name = 'a' OR domain-name:value = 'b']"},
		{"AND that one type can satisfy", "[(a:b = 1 OR c:d = 2) AND (c:d = 3 OR e:f = 4)]", "[(a:b = 1 OR c:d = 2) AND (c:d = 3 OR e:f = 4)]"},
		{"custom type and property", "[x-thing:x_prop = 1]", "[x-thing:x_prop = 1]"},
	}
	for _, c := range cases {
		p, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if p.String() != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.why, p, c.want)
		}
		checkFixedPoint(t, p)
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat("(", MaxDepth+1)
	cases := []struct {
		why, text, rule string
		offset          int
	}{
		{"nothing", "", RuleEmpty, 0},
		{"white space", " \n", RuleEmpty, 0},
		{"only a comment", "/* a */", RuleSyntax, 7},
		{"empty brackets", "[]", RuleSyntax, 1},
		{"empty parentheses", "()", RuleSyntax, 1},
		{"no brackets", "a:b = 1", RuleSyntax, 0},
		{"open bracket", "[a:b = 1", RuleSyntax, 8},
		{"open parenthesis", "([a:b = 1]", RuleSyntax, 10},
		{"something behind", "[a:b = 1] x", RuleSyntax, 10},
		{"no value", "[a:b =]", RuleSyntax, 6},
		{"no operator", "[a:b 1]", RuleSyntax, 5},
		{"no path", "[= 1]", RuleSyntax, 1},
		{"no property", "[a = 1]", RuleSyntax, 3},
		{"hyphen in a property without quotes", "[file:hashes.SHA-256 = 'a']", RuleSyntax, 13},
		{"quotes around the type", "['file':name = 'a']", RuleSyntax, 1},
		{"double quotes", `[file:name = "a"]`, RuleSyntax, 13},
		{"keyword as a property", "[a:AND = 1]", RuleSyntax, 3},
		{"small keyword", "[a:b = 1 and a:c = 2]", RuleSyntax, 9},
		{"capital TRUE", "[a:b = TRUE]", RuleSyntax, 7},
		{"word as a value", "[a:b = x]", RuleSyntax, 7},
		{"order of bools", "[a:b > true]", RuleSyntax, 7},
		{"LIKE with a number", "[a:b LIKE 1]", RuleSyntax, 10},
		{"IN without a set", "[a:b IN 1]", RuleSyntax, 8},
		{"comma at the end of a set", "[a:b IN (1,)]", RuleSyntax, 11},
		{"NOT before EXISTS", "[NOT EXISTS a:b]", RuleSyntax, 1},
		{"negative list place", "[a:b[-1] = 1]", RuleLiteral, 5},
		{"brackets inside brackets", "[[a:b = 1]]", RuleSyntax, 1},
		{"FOLLOWEDBY inside brackets", "[a:b = 1 FOLLOWEDBY a:c = 2]", RuleSyntax, 9},
		{"operator at the end", "[a:b = 1] AND", RuleSyntax, 13},
		{"open comment", "[a:b = 1] /* x", RuleSyntax, 10},
		{"unknown character", "[a:b = 1] ; [a:b = 2]", RuleSyntax, 10},
		{"open string", "[a:b = 'x]", RuleLiteral, 7},
		{"place in characters", "[a:b = '病院' x]", RuleSyntax, 12},
		{"escape of another character", `[a:b = 'C:\x']`, RuleLiteral, 10},
		{"leading zero", "[a:b = 07]", RuleLiteral, 7},
		{"beyond 64 bits", "[a:b = 9223372036854775808]", RuleLiteral, 7},
		{"odd hex digits", "[a:b = h'abc']", RuleLiteral, 7},
		{"bad base64", "[a:b = b'abc']", RuleLiteral, 7},
		{"day out of range", "[a:b = t'2026-02-30T00:00:00Z']", RuleLiteral, 7},
		{"offset in a timestamp", "[a:b = t'2026-02-01T00:00:00+09:00']", RuleLiteral, 7},
		{"bad regular expression", "[a:b MATCHES '(x']", RuleRegex, 13},
		{"REPEATS 0", "[a:b = 1] REPEATS 0 TIMES", RuleRepeats, 18},
		{"REPEATS negative", "[a:b = 1] REPEATS -2 TIMES", RuleRepeats, 18},
		{"REPEATS half", "[a:b = 1] REPEATS 1.5 TIMES", RuleSyntax, 18},
		{"WITHIN 0", "[a:b = 1] WITHIN 0.0 SECONDS", RuleWithin, 17},
		{"WITHIN negative", "[a:b = 1] WITHIN -1 SECONDS", RuleWithin, 17},
		{"WITHIN without a unit", "[a:b = 1] WITHIN 5", RuleSyntax, 18},
		{"WITHIN twice", "[a:b = 1] WITHIN 5 SECONDS WITHIN 6 SECONDS", RuleTwice, 27},
		{"REPEATS twice", "[a:b = 1] REPEATS 5 TIMES WITHIN 1 SECONDS REPEATS 5 TIMES", RuleTwice, 43},
		{"START without STOP", "[a:b = 1] START t'2026-01-01T00:00:00Z'", RuleSyntax, 39},
		{"START as a string", "[a:b = 1] START '2026-01-01T00:00:00Z' STOP '2026-01-02T00:00:00Z'", RuleSyntax, 16},
		{"STOP before START", "[a:b = 1] START t'2026-01-02T00:00:00Z' STOP t'2026-01-01T00:00:00Z'", RuleStartStop, 16},
		{"AND between types", "[file:name = 'a' AND domain-name:value = 'b']", RuleAndTypes, 1},
		{"AND that no type can satisfy", "[(a:b = 1 OR c:d = 2) AND (e:f = 3 OR g:h = 4)]", RuleAndTypes, 1},
		{"broken UTF-8", "[a:b = '\xff']", RuleUTF8, 0},
		{"too large", "[a:b = '" + strings.Repeat("x", MaxBytes) + "']", RuleTooLarge, 0},
		{"too large when printed", "[abc:bcd=.5" + strings.Repeat("OR abc:bcd=.5", MaxTerms-1) + "]", RuleTooLarge, 0},
		{"too many comparisons", "[a:b=1" + strings.Repeat("OR a:b=1", MaxTerms) + "]", RuleTooMany, 40001},
		{"too deep outside", deep + "[a:b = 1]", RuleTooDeep, MaxDepth},
		{"too deep inside", "[" + deep + "a:b = 1", RuleTooDeep, MaxDepth + 1},
		{"too many members", "[a:b IN (" + strings.Repeat("1,", MaxTerms) + "1)]", RuleTooMany, 9 + 2*(MaxTerms-1)},
	}
	for _, c := range cases {
		_, err := Parse(c.text)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Rule != c.rule || e.Offset != c.offset {
			t.Errorf("%s: got %v, want %s at %d", c.why, err, c.rule, c.offset)
		}
	}
}

func TestLimitsAreReachable(t *testing.T) {
	for why, text := range map[string]string{
		"depth": strings.Repeat("(", MaxDepth) + "[a:b = 1]" + strings.Repeat(")", MaxDepth),
		"terms": "[a:b = 1" + strings.Repeat(" OR a:b = 1", MaxTerms-1) + "]",
		"bytes": "[a:b = '" + strings.Repeat("x", MaxBytes-10) + "']",
	} {
		p, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", why, err)
			continue
		}
		checkFixedPoint(t, p)
	}
}

func TestRegex(t *testing.T) {
	for _, s := range []string{
		`^a.*[b-d]{2,}$`, `\\\\server\\share`, `(?=x)y`, `(?<!a)b(?!c)`, `(a)\1`, `(?<n>a)\k<n>`, `a++b*+c?+`, `(?>a|b)`, `\Aa\z`,
		`x{2,5000}`, `(x{900}){900}`, `(?i)a(?x: b )`, `a\Rb\h`, `[]a]`, `[^]a](?=b)`, `(?#note)a`, `[a\]b](?=c)`, `\d+(?=[(])`, ``,
	} {
		if !validRegex(s) {
			t.Errorf("refused: %s", s)
		}
	}
	for _, s := range []string{`(`, `a)`, `[a`, `*a`, `a**`, `(?=a`, `(?<!a))`, `x{5,2}`, `[z-a]`, `\`, `a\1(`, `(?#note`, `[]`} {
		if validRegex(s) {
			t.Errorf("accepted: %s", s)
		}
	}
}

func TestRewrite(t *testing.T) {
	cases := []struct{ why, text, want string }{
		{"nothing to drop", "[a:b = 1]", "[a:b = 1]"},
		{"all dropped", "[a:b = 'x']", ""},
		{"OR keeps the rest", "[a:b = 1 OR a:b = 'x' OR a:b = 2]", "[a:b = 1 OR a:b = 2]"},
		{"AND keeps the rest", "[a:b = 1 AND a:c = 'x']", "[a:b = 1]"},
		{"AND of nothing goes, its OR keeps the rest", "[a:b = 'x' AND a:c = 'x' OR a:d = 1]", "[a:d = 1]"},
		{"OR inside AND collapses", "[(a:b = 'x' OR a:c = 1) AND (a:d = 2 OR a:e = 3)]", "[a:c = 1 AND (a:d = 2 OR a:e = 3)]"},
		{"OR left alone joins the OR around it", "[(a:b = 1 OR a:c = 2) AND a:d = 'x' OR a:e = 3]", "[a:b = 1 OR a:c = 2 OR a:e = 3]"},
		{"AND that no type can satisfy any longer goes", "[(a:b = 1 OR c:d = 'x') AND (a:e = 'x' OR c:f = 2) OR a:g = 3]", "[a:g = 3]"},
		{"brackets go with their qualifiers", "[a:b = 'x'] WITHIN 5 SECONDS AND [a:c = 1] REPEATS 2 TIMES", "[a:c = 1] REPEATS 2 TIMES"},
		{"one part left takes the qualifier", "([a:b = 1] FOLLOWEDBY [a:c = 'x']) WITHIN 5 SECONDS", "[a:b = 1] WITHIN 5 SECONDS"},
		{"one qualified part left keeps both", "([a:b = 1] WITHIN 2 SECONDS AND [a:c = 'x']) WITHIN 5 SECONDS", "([a:b = 1] WITHIN 2 SECONDS) WITHIN 5 SECONDS"},
		{
			"FOLLOWEDBY loses its first", "[a:b = 'x'] FOLLOWEDBY ([a:c = 1] FOLLOWEDBY [a:d = 2]) FOLLOWEDBY [a:e = 3]",
			"[a:c = 1] FOLLOWEDBY [a:d = 2] FOLLOWEDBY [a:e = 3]",
		},
	}
	for _, c := range cases {
		p, err := Parse(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		before := p.String()
		got, left := p.Rewrite(func(cmp *Comparison) bool { return cmp.Values[0].Kind != String })
		if left != (c.want != "") || left && got.String() != c.want {
			t.Errorf("%s: got %v, %t; want %s", c.why, got, left, c.want)
		}
		if left {
			checkFixedPoint(t, got)
		}
		if newPattern(p.Root).String() != before {
			t.Errorf("%s: the original has changed", c.why)
		}
	}
}

func TestWithoutWindows(t *testing.T) {
	p, err := Parse("([a:b = 1] START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z' WITHIN 5 SECONDS) START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.WithoutWindows().String(); got != "[a:b = 1] WITHIN 5 SECONDS" {
		t.Errorf("got %s", got)
	}
}

func TestComparisons(t *testing.T) {
	p, err := Parse("[file:hashes.'SHA-256' = 'a' AND (file:name NOT IN ('b', 'c') OR EXISTS file:size)] FOLLOWEDBY [windows-registry-key:values[*].data = 'd']")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range p.Comparisons() {
		got = append(got, fmt.Sprintf("%s %t %s %d", c.Path, c.Negated, c.Op, len(c.Values)))
	}
	want := []string{"file:hashes.'SHA-256' false = 1", "file:name true IN 2", "file:size false EXISTS 0", "windows-registry-key:values[*].data false = 1"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

// Kinds of indicators are object paths in canonical form, so that facts read from
// patterns and patterns written from facts name the same thing.
func TestKindsAreCanonicalPaths(t *testing.T) {
	for _, kind := range []hub.Kind{
		hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.Mail, hub.MailSubject, hub.MD5, hub.SHA1, hub.SHA256, hub.SHA512, hub.SSDEEP,
		hub.TLSH, hub.FileName, hub.FilePath, hub.CommandLine, hub.RegistryKey, hub.RegistryValue, hub.Service, hub.Mutex,
		hub.UserAgent, hub.CertSHA256, hub.CertSHA1, hub.CertSerial, hub.AS,
	} {
		text := Equal(kind, "64500")
		p, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if got := p.Comparisons()[0].Path.String(); got != string(kind) || p.String() != text {
			t.Errorf("%s: path %s in %s", kind, got, p)
		}
	}
	if got := Equal(hub.CommandLine, `cmd /c 'a\b'`); got != `[process:command_line = 'cmd /c \'a\\b\'']` {
		t.Errorf("got %s", got)
	}
}
