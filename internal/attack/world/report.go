package world

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"isac/hub/stix"
)

// Expected is a fact that a structured object of a report states, and what must
// become of it.
type Expected struct {
	Key   string // "indicator:ipv4-addr:value:…"
	Class string // technique, family, tool, cve, product, indicator
	Fate  Fate
}

// Fate is what must become of a fact.
type Fate int

// The fates: it goes out; it goes out once a reviewer has said that it isn't of one
// victim; it never goes out.
const (
	Shared Fate = iota
	Single
	Victims
)

// Report writes the report of an incident, and what its objects state.
func (w *World) Report(in Incident) ([]byte, []Expected, error) {
	b := &report{
		w: w, in: in, v: w.Members[in.Victim], r: w.dice(diceReport, in.Index), at: in.Told.Add(-time.Hour).UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	b.names()
	b.story()
	b.attackers()
	b.indicators()
	b.assets()
	for i, e := range in.echoes {
		b.echo(i, e)
	}
	b.r.Shuffle(len(b.objects), func(i, j int) { b.objects[i], b.objects[j] = b.objects[j], b.objects[i] })
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": b.id("bundle"), "objects": b.objects})
	if err != nil {
		return nil, nil, fmt.Errorf("writing report: %w", err)
	}
	return data, b.expected, nil
}

// report collects the objects of one.
type report struct {
	w        *World
	in       Incident
	v        Member
	r        *rand.Rand
	at       string
	made     int
	objects  []any
	expected []Expected
	victim   string // ids of objects
	incident string
	malware  string
}

func (b *report) id(typ string) string {
	b.made++
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %d", b.w.Seed, b.in.Index, typ, b.made))
	return stix.NewID(typ, [16]byte(sum[:16]))
}

// add puts in a domain object or relationship.
func (b *report) add(typ string, props stix.Object) string {
	o := stix.Object{"type": typ, "spec_version": "2.1", "id": b.id(typ), "created": b.at, "modified": b.at}
	if b.victim != "" && typ != "identity" {
		o["created_by_ref"] = b.victim
	}
	return b.put(o, props)
}

// sco puts in an observable.
func (b *report) sco(typ string, props stix.Object) string {
	o := stix.Object{"type": typ, "spec_version": "2.1"}
	for k, v := range props {
		o[k] = v
	}
	id, ok := stix.SCOID(o)
	if !ok {
		id = b.id(typ)
	}
	o["id"] = id
	return b.put(o, nil)
}

func (b *report) put(o, props stix.Object) string {
	for k, v := range props {
		o[k] = v
	}
	b.objects = append(b.objects, o)
	return o.ID()
}

func (b *report) relate(source, kind, target string) {
	b.add("relationship", stix.Object{"relationship_type": kind, "source_ref": source, "target_ref": target})
}

func (b *report) states(class, key string, fate Fate) {
	b.expected = append(b.expected, Expected{class + ":" + key, class, fate})
}

// names puts in who is who.
func (b *report) names() {
	name := b.v.NameJA
	if b.in.Lang == "en" {
		name = b.v.NameRomaji
	}
	b.victim = b.add("identity", stix.Object{
		"name": name, "identity_class": "organization", "sectors": []any{"healthcare"},
		"description":         fmt.Sprintf("%s（%s）、%s床、%s", b.v.LegalName, b.v.AbbrJA, b.v.Beds, b.v.Vendor),
		"contact_information": b.v.Mail + " / " + b.v.Phone + " / FAX " + b.v.Fax,
	})
	b.add("identity", stix.Object{"name": b.in.Staff.Kanji, "identity_class": "individual", "contact_information": b.in.Mail, "description": b.in.Staff.Latin})
	b.add("identity", stix.Object{"name": b.v.Contractor, "identity_class": "organization"})
	place := b.add("location", stix.Object{
		"country": "JP", "administrative_area": b.v.PrefectureEN, "city": b.v.Municipality, "street_address": b.v.Address, "postal_code": b.v.Postal,
	})
	b.relate(b.victim, "located-at", place)
}

// story puts the sentences in: in an incident, and some in a note.
func (b *report) story() {
	var first, rest []string
	for i, s := range b.in.Sentences {
		if i < len(b.in.Sentences)*2/3 {
			first = append(first, s.Text)
		} else {
			rest = append(rest, s.Text)
		}
	}
	join := "\n"
	if b.in.Lang == "en" {
		join = "\n\n"
	}
	b.incident = b.add("incident", stix.Object{
		"name": b.v.NameJA + " " + b.in.Case, "description": strings.Join(first, join), "lang": b.in.Lang,
		"extensions": stix.Object{"extension-definition--ef765651-680c-498d-9894-99799f2fa126": stix.Object{
			"extension_type": "property-extension", "determination": "confirmed", "investigation_status": "open",
		}},
	})
	b.relate(b.incident, "targets", b.victim)
	if len(rest) > 0 {
		b.add("note", stix.Object{
			"abstract": b.in.Case, "content": strings.Join(rest, join), "lang": b.in.Lang, "authors": []any{b.in.Staff.Kanji}, "object_refs": []any{b.incident},
		})
	}
	if b.r.IntN(3) == 0 {
		b.add("report", stix.Object{
			"name": b.v.NameJA + " " + b.in.Day.Format("2006-01-02"), "published": b.at, "object_refs": []any{b.incident},
			"external_references": []any{stix.Object{"source_name": "ticket", "external_id": b.in.Case, "url": "https://portal." + b.v.Domain + "/t/" + b.in.Case}},
		})
	}
}

// attackers puts in what is known of them by name.
func (b *report) attackers() {
	for _, t := range b.in.Techniques {
		id := b.add("attack-pattern", stix.Object{
			"name": t, "external_references": []any{stix.Object{"source_name": "mitre-attack", "external_id": t}},
		})
		b.relate(b.incident, "related-to", id)
		b.states("technique", t, Shared)
	}
	b.malware = b.add("malware", stix.Object{"name": b.in.Family, "is_family": true, "malware_types": []any{"ransomware"}})
	b.states("family", b.in.Family, Shared)
	if b.r.IntN(2) == 0 {
		b.add("tool", stix.Object{"name": b.in.Tool})
		b.states("tool", b.in.Tool, Shared)
	}
	for _, p := range products {
		if p.id != b.in.Product || b.r.IntN(2) == 0 {
			continue
		}
		b.sco("software", stix.Object{"name": p.name, "vendor": p.vendor, "cpe": p.cpe})
		b.states("product", p.id, Shared)
	}
	if b.in.Product != "" && b.r.IntN(3) > 0 {
		b.add("vulnerability", stix.Object{
			"name": b.in.CVE, "external_references": []any{stix.Object{"source_name": "cve", "external_id": b.in.CVE}},
		})
		b.states("cve", b.in.CVE, Shared)
	}
}

// quote writes a literal of a pattern.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func (b *report) indicator(path, value string) string {
	return b.add("indicator", stix.Object{
		"pattern": "[" + path + " = " + quote(value) + "]", "pattern_type": "stix", "valid_from": b.at, "indicator_types": []any{"malicious-activity"},
	})
}

// indicators puts in marks of the attackers, those made for this victim, and the
// victim's own that somebody took for the attacker's.
func (b *report) indicators() {
	for _, i := range []struct{ path, value string }{
		{"ipv4-addr:value", b.in.C2IP},
		{"domain-name:value", b.in.C2Domain},
		{"url:value", b.in.C2URL},
		{"email-addr:value", b.in.C2Mail},
		{"mutex:name", b.in.Mutex},
		{"file:hashes.'SHA-256'", b.in.Hash},
	} {
		if b.r.IntN(10) < 3 {
			continue
		}
		id := b.indicator(i.path, i.value)
		if i.path != "file:hashes.'SHA-256'" {
			b.relate(id, "indicates", b.malware)
			b.states("indicator", i.path+":"+i.value, Shared)
			continue
		}
		b.states("indicator", i.path+":"+i.value, Shared) // of a tool, not of the encryptor
	}
	if b.r.IntN(2) == 0 {
		note := b.sco("file", stix.Object{"name": "HOW_TO_RECOVER.txt", "hashes": stix.Object{"SHA-256": b.in.NoteHash}})
		b.relate(b.malware, "drops", note)
		b.states("indicator", "file:hashes.'SHA-256':"+b.in.NoteHash, Single)
	}
	if b.r.IntN(2) == 0 {
		b.relate(b.indicator("domain-name:value", b.in.Onion), "indicates", b.malware)
		b.states("indicator", "domain-name:value:"+b.in.Onion, Single)
	}
	if b.r.IntN(3) == 0 {
		own := inside(b.v.IPv4, 3)
		b.relate(b.indicator("ipv4-addr:value", own), "indicates", b.malware)
		b.states("indicator", "ipv4-addr:value:"+own, Victims)
	}
}

// assets puts in the victim's machines and people; a terse report leaves out most.
func (b *report) assets() {
	seen := []any{
		b.sco("domain-name", stix.Object{"value": strings.ToLower(b.in.Host) + "." + b.v.Domain}), b.sco("ipv4-addr", stix.Object{"value": b.in.IP}),
	}
	if !b.in.Terse {
		seen = append(seen, b.sco("user-account", stix.Object{"account_login": b.in.User, "display_name": b.in.Staff.Kanji}), b.sco("mac-addr", stix.Object{"value": b.in.MAC}))
		b.add("note", stix.Object{
			"content":     fmt.Sprintf("%s（%s、患者%d人、%s床）。%sからも同様の連絡。保守は%s。", b.in.Host2, b.in.Path, b.in.Patients, b.v.Beds, b.w.Members[b.in.Other].NameJA, b.v.Contractor),
			"object_refs": []any{b.victim},
		})
	}
	b.add("observed-data", stix.Object{
		"first_observed": b.in.Day.UTC().Format(time.RFC3339), "last_observed": b.in.Day.Add(time.Hour).UTC().Format(time.RFC3339), "number_observed": 1, "object_refs": seen,
	})
	if b.r.IntN(3) == 0 {
		b.add("sighting", stix.Object{"sighting_of_ref": b.malware, "where_sighted_refs": []any{b.victim}, "count": b.in.Patients % 90, "first_seen": b.in.Day.UTC().Format(time.RFC3339)})
	}
}
