package gate

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/internal/proportion"
)

// TestDepth: a name is found eight encodings deep; deeper, nothing passes.
func TestDepth(t *testing.T) {
	r := ownRegister(t)
	text := "夕凪総合病院の端末"
	for depth := 1; depth <= 12; depth++ {
		text = base64.StdEncoding.EncodeToString([]byte("k " + text))
		p, hits, err := r.Check([]byte(text), nil)
		if p.Valid() {
			t.Errorf("depth %d passed", depth)
		}
		if depth <= maxDepth && (err != nil || len(hits) == 0) {
			t.Errorf("depth %d: %d hits, %v", depth, len(hits), err)
		}
	}
}

// TestExpansion: what unpacks beyond the budget is held.
func TestExpansion(t *testing.T) {
	r := ownRegister(t)
	bomb := gzipped([]byte(strings.Repeat("a", 64<<20)))
	for _, out := range []string{string(bomb), base64.StdEncoding.EncodeToString(bomb)} {
		if p, _, err := r.Check([]byte(out), nil); err == nil || p.Valid() {
			t.Error("an output that expands a thousand times has passed")
		}
	}
}

func TestRefused(t *testing.T) {
	var none *Register
	if p, _, err := none.Check([]byte("x"), nil); err == nil || p.Valid() {
		t.Error("no register, and it passed")
	}
	if p, _, err := new(Register).Check([]byte("x"), nil); err == nil || p.Valid() {
		t.Error("an empty register, and it passed")
	}
	if p, _, err := ownRegister(t).Check(make([]byte, maxOutput+1), nil); err == nil || p.Valid() {
		t.Error("too large, and it passed")
	}
}

// TestNearMissesStayLinear: four times the near misses take about four times the
// time; work that grows with the square would take sixteen.
func TestNearMissesStayLinear(t *testing.T) {
	r := ownRegister(t)
	check := func(before, unit, after string, size int) func() {
		out := []byte(before + strings.Repeat(unit, size/len(unit)) + after)
		return func() {
			_, _, err := r.Check(out, []string{strings.Repeat(unit, 30)})
			if err != nil && !errors.Is(err, errExpansion) && !errors.Is(err, errTooDeep) {
				t.Fatal(err)
			}
		}
	}
	for _, unit := range []string{"夕凪総合病", "yunagigeneralhospita", "hanse-h.or.j", "080-3100-200", "133.40.10.", "=E5=8D", "%25", "&amp;", "Y", "{\"a\":", "〇八〇", "<~", "<~>", "<~a", "Aa#0", "yun4g1", " 'yunagihospita", "0f"} {
		proportion.Check(t, unit, 9, check("", unit, "", 1<<15), check("", unit, "", 1<<17))
	}
	for _, unit := range []string{"yunaki", "7yun4gi", "ns"} { // one long word
		proportion.Check(t, "'"+unit, 9, check("[a:b = '", unit, "']", 1<<15), check("[a:b = '", unit, "']", 1<<17))
	}
}

// TestMatcherAgainstAutomaton compares the matcher with a plain automaton that
// shares nothing with it.
func TestMatcherAgainstAutomaton(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[ab]{2,9}|[abc]{1,3}あ[い-え]{0,4}`), 1, 60).Draw(t, "needles")
		text := []byte(rapid.StringMatching(`([abc]{0,9}|あ[い-え]{0,3}){0,40}`).Draw(t, "text"))
		var needles []needle
		for _, s := range texts {
			needles = append(needles, needle{text: s})
		}
		slices.Sort(texts)
		texts = slices.Compact(texts)
		var got, want []string
		newMatcher(needles).find(text, len(text), func(n *needle, at int) { got = append(got, fmt.Sprint(at, n.text)) })
		newAutomaton(texts).find(text, func(i, j int) { want = append(want, fmt.Sprint(i, string(text[i:j]))) })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("matcher %v, automaton %v", got, want)
		}
	})
}

// FuzzCheck: whatever the output and the values are, nothing panics, and an output
// that holds a long value as it stands never passes.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"a":"夕凪総合病院"}`), "夕凪総合病院の端末")
	f.Add([]byte("xn--\\u\\x%u&#x;=\r\n<"), "2022-10-31")
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), `C:\Users\a`)
	f.Add([]byte("PK\x03\x04aaaaaaaaaaa"), "https://a@b:1/c?d#e")
	f.Add([]byte("\xff\xfe4\x00\x1b$B\x81\x81\u202eabc"), "令和元年5月1日")
	f.Add([]byte("[a:b = 'yun4g1'] <~ka/+-Z_H~> aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8 0x00112233445566778899"), "yunagi")
	f.Add([]byte("1.2.3.4::[.]0x85280a05//2233993733"), "+81-3-0000-0000")
	r := ownRegister(f)
	f.Fuzz(func(t *testing.T, out []byte, value string) {
		p, hits, err := r.Check(out, []string{value})
		if p.Valid() && (err != nil || len(hits) > 0) {
			t.Fatal("passed with hits")
		}
		for _, h := range hits {
			if h.Start < 0 || h.End > len(out) || h.Start > h.End {
				t.Fatalf("hit at %d-%d of %d bytes", h.Start, h.End, len(out))
			}
		}
		doc, err := json.Marshal(map[string]string{"x": "見る " + value + " 終"})
		if err != nil || len([]rune(squeeze(value))) < 12 || len(squeeze(value)) > maxNeedle {
			return
		}
		if p, _, err := r.Check(doc, []string{value}); err == nil && p.Valid() && strings.ToValidUTF8(value, "\ufffd") == value {
			t.Fatalf("%q stands in the output, and it passed", value)
		}
	})
}
