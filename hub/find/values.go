package find

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"isac/hub/stix/pattern"
)

// Values are the values that one comparison of a pattern is true for: those that are
// listed, or those that begin so and are kept.
type Values struct {
	Type   string // path of the compared property
	Any    bool   // whatever the value is
	Equal  []string
	Prefix string
	Keep   func(value string) bool
}

// ValuesOf reads a comparison. It is false for one that can't be searched by: a
// negation, an order, or what may begin with anything.
func ValuesOf(c *pattern.Comparison) (Values, bool) {
	v := Values{Type: c.Path.String()}
	if c.Negated {
		return v, false
	}
	switch c.Op {
	case pattern.Exists:
		v.Any = true
		return v, true
	case pattern.Equals, pattern.In:
		for _, l := range c.Values {
			v.Equal = append(v.Equal, l.Text)
		}
		return v, true
	case pattern.Like:
		return v, v.like(c.Values[0].Text)
	case pattern.Matches:
		return v, v.matches(c.Values[0].Text)
	case pattern.IsSubset:
		return v, v.subset(c.Values[0].Text)
	}
	return v, false
}

func (v *Values) like(text string) bool {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '%':
			b.WriteString(".*")
		case '_':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	v.Prefix = text
	if end := strings.IndexAny(text, "%_"); end >= 0 {
		v.Prefix = text[:end]
	}
	return v.matching("(?is)^(?:" + b.String() + ")$")
}

// matches takes a regular expression that is bound to the beginning.
func (v *Values) matches(text string) bool {
	rest, bound := strings.CutPrefix(text, "^")
	x, err := regexp.Compile(rest)
	if err != nil || !bound || strings.Contains(rest, "|") { // a bar could leave the beginning open
		return false
	}
	v.Prefix, _ = x.LiteralPrefix()
	return v.matching("(?i)" + text)
}

func (v *Values) matching(text string) bool {
	x, err := regexp.Compile(text)
	if err != nil || v.Prefix == "" {
		return false
	}
	v.Keep = x.MatchString
	return true
}

// subset takes addresses of a network of eight bits or more.
func (v *Values) subset(text string) bool {
	net, err := netip.ParsePrefix(text)
	if err != nil {
		return false
	}
	net = net.Masked()
	v.Prefix = beginning(net)
	v.Keep = func(value string) bool {
		address, err := netip.ParseAddr(value)
		if err == nil {
			return net.Contains(address)
		}
		inner, err := netip.ParsePrefix(value)
		return err == nil && inner.Bits() >= net.Bits() && net.Contains(inner.Addr())
	}
	return v.Prefix != ""
}

// beginning is how the addresses of a network begin in writing, as far as that is
// certain.
func beginning(net netip.Prefix) string {
	var b strings.Builder
	raw := net.Addr().AsSlice()
	if net.Addr().Is4() {
		for i := range net.Bits() / 8 {
			b.WriteString(strconv.Itoa(int(raw[i])))
			if i < 3 {
				b.WriteByte('.')
			}
		}
		return b.String()
	}
	for i := range net.Bits() / 16 {
		part := int(raw[2*i])<<8 | int(raw[2*i+1])
		if part == 0 { // may be written as ::
			break
		}
		b.WriteString(strconv.FormatInt(int64(part), 16))
		if i < 7 {
			b.WriteByte(':')
		}
	}
	return b.String()
}
