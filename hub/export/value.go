package export

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"isac/hub"
)

// Checks of values. An attacker chose them, so that none is written anywhere bare but in
// a form in which it can't mean more than itself.

var (
	addresses = []hub.Kind{hub.IPv4, hub.IPv6}
	hosts     = []hub.Kind{hub.Domain}
	scanned   = []hub.Kind{hub.MD5, hub.SHA1, hub.SHA256}
)

func itoa[N int | int64 | uint64](n N) string { return strconv.FormatInt(int64(n), 10) }

// host returns a name as the DNS writes it, in lower case and without the last dot: labels
// of letters, digits, hyphens and underscores, 253 bytes at most (RFC 1035, section 2.3.4).
// Other names aren't resolved as they stand; so are those of a single label.
func host(value string) (string, bool) {
	name := strings.ToLower(strings.TrimSuffix(value, "."))
	if len(name) == 0 || len(name) > 253 || !strings.Contains(name, ".") {
		return "", false
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) == 0 || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", false
		}
		for _, c := range []byte(label) {
			if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return "", false
			}
		}
	}
	_, err := netip.ParseAddr(name)
	if err == nil {
		return "", false
	}
	suffix, _ := publicsuffix.PublicSuffix(name)
	return name, suffix != name // below one of those anybody may have a name
}

// network returns an address or a network.
func network(value string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(value); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(value)
	if err != nil || p.Bits() == 0 || p.Addr().Is4In6() {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// short is a network without the length where it is a single address.
func short(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// hash returns a digest in lower case.
func hash(k hub.Kind, value string) (string, bool) {
	want := map[hub.Kind]int{hub.MD5: 32, hub.SHA1: 40, hub.SHA256: 64}[k]
	low := strings.ToLower(value)
	return low, want > 0 && len(low) == want && strings.Trim(low, "0123456789abcdef") == ""
}

// address is a link with its host and the rest from the path on.
type address struct {
	host, rest string
	encrypted  bool
}

// link reads a link of the web.
func link(value string) (address, bool) {
	u, err := url.Parse(value)
	if err != nil || u.User != nil || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
		return address{}, false
	}
	name := u.Hostname()
	if p, ok := network(name); ok && p.IsSingleIP() {
		name = p.Addr().String()
	} else if name, ok = host(name); !ok {
		return address{}, false
	}
	return address{name, u.RequestURI(), u.Scheme == "https"}, true
}

// plain reports whether a value is printable and of one line.
func plain(value string) bool {
	return value != "" && strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || r == 0x2028 || r == 0x2029 }) < 0
}
