package adversary

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"mime/quotedprintable"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// A decoder gives what is encoded in a text, nothing where it finds no sign of it.
type decoder struct {
	name string
	read func(string) []string
}

// decoders are all that the adversary knows; strength.toml names each.
var decoders = []decoder{
	{"json", jsonStrings},
	{"escapes", escapes},
	{"percent", percent},
	{"html", entities},
	{"base64", base64s},
	{"hex", hexes},
	{"quoted-printable", quoted},
	{"punycode", punycodes},
	{"reversed", reversed},
}

const maxReading = 1 << 20 // of one output, in all readings

// readings are the strings of an output, joined, and whatever is encoded in them.
func readings(data []byte, own func(string) bool) []string {
	list := slices.DeleteFunc(jsonStrings(string(data)), own)
	if first := bytes.TrimLeft(data, " \n"); len(first) == 0 || first[0] != '{' {
		list = []string{string(data)}
	}
	out := []string{strings.Join(list, "\n"), strings.Join(list, "")}
	size := 0
	seen := map[string]bool{}
	for depth := 0; depth < strength.Direct.Depth && len(list) > 0; depth++ {
		var next []string
		for _, text := range list {
			for _, d := range decoders {
				for _, s := range d.read(text) {
					if s != text && !seen[s] && size < maxReading {
						seen[s], size = true, size+len(s)
						next = append(next, s)
					}
				}
			}
		}
		out = append(out, next...)
		list = next
	}
	return out
}

// Strings are the strings of an output, keys too.
func Strings(data []byte) []string { return jsonStrings(string(data)) }

// jsonStrings are the strings of a JSON text, keys too.
func jsonStrings(s string) []string {
	if t := strings.TrimSpace(s); t == "" || t[0] != '{' && t[0] != '[' {
		return nil
	}
	var out []string
	dec := json.NewDecoder(strings.NewReader(s))
	for {
		token, err := dec.Token()
		if err != nil {
			return out
		}
		if text, ok := token.(string); ok {
			out = append(out, text)
		}
	}
}

var (
	escape   = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\[nrt"\\/']`)
	percents = regexp.MustCompile(`%u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}`)
	token64  = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)
	tokenHex = regexp.MustCompile(`(?:[0-9a-fA-F]{2}[ :,]?){6,}`)
	label    = regexp.MustCompile(`(?i)xn--[a-z0-9-]+`)
	equals   = regexp.MustCompile(`=[0-9A-F]{2}`)
)

// replaced decodes the escapes of a text; those of UTF-16 one behind the other.
func replaced(s string, at *regexp.Regexp, unit func(string) (value uint64, wide bool)) []string {
	if !at.MatchString(s) {
		return nil
	}
	var out []byte
	var pending []uint16
	flush := func() {
		if len(pending) > 0 {
			out = append(out, decodeUTF16(pending)...)
			pending = nil
		}
	}
	last := 0
	for _, loc := range at.FindAllStringIndex(s, -1) {
		if loc[0] > last {
			flush()
			out = append(out, s[last:loc[0]]...)
		}
		if v, wide := unit(s[loc[0]:loc[1]]); wide {
			pending = append(pending, uint16(v))
		} else {
			flush()
			out = append(out, byte(v))
		}
		last = loc[1]
	}
	flush()
	return texts(append(out, s[last:]...))
}

func escapes(s string) []string {
	return replaced(s, escape, func(e string) (uint64, bool) {
		switch e[1] {
		case 'u':
			v, _ := strconv.ParseUint(e[2:], 16, 16) // the shape is checked
			return v, true
		case 'x':
			v, _ := strconv.ParseUint(e[2:], 16, 8)
			return v, false
		case 'n', 'r', 't':
			return ' ', false
		}
		if len(e) == 4 {
			v, _ := strconv.ParseUint(e[1:], 8, 16)
			return v & 0xff, false
		}
		return uint64(e[1]), false
	})
}

func percent(s string) []string {
	return replaced(strings.ReplaceAll(s, "+", " "), percents, func(e string) (uint64, bool) {
		if e[1] == 'u' {
			v, _ := strconv.ParseUint(e[2:], 16, 16)
			return v, true
		}
		v, _ := strconv.ParseUint(e[1:], 16, 8)
		return v, false
	})
}

func decodeUTF16(units []uint16) []byte {
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u>>8), byte(u))
	}
	out, err := utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM).NewDecoder().Bytes(b)
	if err != nil {
		return nil
	}
	return out
}

var tags = regexp.MustCompile(`<[^<>]{1,80}>`)

func entities(s string) []string {
	if !strings.ContainsAny(s, "&<") {
		return nil
	}
	return []string{tags.ReplaceAllString(html.UnescapeString(s), "")}
}

// base64s reads every run that could be base64, from each of four places, since
// somebody may have written something before it.
func base64s(s string) []string {
	var out []string
	for _, t := range token64.FindAllString(s, -1) {
		t = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(t, "="))
		for from := range min(4, len(t)) {
			part := t[from:]
			part = part[:len(part)-len(part)%4+map[int]int{0: 0, 1: 0, 2: 2, 3: 3}[len(part)%4]]
			data, err := base64.RawStdEncoding.DecodeString(part)
			if err == nil {
				out = append(out, texts(data)...)
			}
		}
	}
	return out
}

func hexes(s string) []string {
	var out []string
	for _, t := range tokenHex.FindAllString(s, -1) {
		t = strings.NewReplacer(" ", "", ":", "", ",", "").Replace(t)
		data, err := hex.DecodeString(t[:len(t)/2*2])
		if err == nil {
			out = append(out, texts(data)...)
		}
	}
	return out
}

func quoted(s string) []string {
	if !equals.MatchString(s) {
		return nil
	}
	data, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s)))
	if err != nil && len(data) == 0 {
		return nil
	}
	return texts(data)
}

func punycodes(s string) []string {
	if !label.MatchString(s) {
		return nil
	}
	return []string{label.ReplaceAllStringFunc(s, func(l string) string {
		if out, ok := punycode(strings.ToLower(l[4:])); ok {
			return out
		}
		return l
	})}
}

func reversed(s string) []string {
	if len(s) > 400 {
		return nil
	}
	list := []rune(s)
	slices.Reverse(list)
	return []string{string(list)}
}

// texts reads bytes as whatever text they could be: packed, UTF-8, or one of the
// charsets of Japan.
func texts(data []byte) []string {
	if plain := unpacked(data); plain != nil {
		data = plain
	}
	if utf8.Valid(data) && readable(string(data)) {
		return []string{string(data)}
	}
	var out []string
	for _, d := range []interface{ Bytes([]byte) ([]byte, error) }{
		utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder(), utf16.UTF16(utf16.BigEndian, utf16.UseBOM).NewDecoder(),
		utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewDecoder(),
		japanese.ShiftJIS.NewDecoder(), japanese.EUCJP.NewDecoder(), japanese.ISO2022JP.NewDecoder(),
	} {
		text, err := d.Bytes(data)
		if err == nil && readable(string(text)) {
			out = append(out, string(text))
		}
	}
	return out
}

// readable: what is mostly letters, digits and signs that people use.
func readable(s string) bool {
	good, all := 0, 0
	for _, r := range s {
		all++
		if r != unicode.ReplacementChar && (unicode.IsPrint(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r)) {
			good++
		}
	}
	return all >= 2 && good*10 >= all*9
}

func unpacked(data []byte) []byte {
	if len(data) < 10 {
		return nil
	}
	var r io.Reader
	var err error
	switch {
	case data[0] == 0x1f && data[1] == 0x8b:
		r, err = gzip.NewReader(bytes.NewReader(data))
	case data[0] == 0x78:
		r, err = zlib.NewReader(bytes.NewReader(data))
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, maxReading)) // what could be read is enough
	return out
}
