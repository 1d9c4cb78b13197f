package find_test

import (
	"slices"
	"testing"

	"isac/hub/find"
	"isac/hub/stix/pattern"
)

func TestTerms(t *testing.T) {
	for text, want := range map[string][]string{
		"VPN　装置": {"VPN", "装置"}, ` a "b c" d `: {"a", "b c", "d"}, `"open end`: {"open end"}, "": nil, `""`: nil,
	} {
		if got := find.Terms(text); !slices.Equal(got, want) {
			t.Errorf("%q has the terms %q", text, got)
		}
	}
}

func TestValuesOfComparisons(t *testing.T) {
	for _, c := range []struct {
		text, prefix string
		kept, not    string
	}{
		{"[ipv4-addr:value ISSUBSET '203.0.113.0/24']", "203.0.113.", "203.0.113.9", "203.0.114.9"},
		{"[ipv4-addr:value ISSUBSET '203.0.113.64/26']", "203.0.113.", "203.0.113.65", "203.0.113.9"},
		{"[ipv4-addr:value ISSUBSET '203.0.113.7/32']", "203.0.113.7", "203.0.113.7", "203.0.113.70"},
		{"[ipv4-addr:value ISSUBSET '10.0.0.0/8']", "10.", "10.200.0.0/16", "100.0.0.1"},
		{"[ipv6-addr:value ISSUBSET '2001:db8:0:1::/64']", "2001:db8:", "2001:db8:0:1::7", "2001:db8:1::7"},
		{"[domain-name:value LIKE 'evil_.exam%']", "evil", "EVIL1.example", "evil12.example"},
		{"[url:value MATCHES '^https://a[.]example/[a-z]+$']", "https://a.example/", "https://a.example/x", "https://a.example/1"},
	} {
		p, err := pattern.Parse(c.text)
		if err != nil {
			t.Fatal(c.text, err)
		}
		v, ok := find.ValuesOf(p.Comparisons()[0])
		if !ok || v.Prefix != c.prefix || !v.Keep(c.kept) || v.Keep(c.not) {
			t.Errorf("%s: %v, begins with %q", c.text, ok, v.Prefix)
		}
	}
	for _, text := range []string{
		"[a:b NOT = 'x']", "[a:b != 'x']", "[a:b > 1]", "[a:b LIKE '%x']", "[a:b MATCHES 'x']", "[a:b MATCHES '^(x|)']",
		"[ipv4-addr:value ISSUBSET '0.0.0.0/4']", "[ipv4-addr:value ISSUPERSET '10.0.0.0/8']", "[ipv4-addr:value ISSUBSET 'x']",
	} {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(text, err)
		}
		if _, ok := find.ValuesOf(p.Comparisons()[0]); ok {
			t.Errorf("%s could be anything, and is searched by", text)
		}
	}
}
