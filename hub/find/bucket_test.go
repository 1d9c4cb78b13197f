package find_test

import (
	"testing"

	"isac/hub/find"
)

func TestEverySpellingIsInTheSameBucket(t *testing.T) {
	for _, same := range [][]string{
		{"203.0.113.47", "203[.]0[.]113[.]47", " 203.0.113.47\n", "::ffff:203.0.113.47"},
		{"2001:db8::7", "2001:DB8:0:0:0:0:0:7"},
		{"evil.example", "EVIL[.]example", "evil.example."},
	} {
		for _, v := range same {
			if find.Canonical(v) != same[0] || find.Bucket(v, 32) != find.Bucket(same[0], 32) {
				t.Errorf("%q is %q, not %q", v, find.Canonical(v), same[0])
			}
		}
	}
}

// TestBucketIsThePrefixOfSHA256, which any tool can compute: printf evil.example | sha256sum.
func TestBucketIsThePrefixOfSHA256(t *testing.T) {
	whole := find.Bucket("evil.example", 32)
	for bits := range 33 {
		if got := find.Bucket("evil.example", bits); uint64(got) != uint64(whole)>>(32-bits) {
			t.Errorf("%d bits: %x", bits, got)
		}
	}
}
