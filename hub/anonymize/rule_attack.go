package anonymize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/vocab"
)

var techniqueID = regexp.MustCompile(`\bT\d{4}(\.\d{3})?\b`)

// attackPattern: a technique by its ATT&CK id, else by its exact name.
func attackPattern(u *unit, i int, o stix.Object) {
	for n, ref := range o.Objs("external_references") {
		path := "external_references[" + strconv.Itoa(n) + "].external_id"
		if strings.HasPrefix(ref.Str("source_name"), "mitre") && u.technique(i, path, ref.Str("external_id")) {
			return
		}
	}
	if u.technique(i, "name", techniqueID.FindString(o.Str("name"))) {
		return
	}
	names := append([]string{o.Str("name")}, o.Strs("aliases")...)
	for n, name := range names {
		path := "name"
		if n > 0 {
			path = "aliases[" + strconv.Itoa(n-1) + "]"
		}
		if id := u.techniqueNamed(o, name); id != "" && u.technique(i, path, id) {
			return
		}
	}
}

// techniqueNamed returns the technique of an exact name. Of several that share it the
// phases of the object tell which, else that none of the others happens where a
// victim could see it; where neither does, it is none.
func (u *unit) techniqueNamed(o stix.Object, name string) string {
	of := func(fits func(tactic string) bool) (ids []string) {
		for _, t := range u.techniques[vocab.Key(name)] {
			if slices.ContainsFunc(t.Tactics, fits) {
				ids = append(ids, t.ID)
			}
		}
		return ids
	}
	var phases []string
	for _, p := range o.Objs("kill_chain_phases") {
		phases = append(phases, p.Str("phase_name"))
	}
	for _, ids := range [][]string{
		of(func(tactic string) bool { return slices.Contains(phases, tactic) }),
		of(func(tactic string) bool { return tactic != "reconnaissance" && tactic != "resource-development" }),
		of(func(string) bool { return true }),
	} {
		if len(ids) == 1 {
			return ids[0]
		}
	}
	return ""
}

func (u *unit) technique(i int, path, id string) bool {
	return u.named(i, path, id, hub.Technique)
}

// malware: a family by a public name. An encryptor without a name still says that
// data was encrypted, unless it was stopped before.
func malware(u *unit, i int, o stix.Object) {
	u.names(i, o, hub.Family, hub.Tool)
	for n, t := range o.Strs("malware_types") {
		if t == "ransomware" && !u.stopped {
			u.technique(i, "malware_types["+strconv.Itoa(n)+"]", "T1486")
		}
	}
}

func tool(u *unit, i int, o stix.Object) { u.names(i, o, hub.Tool, hub.Family) }

// actor: a group by a public name; some groups are called like their malware.
func actor(u *unit, i int, o stix.Object) { u.names(i, o, hub.Group, hub.Family) }

// names claims the name, else the first alias, that a vocabulary knows.
func (u *unit) names(i int, o stix.Object, classes ...hub.Class) {
	if u.named(i, "name", o.Str("name"), classes...) {
		return
	}
	for n, alias := range o.Strs("aliases") {
		if u.named(i, "aliases["+strconv.Itoa(n)+"]", alias, classes...) {
			return
		}
	}
}

// vulnerability: a CVE id as name or reference.
func vulnerability(u *unit, i int, o stix.Object) {
	if u.named(i, "name", o.Str("name"), hub.CVE) {
		return
	}
	for n, ref := range o.Objs("external_references") {
		u.named(i, "external_references["+strconv.Itoa(n)+"].external_id", ref.Str("external_id"), hub.CVE)
	}
}

// software: a product family that the vocabulary knows, by name or CPE, or by the
// words for it.
func software(u *unit, i int, o stix.Object) {
	if u.named(i, "name", o.Str("name"), hub.Product) {
		return
	}
	parts := strings.Split(o.Str("cpe"), ":")
	if len(parts) > 4 && u.named(i, "cpe", parts[3]+"-"+parts[4], hub.Product) {
		return
	}
	if id, ok := u.cfg.Vocab.ProductNamed(o.Str("vendor") + " " + o.Str("name")); ok {
		u.claim(i, "name", hub.Fact{Class: hub.Product, Value: id})
	}
}

// infrastructure: the kind of attacker's infrastructure tells techniques.
func infrastructure(u *unit, i int, o stix.Object) {
	if u.graph.sideOf(i) != attackers {
		return
	}
	for n, t := range o.Strs("infrastructure_types") {
		u.word(i, "infrastructure_types["+strconv.Itoa(n)+"]", "infrastructure-type", t)
	}
}
