package canary_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"isac/internal/canary"
)

func utf16Of(order binary.AppendByteOrder) func(string) []byte {
	return func(s string) (out []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
}

func zip(data []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(data)
	_ = z.Close()
	return out.Bytes()
}

// ways are how a text may leave or lie somewhere. None shares code with the searcher.
var ways = map[string]func(string) []byte{
	"plain":          func(s string) []byte { return []byte(s) },
	"upper":          func(s string) []byte { return []byte(strings.ToUpper(s)) },
	"lower":          func(s string) []byte { return []byte(strings.ToLower(s)) },
	"utf-16le":       utf16Of(binary.LittleEndian),
	"utf-16be":       utf16Of(binary.BigEndian),
	"hex":            func(s string) []byte { return []byte(hex.EncodeToString([]byte(s))) },
	"HEX":            func(s string) []byte { return []byte(strings.ToUpper(hex.EncodeToString([]byte(s)))) },
	"path":           func(s string) []byte { return []byte(url.PathEscape(s)) },
	"query":          func(s string) []byte { return []byte(url.QueryEscape(s)) },
	"json":           func(s string) []byte { b, _ := json.Marshal(s); return b },
	"json escapes":   func(s string) []byte { return []byte(strconv.QuoteToASCII(s)) },
	"base64":         func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(s))) },
	"base64url":      func(s string) []byte { return []byte(base64.RawURLEncoding.EncodeToString([]byte(s))) },
	"base64, 1":      func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte("x" + s + "yz"))) },
	"base64, 2":      func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte("xy" + s + "z"))) },
	"base64 upper":   func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(strings.ToUpper(s)))) },
	"gzip":           func(s string) []byte { return zip([]byte(s)) },
	"gzip in base64": func(s string) []byte { return []byte(base64.StdEncoding.EncodeToString(zip([]byte(s)))) },
	"base64 twice": func(s string) []byte {
		once := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", 60) + s))
		return []byte(base64.StdEncoding.EncodeToString([]byte(once)))
	},
	"JSON in gzip": func(s string) []byte { return zip([]byte(`{"name":` + strconv.QuoteToASCII(s) + `}`)) },
}

// TestSearcherFindsEveryValueInEveryForm is what gives every search that finds
// nothing its meaning.
func TestSearcherFindsEveryValueInEveryForm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = byte(r.Uint32())
		}
		return out
	}
	all := canary.New(planted...)
	if hits := all.Find(noise(1 << 20)); len(hits) > 0 {
		t.Fatalf("found in noise: %q", hits)
	}
	for _, value := range planted {
		for name, way := range ways {
			hay := append(append(append(noise(999), '"'), way(value)...), '"')
			found := false
			for _, h := range all.Find(append(hay, noise(999)...)) {
				found = found || h.Value == value
			}
			if !found {
				t.Errorf("%q isn't found as %s", value, name)
			}
		}
	}
}
