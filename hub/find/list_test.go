package find_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub/find"
)

func TestListed(t *testing.T) {
	const hash = "6a7cb5c3e1d24f98a0b1c2d3e4f50617"
	text := "203[.]0[.]113[.]5\r\n203.0.113.5\n\nGlobal\\Mutex One\n2026-11-03 10:00 user=x, \"hxxps://a[.]example/b\" " + hash + " OK\nlonely\n"
	got, ok := find.Listed(text)
	if !ok {
		t.Fatal("too many")
	}
	for _, want := range []string{"203.0.113.5", "Global\\Mutex One", "https://a.example/b", hash, "lonely"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q isn't among %q", want, got)
		}
	}
	for _, not := range []string{"OK", "user=x", "", "One"} {
		if slices.Contains(got, not) {
			t.Errorf("%q is taken for a value", not)
		}
	}
	var b strings.Builder
	for i := range find.MostValues {
		fmt.Fprintf(&b, "host-%d.example\n", i)
	}
	if got, ok := find.Listed(b.String()); !ok || len(got) != find.MostValues {
		t.Errorf("of as many as may be %d are taken", len(got))
	}
	if _, ok := find.Listed(b.String() + "one.more.example"); ok {
		t.Error("more than may be are taken")
	}
}
