// Package warning knows values that everybody has to do with: addresses of public
// resolvers, sites that every machine calls, ranges that anybody rents. Such a value
// finds no attacker; to watch for it only makes noise.
//
// It reads lists in the form of the MISP warning lists, which an operator can lay
// beside the settings, and holds a small table of its own. The lists are the
// operator's and trusted, but checked; what is looked up may come from a report and
// is not: a look-up answers with a verdict and nothing else. What a value gets
// follows from public lists alone, and so tells nothing of anybody.
//
//	l, err := warning.Read(data)
//	lists := warning.New(l)
//	lists.Judge(hub.IPv4, "8.8.8.8") // warning.Public
package warning

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"isac/hub"
)

// A Verdict is how public a value is.
type Verdict int

// The verdicts. A public value is a service itself: left out. A shared one lies in a
// range or below a host that many use at once: it may be the attacker's today and
// anybody's tomorrow, so that it is told as possible only.
const (
	None Verdict = iota
	Shared
	Public
)

// A List is one warning list as it is written. Unknown keys are allowed: the lists
// have some for people.
type List struct {
	Name string `json:"name"`
	// Type is how entries match: cidr, hostname, string, substring or regex.
	Type string `json:"type"`
	List []string
	// Attributes are names of MISP attributes that the list is about; none is all.
	Attributes []string `json:"matching_attributes"`
}

// kinds maps attributes of MISP to what the hub calls them.
var kinds = map[string][]hub.Kind{
	"ip-src": {hub.IPv4, hub.IPv6}, "ip-dst": {hub.IPv4, hub.IPv6}, "ip-src|port": {hub.IPv4, hub.IPv6}, "ip-dst|port": {hub.IPv4, hub.IPv6},
	"domain": {hub.Domain}, "hostname": {hub.Domain}, "domain|ip": {hub.Domain, hub.IPv4, hub.IPv6}, "hostname|port": {hub.Domain},
	"url": {hub.URL}, "uri": {hub.URL}, "link": {hub.URL},
	"email": {hub.Mail}, "email-src": {hub.Mail}, "email-dst": {hub.Mail},
	"md5": {hub.MD5}, "filename|md5": {hub.MD5}, "sha1": {hub.SHA1}, "filename|sha1": {hub.SHA1},
	"sha256": {hub.SHA256}, "filename|sha256": {hub.SHA256}, "sha512": {hub.SHA512}, "filename|sha512": {hub.SHA512},
	"filename": {hub.FileName}, "user-agent": {hub.UserAgent}, "AS": {hub.AS}, "x509-fingerprint-sha1": {hub.CertSHA1},
	"x509-fingerprint-sha256": {hub.CertSHA256},
}

// maxEntries bounds one list.
const maxEntries = 2_000_000

// Read reads a list. Its error names the list, never an entry.
func Read(data []byte) (List, error) {
	var l List
	if err := json.Unmarshal(data, &l); err != nil {
		return List{}, fmt.Errorf("reading warning list: %w", err)
	}
	switch {
	case !slices.Contains([]string{"cidr", "hostname", "string", "substring", "regex"}, l.Type):
		return List{}, fmt.Errorf("reading warning list %q: type: want cidr, hostname, string, substring or regex", l.Name)
	case len(l.List) == 0 || len(l.List) > maxEntries:
		return List{}, fmt.Errorf("reading warning list %q: want 1 to %d entries", l.Name, maxEntries)
	}
	for i, e := range l.List {
		if err := l.check(e); err != nil {
			return List{}, fmt.Errorf("reading warning list %q: entry %d: not a %s", l.Name, i, l.Type)
		}
	}
	return l, nil
}

func (l List) check(entry string) error {
	switch l.Type {
	case "cidr":
		_, err := prefix(entry)
		return err
	case "regex":
		_, err := expression(entry)
		return err
	}
	if strings.Trim(entry, " ./") == "" {
		return fmt.Errorf("empty")
	}
	return nil
}

func prefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(strings.TrimSpace(s)); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(strings.TrimSpace(s))
	return p.Masked(), err
}

// expression reads /…/i, as the lists write it, or the bare expression.
func expression(s string) (*regexp.Regexp, error) {
	if rest, ok := strings.CutPrefix(s, "/"); ok {
		if i := strings.LastIndexByte(rest, '/'); i >= 0 {
			flags := rest[i+1:]
			s = rest[:i]
			if strings.Contains(flags, "i") {
				s = "(?i)" + s
			}
		}
	}
	return regexp.Compile(s)
}

// matcher is what the lists have for one kind.
type matcher struct {
	ranges     map[netip.Prefix]bool
	bits       [2][]int // lengths of prefixes in ranges, older kind and newer
	hosts      map[string]bool
	below      map[string]bool // hosts written with a dot before them
	exact      map[string]bool
	substrings []string
	shapes     []*regexp.Regexp
}

// Lists are warning lists made ready. They never change and may be shared; nil has
// the own table alone.
type Lists struct{ by map[hub.Kind]*matcher }

// New makes lists ready, the own table with them. Lists must come from Read.
func New(lists ...List) *Lists {
	l := &Lists{by: map[hub.Kind]*matcher{}}
	for _, list := range append(own(), lists...) {
		for _, kind := range list.kinds() {
			if l.by[kind] == nil {
				l.by[kind] = &matcher{ranges: map[netip.Prefix]bool{}, hosts: map[string]bool{}, below: map[string]bool{}, exact: map[string]bool{}}
			}
			l.by[kind].add(list)
		}
	}
	return l
}

// kinds are those that a list is about.
func (l List) kinds() []hub.Kind {
	var out []hub.Kind
	for _, a := range l.Attributes {
		for _, k := range kinds[a] {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	if len(l.Attributes) > 0 {
		return out
	}
	switch l.Type {
	case "cidr":
		return []hub.Kind{hub.IPv4, hub.IPv6}
	case "hostname":
		return []hub.Kind{hub.Domain, hub.URL}
	}
	for _, list := range kinds {
		for _, k := range list {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

func (m *matcher) add(l List) {
	for _, e := range l.List {
		switch l.Type {
		case "cidr":
			if p, err := prefix(e); err == nil {
				m.ranges[p] = true
				side := &m.bits[family(p.Addr())]
				if !slices.Contains(*side, p.Bits()) {
					*side = append(*side, p.Bits())
				}
			}
		case "hostname":
			host := strings.ToLower(strings.TrimSpace(e))
			if bare, dotted := strings.CutPrefix(host, "."); dotted {
				m.below[bare] = true
			} else {
				m.hosts[host] = true
			}
		case "string":
			m.exact[strings.ToLower(strings.TrimSpace(e))] = true
		case "substring":
			m.substrings = append(m.substrings, strings.ToLower(e))
		case "regex":
			if re, err := expression(e); err == nil {
				m.shapes = append(m.shapes, re)
			}
		}
	}
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}
