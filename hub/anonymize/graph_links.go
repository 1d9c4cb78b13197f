package anonymize

import (
	"isac/hub/stix"
)

// towards lists the relationship types by which an attacker's object makes its
// target the attacker's.
var towards = map[string]bool{
	"communicates-with": true, "beacons-to": true, "exfiltrates-to": true, "downloads": true, "drops": true,
	"uses": true, "controls": true, "delivers": true, "hosts": true, "owns": true, "consists-of": true,
	"variant-of": true, "authored-by": true, "indicates": true, "based-on": true, "related-to": true,
	"characterizes": true, "analysis-of": true, "static-analysis-of": true, "dynamic-analysis-of": true,
	"derived-from": true, "duplicate-of": true, "resolves-to": true,
}

// outward lists those by which an attacker's program talks to the attacker: of
// network traffic the destination is the attacker's.
var outward = map[string]bool{"communicates-with": true, "beacons-to": true, "exfiltrates-to": true, "downloads": true}

// backward lists those that hold for an observable at the source as well: a file
// related to a family.
var backward = map[string]bool{"related-to": true, "derived-from": true, "duplicate-of": true, "variant-of": true, "based-on": true}

// against lists those by which the target of an attacker's object is the victim's.
var against = map[string]bool{"targets": true, "compromises": true, "impersonates": true}

// possession lists those by which a victim's object makes the other end the
// victim's, in either direction.
var possession = map[string]bool{
	"owns": true, "uses": true, "related-to": true, "belongs-to": true, "owned-by": true, "consists-of": true,
	"located-at": true, "part-of": true, "has": true, "operates": true, "used-by": true, "hosts": true, "resolves-to": true,
}

// relation reads a relationship object.
func (g *graph) relation(o stix.Object) {
	if o.Type() != "relationship" || revoked(o) {
		return
	}
	from, ok1 := g.ref(o.Str("source_ref"))
	to, ok2 := g.ref(o.Str("target_ref"))
	if !ok1 || !ok2 {
		return
	}
	kind := o.Str("relationship_type")
	switch {
	case against[kind]:
		if g.open(to) {
			g.link(from, to, attackers, victims)
		}
		return
	case towards[kind] && g.open(to) && !(kind == "related-to" && g.objects[to].Type() == "infrastructure"):
		g.link(from, to, attackers, attackers)
		if outward[kind] && sideOfType(g.objects[from]) == attackers {
			g.outbound[to] = true
		}
	}
	if backward[kind] && observed(g.objects[from].Type()) || kind == "controls" {
		g.link(to, from, attackers, attackers)
	}
	if possession[kind] {
		g.possess(from, to)
		g.possess(to, from)
	}
}

// observed reports whether objects of a type are what somebody saw.
func observed(typ string) bool { return stix.IsSCO(typ) || typ == "observed-data" }

// open reports whether the object is nobody's by what it is.
func (g *graph) open(i int) bool {
	typ := g.objects[i].Type()
	return stix.IsSCO(typ) || typ == "observed-data" || typ == "infrastructure"
}

// possess carries the victim's side to things that can be owned.
func (g *graph) possess(from, to int) {
	if g.open(to) {
		g.link(from, to, victims, victims)
	}
}

// sighting: observed data of a sighting is on the side of what was seen, and where
// it was seen is the victim's.
func (g *graph) sighting(o stix.Object) {
	if o.Type() != "sighting" || revoked(o) {
		return
	}
	seen, ok := g.ref(o.Str("sighting_of_ref"))
	if !ok {
		return
	}
	for _, id := range o.Strs("observed_data_refs") {
		if i, ok := g.ref(id); ok {
			g.link(seen, i, attackers, attackers)
		}
	}
}

// properties reads the references inside an object.
func (g *graph) properties(i int, o stix.Object) {
	switch o.Type() {
	case "observed-data":
		g.refs(o, "object_refs", func(j int) {
			if !g.ends[j] {
				g.both(i, j)
			}
		})
	case "malware":
		g.refs(o, "sample_refs", func(j int) { g.link(i, j, attackers, attackers) })
	case "malware-analysis":
		if o.Str("result") != "benign" {
			g.refs(o, "sample_ref", func(j int) { g.link(i, j, attackers, attackers) })
			g.refs(o, "analysis_sco_refs", func(j int) { g.link(i, j, attackers, attackers) })
		}
	case "domain-name":
		g.refs(o, "resolves_to_refs", func(j int) { g.both(i, j); g.both(j, i) })
	case "file":
		g.refs(o, "contains_refs", func(j int) { g.link(i, j, attackers, attackers) })
		g.refs(o, "parent_directory_ref", func(j int) { g.link(i, j, attackers, attackers) })
	case "process":
		g.process(i, o)
	case "email-addr":
		g.refs(o, "belongs_to_ref", func(j int) { g.set(i, standing{victims, 1}) })
	case "email-message":
		g.mail(i, o)
	case "network-traffic":
		g.traffic(o)
	case "impact":
		g.refs(o, "impacted_refs", func(j int) { g.set(j, standing{victims, 1}) })
	}
}

func (g *graph) refs(o stix.Object, name string, do func(int)) {
	for _, id := range append(o.Strs(name), o.Str(name)) {
		if j, ok := g.ref(id); ok {
			do(j)
		}
	}
}

func (g *graph) process(i int, o stix.Object) {
	g.refs(o, "image_ref", func(j int) {
		g.link(i, j, attackers, attackers)
		g.link(j, i, attackers, attackers)
	})
	g.refs(o, "child_refs", func(j int) { g.link(i, j, attackers, attackers) })
	g.refs(o, "opened_connection_refs", func(j int) { g.link(i, j, attackers, attackers) })
}

// mail: recipients are the victim's whoever wrote; the sender of an attacker's
// message is the attacker.
func (g *graph) mail(i int, o stix.Object) {
	for _, name := range []string{"to_refs", "cc_refs", "bcc_refs"} {
		g.refs(o, name, func(j int) { g.set(j, standing{victims, 1}) })
	}
	for _, name := range []string{"from_ref", "sender_ref"} {
		g.refs(o, name, func(j int) { g.link(i, j, attackers, attackers) })
	}
}

// traffic: the other end of what is the attacker's is the victim's.
func (g *graph) traffic(o stix.Object) {
	src, ok1 := g.ref(o.Str("src_ref"))
	dst, ok2 := g.ref(o.Str("dst_ref"))
	if ok1 && ok2 {
		g.link(src, dst, attackers, victims)
		g.link(dst, src, attackers, victims)
	}
}

// settle gives the open end of attackers' traffic its side: it is the attacker's
// if the other end is the victim's, or if the attacker's program talked to it.
func (g *graph) settle() {
	for i, o := range g.objects {
		if o.Type() != "network-traffic" || g.sideOf(i) != attackers {
			continue
		}
		src, ok1 := g.ref(o.Str("src_ref"))
		dst, ok2 := g.ref(o.Str("dst_ref"))
		far := g.standing[i].far + 1
		switch {
		case ok2 && g.sideOf(dst) == undecided && (g.outbound[i] || ok1 && g.sideOf(src) == victims):
			g.set(dst, standing{attackers, far})
		case ok1 && g.sideOf(src) == undecided && ok2 && g.sideOf(dst) == victims:
			g.set(src, standing{attackers, far})
		}
	}
}

// collectEnds notes the objects that are one end of traffic or mail: seeing them
// together says nothing of their side.
func (g *graph) collectEnds() {
	for _, o := range g.objects {
		for _, name := range []string{"src_ref", "dst_ref", "from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs", "creator_user_ref", "parent_ref"} {
			g.refs(o, name, func(j int) { g.ends[j] = true })
		}
	}
}
