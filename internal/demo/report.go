package demo

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/stix"
)

//go:embed scenarios.toml
var scenarioFile string

// scenario is one invented incident.
type scenario struct {
	ID         string   `toml:"id"`
	Date       string   `toml:"date"` // first sign, "2026-10-27"
	Prose      string   `toml:"prose"`
	Family     string   `toml:"family"`
	Tool       string   `toml:"tool"`
	CVEs       []string `toml:"cves"`
	Techniques []string `toml:"techniques"`
	Addresses  []string `toml:"addresses"`
	Domains    []string `toml:"domains"`
	Hashes     []string `toml:"hashes"`
}

func scenarios() ([]scenario, error) {
	var file struct {
		Scenario []scenario `toml:"scenario"`
	}
	_, err := toml.Decode(scenarioFile, &file)
	if err != nil {
		return nil, fmt.Errorf("reading scenarios: %w", err)
	}
	return file.Scenario, nil
}

// fill puts the victim into a text, as a reporter at that member would write it.
func fill(text string, o hub.Organisation) string {
	return strings.NewReplacer(
		"{name}", o.NameJA, "{abbr}", o.AbbrJA, "{host}", o.HostnamePrefix, "{domain}", o.Domain,
		"{beds}", o.Beds, "{municipality}", o.Municipality, "{vendor}", o.Vendor,
		"{private}", firstAddress(o.IPv4Private),
	).Replace(text)
}

func firstAddress(cidr string) string {
	base, _, _ := strings.Cut(cidr, "/")
	return base[:strings.LastIndexByte(base, '.')+1] + "21"
}

// reportOf writes the STIX 2.1 bundle that the member sends: with its name, place,
// hosts and people in it, as such reports are.
func reportOf(s scenario, o hub.Organisation) ([]byte, error) {
	w := reporter{s: s, o: o, at: s.Date + "T06:40:00.000Z"}
	victim := w.add("identity", "victim", stix.Object{
		"name": o.NameJA, "identity_class": "organization", "sectors": []any{"healthcare"},
		"contact_information": o.Mail + " / " + o.Phone,
	})
	w.by = victim
	incident := w.add("incident", "incident", stix.Object{
		"name":        o.NameJA + " セキュリティインシデント " + s.Date,
		"description": strings.TrimSpace(fill(s.Prose, o)),
		"extensions": map[string]any{"extension-definition--ef765651-680c-498d-9894-99799f2fa126": map[string]any{
			"extension_type": "property-extension", "determination": "confirmed", "investigation_status": "open",
		}},
	})
	place := w.add("location", "place", stix.Object{"country": "JP", "administrative_area": o.PrefectureEN, "city": o.Municipality, "street_address": o.Address})
	w.relate(victim, "located-at", place)
	w.attack(incident)
	host := w.sco("ipv4-addr", firstAddress(o.IPv4Private))
	w.add("observed-data", "host", stix.Object{
		"first_observed": w.at, "last_observed": w.at, "number_observed": 1, "object_refs": []any{host},
	})
	return stix.Marshal(stix.Object{"type": "bundle", "id": w.id("bundle", "bundle"), "objects": w.objects})
}

// reporter collects the objects of one report.
type reporter struct {
	s       scenario
	o       hub.Organisation
	at, by  string
	objects []any
}

// id is stable for scenario and member, so that the demo can be repeated.
func (w *reporter) id(typ, key string) string {
	digest := hub.Sum([]byte("demo " + w.s.ID + " " + w.o.ID + " " + typ + " " + key))
	return stix.NewID(typ, [16]byte(digest[:16]))
}

func (w *reporter) add(typ, key string, props stix.Object) string {
	id := w.id(typ, key)
	o := stix.Object{"type": typ, "spec_version": "2.1", "id": id, "created": w.at, "modified": w.at}
	if w.by != "" {
		o["created_by_ref"] = w.by
	}
	for k, v := range props {
		o[k] = v
	}
	w.objects = append(w.objects, o)
	return id
}

func (w *reporter) sco(typ, value string) string {
	o := stix.Object{"type": typ, "spec_version": "2.1", "value": value}
	id, _ := stix.SCOID(o)
	o["id"] = id
	w.objects = append(w.objects, o)
	return id
}

func (w *reporter) relate(source, kind, target string) {
	w.add("relationship", source+kind+target, stix.Object{"relationship_type": kind, "source_ref": source, "target_ref": target})
}

// attack adds what is the attacker's.
func (w *reporter) attack(incident string) {
	for _, t := range w.s.Techniques {
		id := w.add("attack-pattern", t, stix.Object{
			"name":                t,
			"external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": t}},
		})
		w.relate(incident, "related-to", id)
	}
	for _, cve := range w.s.CVEs {
		w.add("vulnerability", cve, stix.Object{
			"name": cve, "external_references": []any{map[string]any{"source_name": "cve", "external_id": cve}},
		})
	}
	malware := w.malware()
	if w.s.Tool != "" {
		w.add("tool", w.s.Tool, stix.Object{"name": w.s.Tool})
	}
	for _, a := range w.s.Addresses {
		w.indicator("[ipv4-addr:value = '"+a+"']", malware)
	}
	for _, d := range w.s.Domains {
		w.indicator("[domain-name:value = '"+d+"']", malware)
	}
	for _, h := range w.s.Hashes {
		w.indicator("[file:hashes.'SHA-256' = '"+h+"']", malware)
	}
}

func (w *reporter) malware() string {
	if w.s.Family == "" {
		return ""
	}
	return w.add("malware", "family", stix.Object{"name": w.s.Family, "is_family": true, "malware_types": []any{"unknown"}})
}

func (w *reporter) indicator(pattern, malware string) {
	id := w.add("indicator", pattern, stix.Object{
		"pattern": pattern, "pattern_type": "stix", "valid_from": w.at, "indicator_types": []any{"malicious-activity"},
	})
	if malware != "" {
		w.relate(id, "indicates", malware)
	}
}
