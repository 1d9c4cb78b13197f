package find_test

import (
	"slices"
	"testing"

	"isac/hub/find"
)

func TestRefanged(t *testing.T) {
	for broken, want := range map[string]string{
		"203[.]0[.]114[.]9": "203.0.114.9", "hxxps://a[.]b/c": "https://a.b/c", "x[@]y[.]z": "x@y.z", "2001[:]db8[:][:]1": "2001:db8::1", "plain": "plain",
	} {
		if got := find.Refanged(broken); got != want {
			t.Errorf("%q is read as %q", broken, got)
		}
	}
}

func TestAQuestionIsNarrowedAndWidened(t *testing.T) {
	vpn, lockbit := find.Name{Class: "technique", Value: "T1133"}, find.Name{Class: "family", Value: "LockBit Black"}
	q := find.Question{Text: "x"}
	both := q.With(vpn).With(lockbit).With(vpn)
	if !slices.Equal(both.Only, []find.Name{vpn, lockbit}) || len(q.Only) != 0 {
		t.Errorf("narrowed to %v, and what it was made of to %v", both.Only, q.Only)
	}
	if one := both.Without(vpn); !slices.Equal(one.Only, []find.Name{lockbit}) || len(both.Only) != 2 {
		t.Errorf("widened to %v", one.Only)
	}
	for _, n := range both.Only {
		if back, ok := find.ReadName(n.String()); !ok || back != n {
			t.Errorf("%v is read as %v", n, back)
		}
	}
	for _, junk := range []string{"", "T1133", " T1133", "technique "} {
		if n, ok := find.ReadName(junk); ok {
			t.Errorf("%q is read as %v", junk, n)
		}
	}
}
