package decode_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/net/idna"
	"golang.org/x/text/encoding/japanese"

	"isac/hub/register/decode"

	"isac/internal/proportion"
)

const secret = "霞ヶ峰総合病院のサーバー KSMG-DC01"

var encoders = map[string]func(string) string{
	"percent":   url.QueryEscape,
	"path":      url.PathEscape,
	"base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64url": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":       func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hexcolon":  func(s string) string { return strings.TrimSuffix(spaced(s, "%02x:"), ":") },
	"hexspace":  func(s string) string { return strings.TrimSpace(spaced(s, "%02X ")) },
	"hexform":   func(s string) string { return strings.TrimSuffix(spaced(s, "%02x%%2C+"), "%2C+") },
	"0x":        func(s string) string { return strings.TrimSuffix(spaced(s, "0x%02x,"), ",") },
	"backslash": func(s string) string { return spaced(s, `\x%02x`) },
	"octal":     func(s string) string { return spaced(s, `\%03o`) },
	"json":      jsonEscape,
	"html":      func(s string) string { return perRune(s, "&#x%x;") },
	"htmldec":   func(s string) string { return perRune(s, "&#%d;") },
	"quoted":    quoted,
	"gzip":      func(s string) string { return base64.StdEncoding.EncodeToString(zipped(s)) },
	"gziphex":   func(s string) string { return hex.EncodeToString(zipped(s)) },
	"zlib":      deflated,
	"base85":    func(s string) string { return "'" + dense(s, rfc1924) + "'" },
	"z85":       func(s string) string { return "x=" + dense(s, zeromq) },
	"ascii85":   func(s string) string { return "\"" + dense(s, "") + "\"" },
	"marked85":  func(s string) string { return "<~\n" + dense(s, "")[:9] + "\n" + dense(s, "")[9:] + "~>" },
}

const (
	rfc1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
	zeromq  = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
)

// dense is base85 in the letters of an alphabet, "" being that of Adobe.
func dense(s, alphabet string) string {
	out := make([]byte, ascii85.MaxEncodedLen(len(s)))
	out = out[:ascii85.Encode(out, []byte(s))]
	for i := range out {
		if alphabet != "" {
			out[i] = alphabet[out[i]-'!']
		}
	}
	return string(out)
}

// outermost are encodings of bytes that only make sense outside the others.
var outermost = map[string]func(string) string{
	"utf16le": func(s string) string { return base64.StdEncoding.EncodeToString(wide(s, 0)) },
	"utf16be": func(s string) string { return base64.StdEncoding.EncodeToString(wide(s, 1)) },
	"sjis":    func(s string) string { return base64.StdEncoding.EncodeToString(legacy(s, "sjis")) },
	"eucjp":   func(s string) string { return base64.StdEncoding.EncodeToString(legacy(s, "euc")) },
	"mime": func(s string) string {
		return "=?ISO-2022-JP?B?" + base64.StdEncoding.EncodeToString(legacy(s, "2022")) + "?="
	},
	"mailbody": func(s string) string {
		whole := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("前置き。", 20) + s))
		return whole[:76] + "\r\n" + whole[76:152] + "\r\n" + whole[152:]
	},
	"prefixed": func(s string) string { return "/api/v1/x" + base64.URLEncoding.EncodeToString([]byte(s)) },
}

func spaced(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func perRune(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func jsonEscape(s string) string {
	q, _ := json.Marshal(s)
	var b strings.Builder
	for _, r := range string(q[1 : len(q)-1]) {
		if r < 128 {
			b.WriteRune(r)
		} else if hi, lo := utf16.EncodeRune(r); hi != '\ufffd' {
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func quoted(s string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func zipped(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.Bytes()
}

func deflated(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func wide(s string, order int) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		pair := [2]byte{byte(u), byte(u >> 8)}
		b = append(b, pair[order], pair[1-order])
	}
	return b
}

func legacy(s, name string) []byte {
	e := japanese.ShiftJIS
	var out []byte
	switch name {
	case "euc":
		out, _ = japanese.EUCJP.NewEncoder().Bytes([]byte(s))
	case "2022":
		out, _ = japanese.ISO2022JP.NewEncoder().Bytes([]byte(s))
	default:
		out, _ = e.NewEncoder().Bytes([]byte(s))
	}
	return out
}

func shows(t *testing.T, text, want string) (start, end int) {
	t.Helper()
	for v := range decode.Views(text) {
		if i := strings.Index(v.Text, want); i >= 0 {
			return v.Span(i, i+len(want))
		}
	}
	t.Errorf("%.200q doesn't show %q", text, want)
	return 0, 0
}

func TestEveryEncodingIsSeen(t *testing.T) {
	for name, encode := range encoders {
		t.Run(name, func(t *testing.T) { seen(t, encode(secret)) })
	}
	for name, encode := range outermost {
		t.Run(name, func(t *testing.T) { seen(t, encode(secret)) })
	}
}

// seen checks that the secret is shown, and that its span is about the token.
func seen(t *testing.T, token string) {
	t.Helper()
	before, after := "開始「", "」終了"
	want := secret
	if strings.Contains(token, "+KSMG") || strings.Contains(token, "%E3%83%BC+") {
		want = strings.ReplaceAll(secret, " ", "+")
	}
	start, end := shows(t, before+token+after, want)
	if start < len(before) || end > len(before)+len(token) || end <= start {
		t.Errorf("the span %d-%d isn't within the token %d-%d", start, end, len(before), len(before)+len(token))
	}
}

// TestHexDigitsAreReadBothWays: base64 has the letters of hex too, and a text may need
// no others. Of digests nothing is shown that they don't hold.
func TestHexDigitsAreReadBothWays(t *testing.T) {
	for _, text := range []string{"鶴宝容定実", "wwwwwwwwwwwwwwwww"} {
		whole := base64.StdEncoding.EncodeToString([]byte(text))
		if strings.Trim(whole, "0123456789abcdef=") != "" {
			t.Fatalf("%s has other letters than hex", whole)
		}
		for _, token := range []string{whole, strings.TrimRight(whole, "="), "0" + whole, "ab" + whole, "「" + whole + "」"} {
			shows(t, token, text)
		}
	}
	shows(t, hex.EncodeToString([]byte("wwwwwwwwwwwwwwww")), "wwwwwwwwwwwwwwww")
}

// TestTwoLettersAsHexDigits: the name of a place may be no longer.
func TestTwoLettersAsHexDigits(t *testing.T) {
	for _, digits := range []string{"3a58025e", "583a5e02", "8de48e73", "BAE6BBD4"} {
		shows(t, digits, "堺市")
		shows(t, base64.StdEncoding.EncodeToString([]byte(digits)), "堺市")
	}
	shows(t, "ed65dd5d025e", "旭川市")
}

// TestMarkedBase85: the marks of Adobe with what may look like others before and in them.
func TestMarkedBase85(t *testing.T) {
	for _, secret := range []string{"login to " + secret, "Zh " + secret} { // the second one's first letter is ">"
		letters := dense(secret, "")
		marked := "<~" + letters[:7] + "\n" + letters[7:14] + "\n" + letters[14:] + "~>"
		for _, text := range []string{marked, "<~ab" + marked, "<~\n<~ab<~abc\n" + marked, "<~>" + marked, "<~ab~>" + marked, "~><~ab<" + marked + "~>"} {
			seen := false
			for v := range decode.Views(text) {
				seen = seen || strings.Contains(v.Text, secret)
			}
			if !seen {
				t.Errorf("not seen in %q", text)
			}
		}
	}
}

func TestPunycode(t *testing.T) {
	host, err := idna.ToASCII("霞ヶ峰総合病院.jp")
	if err != nil {
		t.Fatal(err)
	}
	shows(t, "http://"+host+"/x", "総合病院")
}

// TestNested: every pair of encodings, and chains of eight.
func TestNested(t *testing.T) {
	for outer, f := range encoders {
		for inner, g := range encoders {
			text := f(g("霞ヶ峰総合病院"))
			found := false
			for v := range decode.Views(text) {
				found = found || strings.Contains(v.Text, "霞ヶ峰総合病院")
			}
			if !found {
				t.Errorf("%s inside %s isn't seen", inner, outer)
			}
		}
	}
	for _, name := range []string{"percent", "base64", "json", "gzip"} {
		text := "霞ヶ峰総合病院"
		for range decode.Depth {
			text = encoders[name](text)
		}
		shows(t, text, "霞ヶ峰総合病院")
	}
}

// TestTooDeepIsCut: what can't be looked into is told, never passed over.
func TestTooDeepIsCut(t *testing.T) {
	text := secret
	for range decode.Depth + 1 {
		text = encoders["base64"](text)
	}
	bomb := encoders["gzip"](strings.Repeat("0", 8<<20))
	for _, text := range []string{text, bomb} {
		cut := false
		for v := range decode.Views("x " + text) {
			if start, end := v.Span(0, 0); v.Cut {
				cut = true
				if start != 2 || end != 2+len(text) {
					t.Errorf("the cut spans %d-%d", start, end)
				}
			}
		}
		if !cut {
			t.Errorf("%.40q… isn't told as cut", text)
		}
	}
}

func TestOrdinaryTextHasFewViews(t *testing.T) {
	n := 0
	for range decode.Views("The attacker moved laterally with PsExec and 電子カルテ was encrypted; authentication logs (SHA-256 8f14e45fceea167a5a36dedd4bea2543) remain.") {
		n++
	}
	if n > 8 {
		t.Errorf("%d views of ordinary text", n)
	}
}

// TestLinear: texts made to branch take time in proportion to their length.
func TestLinear(t *testing.T) {
	for _, unit := range []string{"%25", "QUJD", "=3D", "41", `\u0041`, "&amp;", "xn--", "H4sI", `\\`, "e7 ", "VVVV", "<~", "<~>", "<~a", "Aa#0", "A#z "} {
		views := func(n int) func() {
			text := strings.Repeat(unit, n/len(unit))
			return func() {
				for range decode.Views(text) {
				}
			}
		}
		proportion.Check(t, unit, 64, views(1<<14), views(1<<18))
	}
}

func FuzzViews(f *testing.F) {
	for _, encode := range encoders {
		f.Add(encode("病院 A-1"))
	}
	f.Add("wwwwwwwwwww")
	f.Add("<~z\n!~> <~ 'aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8'")
	f.Add("kwtkwukwykwtkwukw")
	f.Add(`\ud83d\u0041 %E7% =E7= &#x110000; xn-- \U00110000 \u{1f600}`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return // longer ones make the fuzzer slow, not the reading new
		}
		for v := range decode.Views(text) {
			for _, at := range []int{0, len(v.Text)} {
				if start, end := v.Span(at, len(v.Text)); start < 0 || end > len(text) || start > end {
					t.Fatalf("span %d-%d of %d bytes", start, end, len(text))
				}
			}
		}
		if len(text) == 0 {
			return
		}
		for name, encode := range encoders { // whatever a text is, its base64 shows it
			if name == "base64" && strings.ToValidUTF8(text, "") == text && html.UnescapeString(text) == text && len(text) > 8 && printable(text) {
				shows(t, encode(text), text)
			}
		}
	})
}

func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e }) < 0
}

func BenchmarkViews(b *testing.B) {
	text := strings.Repeat("The attacker moved laterally with PsExec; 電子カルテのサーバーが暗号化された。 https://example.com/a?b=c ", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for range decode.Views(text) {
		}
	}
}
