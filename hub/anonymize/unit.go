package anonymize

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/register/decode"
	"isac/hub/stix"
	"isac/hub/warning"
)

// A unit is one report on its way to a draft.
type unit struct {
	*Anonymizer
	in       Input
	objects  []stix.Object
	leaves   []leaf
	at       map[string]int // object and path → leaf
	graph    *graph
	ransom   map[int]bool    // linked to malware of the type ransomware
	stopped  bool            // before any damage, as the incident says
	theirs   map[string]bool // "kind value" of the victim's observables
	claims   []claim
	hints    []hint // what the reporter may be asked
	needles  *needles
	verdicts map[string]warning.Verdict // by key: what everybody uses
	bones    map[string]string          // by key: what the shapes of a pattern hold besides themselves
	coined   map[string]bool            // names of properties whose needles are taken
	instead  map[string]func()          // what to claim where the fact of the key may not go out
	dropped  map[string]bool            // keys of facts that may not go out, for whatever reason
}

// A claim is a fact and the property that stated it.
type claim struct {
	fact     hub.Fact
	object   int
	path     string
	sentence string // prose only
	bare     bool   // says that something is concerned, and not how surely
}

// read walks the report, places its objects and collects what it claims.
func (a *Anonymizer) read(in Input) *unit {
	u := &unit{
		Anonymizer: a, in: in, objects: in.Bundle.Objects, leaves: walk(a.cfg.Policy, in.Bundle),
		at: map[string]int{}, ransom: map[int]bool{}, theirs: map[string]bool{}, dropped: map[string]bool{}, instead: map[string]func(){}, bones: map[string]string{}, verdicts: map[string]warning.Verdict{}, coined: map[string]bool{},
	}
	for i, l := range u.leaves {
		u.at[at(l.object, l.path)] = i
	}
	u.graph = newGraph(u.objects, u.owners())
	u.findRansomware()
	u.stopped = wasStopped(u.objects)
	u.noteVictims()
	for i, o := range u.objects {
		if rule, ok := rules[o.Type()]; ok && !revoked(o) {
			rule(u, i, o)
		}
	}
	u.prose()
	u.quarter()
	return u
}

func at(object int, path string) string { return strconv.Itoa(object) + " " + path }

// A rule reads one object.
type rule func(u *unit, i int, o stix.Object)

// rules are by the type of object. A type without one gives facts by its prose
// alone, or places others in the graph.
var rules = map[string]rule{
	"attack-pattern": attackPattern, "malware": malware, "tool": tool, "intrusion-set": actor, "threat-actor": actor,
	"campaign": actor, "vulnerability": vulnerability, "indicator": indicator, "software": software, "infrastructure": infrastructure,
	"incident": incident, "event": event, "impact": impact,
	"ipv4-addr": address, "ipv6-addr": address, "domain-name": domainName, "url": webAddress, "email-addr": mailAddress,
	"email-message": mailMessage, "file": file, "artifact": artifact, "directory": directory, "process": process,
	"windows-registry-key": registryKey, "mutex": mutex, "network-traffic": networkTraffic, "x509-certificate": certificate,
	"autonomous-system": autonomousSystem,
}

// claim notes a fact that a structured property states.
func (u *unit) claim(i int, path string, f hub.Fact) {
	if f.Source == "" {
		f.Source = hub.FromObject
	}
	bare := false
	if f.Confidence == "" {
		f.Confidence = confidence(u.objects[i])
		bare = !u.objects[i].Has("confidence")
	}
	f.Confirmed = true
	u.claims = append(u.claims, claim{fact: f, object: i, path: path, bare: bare})
}

// confidence turns 0 to 100 into words. What is stated without a number is stated,
// unless a sentence says that it isn't sure; see merged.
func confidence(o stix.Object) hub.Confidence {
	n, ok := o.Int("confidence")
	switch {
	case !ok || n >= 70:
		return hub.Confirmed
	case n >= 30:
		return hub.Likely
	case n >= 1:
		return hub.Possible
	}
	return hub.Unknown
}

// named claims a name of one of the classes, the first that knows it.
func (u *unit) named(i int, path, name string, classes ...hub.Class) bool {
	for _, c := range classes {
		if value, ok := u.cfg.Vocab.Canonical(c, name); ok {
			u.claim(i, path, hub.Fact{Class: c, Value: value})
			return true
		}
	}
	return false
}

// observable claims a value of the attacker's side if it has the right shape and
// is nobody's of the sector.
func (u *unit) observable(i int, path string, kind hub.Kind, raw string, source hub.Source, single bool) {
	v := check(kind, raw)
	if !v.ok {
		return
	}
	f := hub.Fact{Class: hub.Indicator, Kind: kind, Value: v.value, Source: source, Single: v.single || single}
	u.judge(f)
	u.claim(i, path, f)
}

// judge marks a fact that may not go out, or not as surely: the victim's, and what
// everybody uses. The latter follows from public lists and says nothing of the former.
func (u *unit) judge(f hub.Fact) {
	v := u.cfg.Warnings.Judge(f.Kind, f.Value)
	if v != warning.None {
		u.verdicts[f.Key()] = v
	}
	if v == warning.Public || u.victims(f.Kind, f.Value) {
		u.dropped[f.Key()] = true
	}
}

// victims reports whether a checked value is somebody's of the sector, stands as the
// victim's in the report, or holds an address that is.
func (u *unit) victims(kind hub.Kind, value string) bool {
	return u.owned(kind, value) || u.theirs[string(kind)+" "+value] || u.holdsAddr(kind, value)
}

// holdsAddr reports whether a value that is no address by itself holds one that
// may not go out.
func (u *unit) holdsAddr(kind hub.Kind, value string) bool {
	if kind == hub.IPv4 || kind == hub.IPv6 || kind == hub.CertSerial {
		return false
	}
	if u.namesAddr(value) {
		return true
	}
	if !maybeEncoded(value) {
		return false
	}
	for v := range decode.Views(value) {
		if u.namesAddr(v.Text) {
			return true
		}
	}
	return false
}

// namesAddr reports whether a text holds an address that may not go out.
func (u *unit) namesAddr(value string) bool {
	for _, m := range quad.FindAllStringSubmatch(value, -1) {
		if u.inside(strings.Join(m[1:5], ".")) || u.ownsAddr(m[4]+"."+m[3]+"."+m[2]+"."+m[1]) { // as in names for the reverse lookup
			return true
		}
	}
	for _, t := range colons.FindAllString(value, -1) {
		if u.inside(t) {
			return true
		}
	}
	for _, t := range dashes.FindAllString(value, -1) {
		if u.ownsAddr(strings.ReplaceAll(t, "-", ":")) {
			return true
		}
	}
	return machine.MatchString(value)
}

// Addresses as they stand in host names, files and keys.
var (
	quad   = regexp.MustCompile(`(\d{1,3})[._-](\d{1,3})[._-](\d{1,3})[._-](\d{1,3})`)
	colons = regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}`)
	dashes = regexp.MustCompile(`[0-9A-Fa-f]{1,4}(?:--?[0-9A-Fa-f]{1,4}){2,7}`)
	// machine is the address of a network card, which is one of the victim's machines.
	machine = regexp.MustCompile(`(^|[^0-9A-Fa-f:-])([0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})($|[^0-9A-Fa-f:-]|[:-][^0-9A-Fa-f])`)
)

// inside reports whether a text is an address that is private or of the sector.
func (u *unit) inside(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && (!public(a.Unmap()) || u.ownsAddr(a.String()))
}

// owners marks the objects whose value says whose they are.
func (u *unit) owners() map[int]side {
	strong := map[int]side{}
	for i, o := range u.objects {
		if kind, ok := valueKinds[o.Type()]; ok {
			raw := o.Str("value")
			if v := check(kind, raw); raw != "" && (!v.ok || u.owned(kind, v.value)) {
				strong[i] = victims
			}
		}
	}
	return strong
}

// valueKinds are the types whose value tells an owner.
var valueKinds = map[string]hub.Kind{
	"ipv4-addr": hub.IPv4, "ipv6-addr": hub.IPv6, "domain-name": hub.Domain, "url": hub.URL, "email-addr": hub.Mail,
}

// noteVictims collects the values of the victim's observables, so that they are
// dropped where they stand elsewhere as well.
func (u *unit) noteVictims() {
	for i, o := range u.objects {
		kind, ok := valueKinds[o.Type()]
		if !ok || u.graph.sideOf(i) != victims {
			continue
		}
		if v := check(kind, o.Str("value")); v.ok {
			u.theirs[string(kind)+" "+v.value] = true
		}
	}
}

// findRansomware notes what is linked to an encryptor: its files are maybe of one
// build for one victim.
func (u *unit) findRansomware() {
	is := func(i int) bool {
		for _, t := range u.objects[i].Strs("malware_types") {
			if t == "ransomware" {
				return true
			}
		}
		return false
	}
	for i, o := range u.objects {
		u.graph.refs(o, "sample_refs", func(j int) { u.ransom[j] = u.ransom[j] || is(i) })
		from, ok1 := u.graph.ref(o.Str("source_ref"))
		to, ok2 := u.graph.ref(o.Str("target_ref"))
		if ok1 && ok2 {
			u.ransom[from] = u.ransom[from] || is(to)
			u.ransom[to] = u.ransom[to] || is(from)
		}
	}
}

// owned reports whether a checked value belongs to an organisation of the sector
// or to the member that reports.
func (u *unit) owned(kind hub.Kind, value string) bool {
	switch kind {
	case hub.IPv4, hub.IPv6:
		return u.ownsAddr(value)
	case hub.Domain:
		return u.ownsDomain(value)
	case hub.Mail:
		return u.ownsDomain(value[strings.LastIndexByte(value, '@')+1:])
	case hub.URL:
		host := hostOf(value)
		return u.ownsAddr(host) || u.ownsDomain(host)
	}
	return false
}

func (u *unit) ownsAddr(s string) bool {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	if v4, ok := embedded(p.Addr()); ok && u.ownsAddr(v4.String()) {
		return true
	}
	m := u.in.Member
	for _, own := range strings.FieldsFunc(m.IPv4+"|"+m.IPv6+"|"+m.IPv4Private, func(r rune) bool { return r == '|' }) {
		if o, err := netip.ParsePrefix(own); err == nil && o.Overlaps(p) {
			return true
		}
	}
	return u.cfg.Register != nil && u.cfg.Register.OwnsAddr(p.Addr())
}

// Ranges of the newer kind whose addresses hold one of the older.
var (
	translated = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour  = netip.MustParsePrefix("2002::/16")
	teredo     = netip.MustParsePrefix("2001::/32")
)

// embedded returns the address of the older kind that one of the newer holds.
func embedded(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	switch {
	case a.Is4In6():
		return a.Unmap(), true
	case translated.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case teredo.Contains(a):
		return netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]}), true
	}
	return netip.Addr{}, false
}

func (u *unit) ownsDomain(s string) bool {
	if own := strings.ToLower(u.in.Member.Domain); own != "" && (s == own || strings.HasSuffix(s, "."+own)) {
		return true
	}
	return u.cfg.Register != nil && u.cfg.Register.OwnsDomain(s)
}

func hostOf(value string) string {
	_, rest, _ := strings.Cut(value, "://")
	host, _, _ := strings.Cut(rest, "/")
	if i := strings.IndexAny(host, "?#"); i >= 0 {
		host = host[:i]
	}
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
		return host
	}
	host, _, _ = strings.Cut(host, ":")
	return host
}
