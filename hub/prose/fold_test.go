package prose

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// Folding is NFKC in lower case without what has no width, whatever stands side by
// side, and every byte knows where it came from.
func TestFold(t *testing.T) {
	pieces := []string{"か", "が", "カ", "゛", "\u3099", "\u309a", "ｶ", "ﾞ", "ﾊﾟ", "漢", "字", "Ａ", "é", "e", "\u0301", "①", "㈱", "ー", "、", " ", "a", "Z", "\u200b", "丽", "\u302a", "한", "\u1100", "\u1161"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 20).Draw(t, "pieces"), "")
		want := strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Cf, r) {
				return -1
			}
			return unicode.ToLower(r)
		}, norm.NFKC.String(text))
		f := fold(text)
		if string(f.s) != want {
			t.Fatalf("fold(%+q) = %+q, want %+q", text, f.s, want)
		}
		if len(f.at) != len(f.s)+1 || f.origin(len(f.s)) != len(text) {
			t.Fatalf("%d offsets for %d bytes", len(f.at), len(f.s))
		}
		for i := 1; i < len(f.at); i++ {
			if f.at[i] < f.at[i-1] {
				t.Fatalf("offsets fall at %d", i)
			}
		}
	})
}
