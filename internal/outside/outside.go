// Package outside says which addresses the hub calls when others say where: programs of
// members, publishers of notices. It trusts no address. A name is resolved and the address
// that comes out is looked at before a connection is made, each time, so that no name leads
// into the hub's own network, to this machine, or to where clouds keep secrets.
//
//	rule := outside.Rule{Plain: false}
//	err := rule.Check("https://example.jp/hook")
//	dialer := &net.Dialer{Control: rule.Control}
package outside

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"isac/hub"
)

// Rule is what the operator allows besides public addresses and https.
type Rule struct {
	// Allow are ranges of the hub's own networks, which are refused otherwise.
	Allow []netip.Prefix
	// Plain allows http besides https.
	Plain bool
}

// ErrInside is the cause of a connection that wasn't made.
var ErrInside = errors.New("an address inside")

// longestURL is how long an address may be.
const longestURL = 2000

// Control sees the address that a name has led to, and refuses it before anything is sent:
// for net.Dialer.
func (r Rule) Control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !r.reachable(at.Addr()) {
		return ErrInside
	}
	return nil
}

// inside are ranges that are nobody's on the internet, besides those that netip knows.
var inside = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// reachable reports whether an address may be called.
func (r Rule) reachable(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	has := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(r.Allow, has) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !slices.ContainsFunc(inside, has)
}

// Check refuses an address that can't be one of a program outside.
func (r Rule) Check(address string) error {
	u, err := url.Parse(address)
	bad := hub.E(hub.Invalid, "webhook.bad-url")
	if err != nil || len(address) > longestURL || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return bad
	}
	if u.Scheme != "https" && !(r.Plain && u.Scheme == "http") {
		return bad
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err == nil && !r.reachable(ip) {
		return hub.E(hub.Invalid, "webhook.inside")
	}
	return nil
}
