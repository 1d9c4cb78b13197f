package disguise_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A mutant is the hub without one way of reading: a piece of its source written
// otherwise. The tests of that side must notice.
type mutant struct {
	reads      string // what isn't read any more
	file       string // in the module
	from, to   string // of the source
	pkg, suite string // tests that must fail; the writings of this package where pkg is ""
}

// gate and builder are the tests of each side by itself.
const (
	gateTests    = "TestPlantedIsCaught|TestSplitNameIsCaught|TestOtherCharsets|TestLeftOutForms|TestEscapesBehindASeparator|TestEverySpellingIsCaught"
	builderTests = "TestEveryEncodingIsSeen|TestHexDigitsAreReadBothWays|TestPunycode|TestNested"
)

var mutants = []mutant{
	{"gate: backslash escapes", "hub/gate/unescape.go", `if len(src) > 1 {
			return appendEscape(dst, src)`, `if len(src) > 1<<40 {
			return appendEscape(dst, src)`, "hub/gate", gateTests},
	{"gate: escapes behind a separator", "hub/gate/reading.go", "bytes.Contains(data, []byte(`\\\\`))", "len(data) > 1<<40", "hub/gate", gateTests},
	{"gate: percent escapes", "hub/gate/unescape.go", "if r, n := hexRune(src[1:], 2); n > 0 {", "if r, n := hexRune(src[1:], 2); n > 2 {", "hub/gate", gateTests},
	{"gate: %u escapes", "hub/gate/unescape.go", "if r, n := hexRune(src[2:], 4); n > 0 {", "if r, n := hexRune(src[2:], 4); n > 4 {", "", ""},
	{"gate: HTML entities", "hub/gate/unescape.go", "end > 1 {", "end > 1<<40 {", "hub/gate", gateTests},
	{"gate: markup", "hub/gate/reading.go", "bytes.IndexByte(data, '<') >= 0", "len(data) > 1<<40", "hub/gate", gateTests},
	{"gate: punycode", "hub/gate/reading.go", "if hasPunycode(data) {", "if len(data) > 1<<40 {", "", ""},
	{"gate: quoted-printable", "hub/gate/reading.go", "if hasQuoted(data) {", "if len(data) > 1<<40 {", "hub/gate", gateTests},
	{"gate: behind wildcards", "hub/gate/reading.go", "if bytes.Contains(data, like) {", "if len(data) > 1<<40 {", "hub/gate", gateTests},
	{"gate: base64", "hub/gate/block.go", "for shift := range 4 {\n\t\tdecoded =", "for shift := range 0 {\n\t\tdecoded =", "hub/gate", gateTests},
	{"gate: short base64", "hub/gate/block.go", "return shortRun(src, found)", "return nil", "hub/gate", gateTests},
	{"gate: hexadecimal digits", "hub/gate/block.go", "digits[shift:]); worthReading(decoded) {", "digits[shift:]); len(decoded) > 1<<40 {", "hub/gate", gateTests},
	{"gate: two kanji as digits", "hub/gate/block.go", "if len(digits) < 4*minText {", "if len(digits) < 0 {", "hub/gate", "TestTwoLettersAsHexDigits"},
	{"gate: addresses as numbers", "hub/gate/address.go", "if n == 8 {", "if n == 88 {", "hub/gate", "TestAddressAsANumber"},
	{"gate: spaced hexadecimal digits", "hub/gate/block.go", "return j, found(out, i, j)", "return j, nil", "hub/gate", gateTests},
	{"gate: gzip and zlib", "hub/gate/inflate.go", "if !packed(b) {", "if len(b) > 0 {", "hub/gate", gateTests},
	{"gate: UTF-16", "hub/gate/charset.go", "len(text) > 0 {", "len(text) > 1<<40 {", "", ""},
	{"gate: Shift_JIS and EUC-JP", "hub/gate/charset.go", "valid || !doubleByte(b)", "valid || len(b) > 0", "hub/gate", gateTests},
	{"gate: ISO-2022-JP", "hub/gate/charset.go", "escaped {", "escaped && len(b) > 1<<40 {", "hub/gate", gateTests},
	{"gate: text turned around", "hub/gate/reading.go", "turned != nil", "turned != nil && len(turned) > 1<<40", "", ""},
	{"gate: digits in kanji", "hub/gate/reading.go", "digits != nil", "len(digits) > 1<<40", "", ""},
	{"gate: digits for letters", "hub/gate/token.go", "p.spelled(word, at+i)", "_ = p.spelled", "hub/gate", "TestDigitsForLetters"},
	{"gate: names backwards and turned", "hub/gate/grown.go", "if len(form) < grownFrom || !ascii(form) {", "if len(form) > 0 {", "hub/gate", "TestTurnedNames"},
	{"gate: digests", "hub/gate/token.go", "p.digested(word, kinds, at+i)", "_ = p.digested", "hub/gate", "TestDigestsOfNames"},
	{"gate: names by their sound", "hub/gate/heard.go", "if len(n.text) >= longHeard || beside(", "if len(n.text) > 1<<40 || false && beside(", "hub/gate", "TestResemblingNames"},
	{"gate: one letter wrong", "hub/gate/heard.go", "r.near.find(part[from:to], ", "r.near.find(part[:0], ", "hub/gate", "TestResemblingNames"},
	{"gate: base32 and base58", "hub/gate/block.go", "err := rare(src, found); err != nil", "err := error(nil); err != nil", "hub/gate", "TestRareEncodings"},
	{"gate: base85", "hub/gate/token.go", "err := base85(token, ", "err := base85(token[:0], ", "hub/gate", "TestRareEncodings"},
	{"gate: base85 in marks", "hub/gate/token.go", "return marked85(src, found)", "return nil", "hub/gate", "TestRareEncodings"},

	{"builder: digits for letters", "hub/register/resemble.go", "if x.isSpelled(part) {", "if len(part) > 1<<40 {", "hub/register", "TestDigitsForLetters"},
	{"builder: base85", "hub/register/decode/dense.go", "if texts := t.base85(s[i:end]); ", "if texts := t.base85(s[:0]); ", "hub/register/decode", builderTests},
	{"builder: base85 in marks", "hub/register/decode/dense.go", "t.show(fromAdobe(body))", "t.show(fromAdobe(body[:0]))", "hub/register/decode", builderTests},
	{"builder: backslash escapes", "hub/register/decode/escape.go", "return readBackslash(s, i)\n\tcase '&'", "return \"\", 0\n\tcase '&'", "hub/register/decode", builderTests},
	{"builder: escapes behind a separator", "hub/register/decode/decode.go", "if strings.Contains(v.Text, `\\\\`)", "if len(v.Text) > 1<<40 && strings.Contains(v.Text, `\\\\`)", "hub/register", "TestEscapesBehindASeparator"},
	{"builder: percent escapes", "hub/register/decode/escape.go", "return readPercent(s, i)", "return \"\", 0", "hub/register/decode", builderTests},
	{"builder: %u escapes", "hub/register/decode/escape.go", "return readPercentU(s, i)", "return \"\", 0", "", ""},
	{"builder: HTML entities", "hub/register/decode/escape.go", "return readEntity(s, i)", "return \"\", 0", "hub/register/decode", builderTests},
	{"builder: markup", "hub/register/decode/escape.go", `return "", tagLen(s[i:])`, `return "", 0`, "", ""},
	{"builder: punycode", "hub/register/decode/escape.go", "return readPunycode(s, i)", "return \"\", 0", "hub/register/decode", builderTests},
	{"builder: quoted-printable", "hub/register/decode/escape.go", "if s[i] != '=' {", "if i >= 0 {", "hub/register/decode", builderTests},
	{"builder: behind wildcards", "hub/anonymize/shape.go", "const wildcards = 8", "const wildcards = 0", "hub/anonymize", "TestCases/pattern-wildcard-before-hex"},
	{"builder: base64", "hub/register/decode/token.go", "for shift := range 4 {", "for shift := range 0 {", "hub/register/decode", builderTests},
	{"builder: hexadecimal digits", "hub/register/decode/token.go", "for t := range hexRuns(s) {", "for t := range hexRuns(s[:0]) {", "hub/register/decode", builderTests},
	{"builder: two kanji as digits", "hub/register/decode/token.go", "if len(t.chars) < 4*shortKanji {", "if len(t.chars) < 0 {", "hub/register/decode", "TestTwoLettersAsHexDigits"},
	{"builder: addresses as numbers", "hub/register/addresses.go", "!a.IsPrivate() && r.has(a)", "a.IsPrivate() && r.has(a)", "hub/register", "TestAddressAsANumber"},
	{"builder: gzip and zlib", "hub/register/decode/inflate.go", "if r == nil {", "if r == nil || len(data) > 0 {", "hub/register/decode", builderTests},
	{"builder: UTF-16", "hub/register/decode/charset.go", "for order := range 2 {", "for order := range 0 {", "hub/register/decode", builderTests},
	{"builder: Shift_JIS and EUC-JP", "hub/register/decode/charset.go", "if len(data) >= shortLegacy", "if len(data) > 1<<40", "hub/register/decode", builderTests},
	{"builder: ISO-2022-JP", "hub/register/decode/charset.go", `if bytes.Contains(data, []byte("\x1b$")) || `, `if len(data) > 1<<40 && `, "hub/register/decode", builderTests},
	{"builder: text turned around", "hub/register/decode/shown.go", "if mayTurn(v.Text) &&", "if len(v.Text) > 1<<40 &&", "", ""},
	{"builder: digits in kanji", "hub/register/decode/shown.go", `strings.Contains(v.Text, "〇") || strings.Contains(v.Text, "零")`, "len(v.Text) > 1<<40", "", ""},
}

// TestEachWayOfReadingMatters takes each decoder of each side out in turn, and the rule
// for what stands behind a wildcard: the tests of that side, or the writings here, must
// then fail. What they fail by is said, so that a mutant that doesn't compile isn't
// taken for one that was noticed.
func TestEachWayOfReadingMatters(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	slots := make(chan bool, 2)
	for _, m := range mutants {
		t.Run(m.reads, func(t *testing.T) {
			t.Parallel()
			slots <- true
			defer func() { <-slots }()
			m.mustBeNoticed(t, root)
		})
	}
}

func (m mutant) mustBeNoticed(t *testing.T, root string) {
	t.Helper()
	pkg, suite := "./"+m.pkg, m.suite
	if m.pkg == "" {
		pkg, suite = "./internal/disguise", "TestEachSideAloneFindsEveryWriting"
	}
	args := []string{"test", "-count=1", "-overlay", m.overlay(t, root), "-run", suite, pkg}
	if m.pkg == "hub/gate" {
		args = append(args, "-args", "-rapid.nofailfile") // what a mutant lets through is no case to keep
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ISAC_WRITINGS=4000")
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		t.Errorf("nobody notices: %s", out)
	case !strings.Contains(string(out), "--- FAIL"):
		t.Errorf("no test failed: %s", out)
	}
}

// overlay writes the changed source, and the file that tells the compiler to take it.
func (m mutant) overlay(t *testing.T, root string) string {
	t.Helper()
	path := filepath.Join(root, m.file)
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.from); n != 1 {
		t.Fatalf("%s has what is to be changed %d times: %s", m.file, n, m.from)
	}
	dir := t.TempDir()
	changed := filepath.Join(dir, "changed.go")
	err = os.WriteFile(changed, []byte(strings.Replace(string(source), m.from, m.to, 1)), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	err = os.WriteFile(overlay, data, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return overlay
}
