package anonymize

import (
	"isac/hub/stix"
)

// A side is whose an object is.
type side int

const (
	undecided side = iota
	attackers
	victims
)

// A standing is a side and how directly it is known: 1 by what the object is or a
// link to one of a side, more for what follows over further steps. The more direct
// one holds; of two as direct, the victim's.
type standing struct {
	side side
	far  int
}

// graph places the objects of a report.
type graph struct {
	index    map[string]int // id → position of its last object
	objects  []stix.Object
	standing []standing
	links    []link
	queue    []int
	ends     map[int]bool // one end of traffic or mail
	outbound map[int]bool // traffic to the attacker
}

// A link carries a standing from one object to another.
type link struct {
	from, to int
	when     side // the side of from that is carried
	as       side // the side that to gets
}

// newGraph reads who is whose from types, properties and relationships. Strong
// marks given by the caller (addresses of members, private ranges) come first.
func newGraph(objects []stix.Object, strong map[int]side) *graph {
	g := &graph{
		index: make(map[string]int, len(objects)), objects: objects, standing: make([]standing, len(objects)),
		ends: map[int]bool{}, outbound: map[int]bool{},
	}
	for i, o := range objects {
		g.index[o.ID()] = i
	}
	g.collectEnds()
	for i, s := range strong {
		g.set(i, standing{s, 0})
	}
	for i, o := range objects {
		if s := sideOfType(o); s != undecided {
			g.set(i, standing{s, 1})
		}
	}
	for i, o := range objects {
		g.properties(i, o)
		g.relation(o)
		g.sighting(o)
	}
	by := g.byOrigin()
	g.spread(by)
	g.settle()
	g.spread(by)
	return g
}

// sideOf returns whose the object at i is.
func (g *graph) sideOf(i int) side { return g.standing[i].side }

// ref returns the position of the object that an id names.
func (g *graph) ref(id string) (int, bool) {
	i, ok := g.index[id]
	return i, ok && id != ""
}

func (g *graph) set(i int, s standing) {
	old := g.standing[i]
	better := old.side == undecided || s.far < old.far || (s.far == old.far && s.side == victims && old.side != victims)
	if better && old != s {
		g.standing[i] = s
		g.queue = append(g.queue, i)
	}
}

func (g *graph) link(from, to int, when, as side) {
	if from != to {
		g.links = append(g.links, link{from, to, when, as})
	}
}

// both carries either side in one direction.
func (g *graph) both(from, to int) {
	g.link(from, to, attackers, attackers)
	g.link(from, to, victims, victims)
}

// byOrigin groups the links by where they start.
func (g *graph) byOrigin() [][]link {
	by := make([][]link, len(g.objects))
	for _, l := range g.links {
		by[l.from] = append(by[l.from], l)
	}
	return by
}

// spread carries standings over the links until nothing changes. Each step makes a
// standing less direct, so it ends.
func (g *graph) spread(by [][]link) {
	for len(g.queue) > 0 {
		i := g.queue[0]
		g.queue = g.queue[1:]
		s := g.standing[i]
		for _, l := range by[i] {
			if l.when == s.side {
				g.set(l.to, standing{l.as, s.far + 1})
			}
		}
	}
}

var attackTypes = map[string]bool{
	"malware": true, "intrusion-set": true, "threat-actor": true, "campaign": true, "attack-pattern": true, "malware-analysis": true,
}

var victimTypes = map[string]bool{
	"identity": true, "location": true, "user-account": true, "mac-addr": true, "impact": true, "task": true,
}

var attackInfrastructure = map[string]bool{
	"amplification": true, "anonymization": true, "botnet": true, "command-and-control": true, "exfiltration": true,
	"hosting-malware": true, "hosting-target-lists": true, "phishing": true, "reconnaissance": true, "staging": true,
}

var victimInfrastructure = map[string]bool{
	"control-system": true, "firewall": true, "routers-switches": true, "workstation": true,
}

// sideOfType tells whose an object is by what it is.
func sideOfType(o stix.Object) side {
	typ := o.Type()
	switch {
	case attackTypes[typ]:
		return attackers
	case victimTypes[typ]:
		return victims
	case typ == "indicator" && statesAttack(o):
		return attackers
	case typ == "infrastructure":
		for _, t := range o.Strs("infrastructure_types") {
			if victimInfrastructure[t] {
				return victims
			}
		}
		for _, t := range o.Strs("infrastructure_types") {
			if attackInfrastructure[t] {
				return attackers
			}
		}
	}
	return undecided
}

// statesAttack reports whether an indicator is about an attack: not revoked and
// not of benign things alone.
func statesAttack(o stix.Object) bool {
	if revoked(o) {
		return false
	}
	types := o.Strs("indicator_types")
	for _, t := range types {
		if t != "benign" {
			return true
		}
	}
	return len(types) == 0
}

func revoked(o stix.Object) bool {
	v, _ := o["revoked"].(bool)
	return v
}
