package warning

import (
	"net/netip"
	"strings"
	"sync"

	"isac/hub"
)

var ownTable = sync.OnceValue(func() *Lists { return New() })

// Judge tells how public a value is, in the canonical form of its kind.
//
// A single address, a host or a text of a list is public. An address in a range of a
// list, and a host below one, are shared. A link with a path finds what lies there,
// whatever its host: it is judged by the lists of links alone.
func (l *Lists) Judge(kind hub.Kind, value string) Verdict {
	if l == nil {
		l = ownTable()
	}
	m := l.by[kind]
	if m == nil {
		return None
	}
	low := strings.ToLower(value)
	if m.text(low, value) {
		return Public
	}
	switch kind {
	case hub.IPv4, hub.IPv6:
		return m.address(value)
	case hub.Domain:
		return m.host(low)
	case hub.URL:
		_, rest, _ := strings.Cut(low, "://")
		if host, path, _ := strings.Cut(rest, "/"); path == "" && !strings.ContainsAny(host, "?#") {
			return l.site(m, host)
		}
	}
	return None
}

func (m *matcher) text(low, value string) bool {
	if m.exact[low] {
		return true
	}
	for _, s := range m.substrings {
		if strings.Contains(low, s) {
			return true
		}
	}
	for _, re := range m.shapes {
		if re.MatchString(value) {
			return true
		}
	}
	return false
}

func (m *matcher) address(value string) Verdict {
	p, err := prefix(value)
	if err != nil {
		return None
	}
	for _, bits := range m.bits[family(p.Addr())] {
		if bits > p.Bits() {
			continue
		}
		whole, err := p.Addr().Prefix(bits)
		if err == nil && m.ranges[whole] {
			if bits == p.Addr().BitLen() {
				return Public
			}
			return Shared
		}
	}
	return None
}

// host tells of a host: itself in a list, or below one that is.
func (m *matcher) host(low string) Verdict {
	if m.hosts[low] {
		return Public
	}
	for rest := low; ; {
		if m.below[rest] {
			return Shared
		}
		_, after, more := strings.Cut(rest, ".")
		if !more {
			return None
		}
		rest = after
		if m.hosts[rest] {
			return Shared
		}
	}
}

// site judges the host of a link without a path.
func (l *Lists) site(m *matcher, host string) Verdict {
	if bare, _, ok := strings.Cut(host, "]"); ok {
		host = strings.TrimPrefix(bare, "[")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	if a, err := netip.ParseAddr(host); err == nil {
		kind := hub.IPv4
		if a.Is6() {
			kind = hub.IPv6
		}
		return l.Judge(kind, host)
	}
	return m.host(host)
}
