package evidence

import (
	"net/netip"
	"net/url"
	"strings"

	"isac/hub"
)

// IsOwn reports whether a value is an organisation's own, as far as its row of the
// sector list tells: then it is hardly the attacker's.
func IsOwn(o hub.Organisation, kind hub.Kind, value string) bool {
	switch kind {
	case hub.IPv4, hub.IPv6:
		ip, err := netip.ParseAddr(value)
		return err == nil && inside(ip, o.IPv4+" "+o.IPv6+" "+o.IPv4Private)
	case hub.Domain:
		return below(value, o)
	case hub.Mail:
		_, host, _ := strings.Cut(value, "@")
		return below(host, o)
	case hub.URL:
		u, err := url.Parse(value)
		if err != nil {
			return false
		}
		ip, err := netip.ParseAddr(u.Hostname())
		if err == nil {
			return inside(ip, o.IPv4+" "+o.IPv6)
		}
		return below(u.Hostname(), o)
	}
	return false
}

func inside(ip netip.Addr, networks string) bool {
	for _, text := range strings.FieldsFunc(networks, func(r rune) bool { return r == ' ' || r == '|' || r == ',' }) {
		network, err := netip.ParsePrefix(text)
		if err == nil && network.Contains(ip) {
			return true
		}
	}
	return false
}

func below(host string, o hub.Organisation) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	_, mailHost, _ := strings.Cut(o.Mail, "@")
	for _, own := range append(strings.Split(o.Domain, "|"), mailHost) {
		own = strings.ToLower(own)
		if own != "" && (host == own || strings.HasSuffix(host, "."+own)) {
			return true
		}
	}
	return false
}
