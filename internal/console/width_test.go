package console

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"a word or two", 6, "a word|or two"},
		{"a word or two", 80, "a word or two"},
		{"電子カルテが停止した。", 10, "電子カルテ|が停止し|た。"},
		{"VPN装置から侵入", 8, "VPN装置|から侵入"},
		{"averyveryverylongword end", 8, "averyver|yverylon|gword|end"},
		{"", 8, ""},
		{"両", 1, "両"},
	} {
		if got := strings.Join(Wrap(c.text, c.n), "|"); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

// TestWrapKeepsAll: no line is wider than told, and nothing but spaces is lost.
func TestWrapKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab c。、電カ（）1-"))).Draw(t, "text")
		n := rapid.IntRange(4, 30).Draw(t, "columns")
		lines := Wrap(text, n)
		for _, l := range lines {
			if Columns(l) > n {
				t.Fatalf("%q takes %d columns of %d", l, Columns(l), n)
			}
		}
		bare := strings.NewReplacer(" ", "")
		if bare.Replace(strings.Join(lines, "")) != bare.Replace(text) {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

func TestWidth(t *testing.T) {
	e := &Env{Out: &strings.Builder{}}
	for set, want := range map[string]int{"": 80, "160": 160, "x": 80, "-1": 80} {
		t.Setenv("COLUMNS", set)
		if got := e.Width(); got != want {
			t.Errorf("COLUMNS=%q: %d, want %d", set, got, want)
		}
	}
}
