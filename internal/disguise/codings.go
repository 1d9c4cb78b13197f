package disguise

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"unicode/utf16"
)

// wasteful are encodings that make a text several times as long.
var wasteful = []string{"json-u", "json-some", "percent-all", "percent-u", "entities", "entities-all", "c-hex", "octal", "hex-spaced", "quoted"}

var codings = []step{
	{"json-u", func(_ *rand.Rand, s string) string { return perUnit(s, `\u%04x`) }},
	{"json-some", func(r *rand.Rand, s string) string {
		return some(r, strings.ReplaceAll(s, `\`, `\\`), func(c rune) string {
			if c == '\\' {
				return ""
			}
			return perUnit(string(c), `\u%04X`)
		})
	}},
	{"percent", func(_ *rand.Rand, s string) string { return url.PathEscape(s) }},
	{"percent-all", func(_ *rand.Rand, s string) string { return perByte(s, "%%%02x") }},
	{"percent-some", func(r *rand.Rand, s string) string {
		return some(r, strings.ReplaceAll(s, "%", "%25"), func(c rune) string {
			if c < 0x80 {
				return ""
			}
			return perByte(string(c), "%%%02X")
		})
	}},
	{"percent-u", func(_ *rand.Rand, s string) string { return perUnit(s, "%%u%04x") }},
	{"entities", func(r *rand.Rand, s string) string {
		return some(r, html.EscapeString(s), func(c rune) string {
			if c < 0x80 {
				return ""
			}
			return fmt.Sprintf([]string{"&#x%x;", "&#%d;", "&#X%X;"}[r.IntN(3)], c)
		})
	}},
	{"entities-all", func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			fmt.Fprintf(&b, "&#x%x;", c)
		}
		return b.String()
	}},
	{"html", func(r *rand.Rand, s string) string {
		runes := []rune(s)
		cut := r.IntN(len(runes) + 1)
		for cut > 0 && strings.ContainsRune("\r\n", runes[cut-1]) {
			cut-- // a tag parts no line's end
		}
		return "<p>" + html.EscapeString(string(runes[:cut])) + `<b class="x">` + html.EscapeString(string(runes[cut:])) + "</b></p>"
	}},
	{"c-hex", func(_ *rand.Rand, s string) string { return perByte(s, `\x%02x`) }},
	{"octal", func(_ *rand.Rand, s string) string { return perByte(s, `\%03o`) }},
	{"quoted", quoted},
	{"base64", func(r *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString(shifted(r, s)) }},
	{"base64url", func(r *rand.Rand, s string) string { return base64.RawURLEncoding.EncodeToString(shifted(r, s)) }},
	{"base64-inside", func(r *rand.Rand, s string) string {
		return "AbCd"[:r.IntN(4)] + base64.RawStdEncoding.EncodeToString(shifted(r, s))
	}},
	{"base64-lines", func(r *rand.Rand, s string) string {
		return lines(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("ok ", r.IntN(40))+s)), []string{"\n", "\r\n"}[r.IntN(2)])
	}},
	{"hex", hexCase},
	{"hex-spaced", func(r *rand.Rand, s string) string {
		sep := []string{" ", ":", ", "}[r.IntN(3)]
		return strings.TrimSuffix(perByte(s, "%02x"+sep), sep)
	}},
	{"gzip", func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString(gzipped(s)) }},
	{"gzip-hex", func(_ *rand.Rand, s string) string { return hex.EncodeToString(gzipped(s)) }},
	{"zlib", func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString(deflated(s)) }},
	{"utf16", func(r *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString(wideBytes(r, s)) }},
	{"utf16-hex", func(r *rand.Rand, s string) string { return hex.EncodeToString(wideBytes(r, s)) }},
}

// shifted puts up to two bytes before a text, so that it stands at any place of a
// group of base64.
func shifted(r *rand.Rand, s string) []byte { return []byte("##"[:r.IntN(3)] + s) }

func perByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func perUnit(s, format string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, format, u)
	}
	return b.String()
}

func hexCase(r *rand.Rand, s string) string {
	out := hex.EncodeToString([]byte(s))
	if r.IntN(2) == 0 {
		return strings.ToUpper(out)
	}
	return out
}

func quoted(_ *rand.Rand, s string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, err := w.Write([]byte(s))
	if err != nil || w.Close() != nil {
		return ""
	}
	return b.String()
}

func lines(s, end string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + end)
		s = s[76:]
	}
	return b.String() + s
}

func gzipped(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(s))
	if err != nil || w.Close() != nil {
		return nil
	}
	return b.Bytes()
}

func deflated(s string) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write([]byte(s))
	if err != nil || w.Close() != nil {
		return nil
	}
	return b.Bytes()
}

// wideBytes is UTF-16 in either order, with its mark or without.
func wideBytes(r *rand.Rand, s string) []byte {
	units := utf16.Encode([]rune(s))
	if r.IntN(2) == 0 {
		units = append([]uint16{0xfeff}, units...)
	}
	big := r.IntN(2) == 0
	var out []byte
	for _, u := range units {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// punycode writes a label as RFC 3492 has it, "" where all of it is ASCII or a sign
// is in it that no label has.
func punycode(s string) string {
	const base, tmin, tmax, skew, damp = 36, 1, 26, 38, 700
	runes := []rune(strings.ToLower(s))
	out := []byte{}
	for _, c := range runes {
		if c < 0x80 {
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
				return ""
			}
			out = append(out, byte(c))
		}
	}
	basic := len(out)
	if basic == len(runes) {
		return ""
	}
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(128), 0, 72
	for done := basic; done < len(runes); {
		next := rune(0x7fffffff)
		for _, c := range runes {
			if c >= n && c < next {
				next = c
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, c := range runes {
			if c < n {
				delta++
			}
			if c != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tmin), tmax)
				if q < t {
					break
				}
				out = append(out, "abcdefghijklmnopqrstuvwxyz0123456789"[t+(q-t)%(base-t)])
				q = (q - t) / (base - t)
			}
			out = append(out, "abcdefghijklmnopqrstuvwxyz0123456789"[q])
			if done == basic {
				delta /= damp
			} else {
				delta /= 2
			}
			done++
			delta += delta / done
			k := 0
			for ; delta > (base-tmin)*tmax/2; k += base {
				delta /= base - tmin
			}
			bias = k + (base-tmin+1)*delta/(delta+skew)
			delta = 0
		}
		delta++
		n++
	}
	if len(out) > 59 {
		return ""
	}
	return "xn--" + string(out) + ".jp"
}
