package canary_test

import (
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/stix"
)

// attacker is what may go out of a report.
const attacker = "203.0.113.171"

const at = "2031-02-17T04:41:00.000Z"

// told is a story that names everything that is planted, and how the attack went.
func told(o hub.Organisation) string {
	return o.NameJA + "（" + o.NameRomaji + "、" + o.Beds + "床）、すなわち" + strings.Join(planted, "、") + "。" +
		"サーバー" + o.HostnamePrefix + "09のファイルが暗号化された。VPN装置の脆弱性を悪用して侵入された可能性が高い。"
}

// id is the id of an object of an incident, the same in every version.
func id(o hub.Organisation, typ, incident, key string) string {
	d := hub.Sum([]byte("canary " + o.ID + incident + key))
	return stix.NewID(typ, [16]byte(d[:16]))
}

// object is a domain object with the planted names wherever text may stand.
func object(o hub.Organisation, typ, incident, key string, more stix.Object) stix.Object {
	x := stix.Object{
		"type": typ, "spec_version": "2.1", "id": id(o, typ, incident, key), "created": at, "modified": at,
		"labels": []any{"nitobe-kinen-hp.or.jp", "鵜殿 紗千香"}, "x_nitobe_ward": told(o),
		"external_references": []any{map[string]any{
			"source_name": "Toya Medical Systems", "external_id": "0749-12-8867", "description": told(o),
			"url": "https://nitobe-kinen-hp.or.jp/s.udono?ward=473%20beds",
		}},
	}
	for k, v := range more {
		x[k] = v
	}
	return x
}

func bundle(t *testing.T, o hub.Organisation, incident, version string, objects ...any) []byte {
	t.Helper()
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": id(o, "bundle", incident, version), "objects": objects})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// thin is a report that tells hardly anything but names.
func thin(t *testing.T, o hub.Organisation, incident string) []byte {
	return bundle(t, o, incident, "1",
		object(o, "identity", incident, "victim", stix.Object{"name": "緑翠会 丹戸記念病院", "identity_class": "organization"}),
		object(o, "incident", incident, "incident", stix.Object{"name": "丹戸記念で障害", "description": "鵜殿 紗千香が2031年2月17日に気付いた。" + o.NameJA}),
	)
}

// rich is a report as tools write it, with names in every kind of place.
func rich(t *testing.T, o hub.Organisation, incident, version string) []byte {
	text := told(o) + version
	victim, mail := id(o, "ipv4-addr", incident, "victim"), id(o, "email-addr", incident, "mail")
	file, from := id(o, "file", incident, "file"), id(o, "ipv4-addr", incident, "attacker")
	inside := func(typ, key string, more stix.Object) stix.Object { return object(o, typ, incident, key, more) }
	observable := func(typ, id string, more stix.Object) stix.Object {
		more["type"], more["spec_version"], more["id"] = typ, "2.1", id
		return more
	}
	return bundle(t, o, incident, version,
		inside("identity", "victim", stix.Object{
			"name": o.NameJA + " / 緑翠会 丹戸記念病院", "description": text, "identity_class": "organization",
			"contact_information": "incident-desk@nitobe-kinen-hp.or.jp 0749-12-8867", "sectors": []any{"healthcare"},
		}),
		inside("incident", "incident", stix.Object{"name": "丹戸記念 473床", "description": text}),
		inside("indicator", "a", stix.Object{
			"name": "Udono Sachika", "description": text, "pattern": "[ipv4-addr:value = '" + attacker + "']", "pattern_type": "stix",
			"valid_from": at, "indicator_types": []any{"malicious-activity"},
		}),
		inside("attack-pattern", "t", stix.Object{
			"name": "T1486", "description": text, "external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": "T1486"}},
		}),
		inside("malware", "m", stix.Object{"name": "LockBit", "description": text, "is_family": true, "malware_types": []any{"ransomware"}, "first_seen": at}),
		inside("tool", "tool", stix.Object{"name": "東弥メディカルシステム", "description": text}),
		inside("vulnerability", "v", stix.Object{"name": "CVE-2023-27997", "description": text}),
		inside("course-of-action", "c", stix.Object{"name": "Toya Medical Systems", "description": text}),
		inside("location", "l", stix.Object{"name": "丹戸記念", "country": "JP", "street_address": o.Address, "latitude": 35.27, "longitude": 136.26}),
		inside("note", "n", stix.Object{"content": text, "abstract": "NTB-KARTE07", "authors": []any{"Udono Sachika"}, "object_refs": []any{id(o, "incident", incident, "incident")}}),
		inside("report", "r", stix.Object{"name": "緑翠会 丹戸記念病院", "description": text, "published": at, "object_refs": []any{victim, mail, file}}),
		inside("observed-data", "o", stix.Object{"first_observed": at, "last_observed": at, "number_observed": 473, "object_refs": []any{victim, mail, file}}),
		observable("ipv4-addr", victim, stix.Object{"value": "10.187.44.203"}),
		observable("ipv4-addr", from, stix.Object{"value": attacker}),
		observable("email-addr", mail, stix.Object{"value": "incident-desk@nitobe-kinen-hp.or.jp", "display_name": "鵜殿 紗千香"}),
		observable("file", file, stix.Object{"name": "丹戸記念 473床 2031年2月17日.xlsx", "x_nitobe_ward": text}),
		observable("domain-name", id(o, "domain-name", incident, "host"), stix.Object{"value": "ntb-pacs02.intra.nitobe"}),
		observable("user-account", id(o, "user-account", incident, "u"), stix.Object{"account_login": "s.udono", "display_name": "Udono Sachika"}),
		observable("network-traffic", id(o, "network-traffic", incident, "n"), stix.Object{"src_ref": victim, "dst_ref": from, "dst_port": 443, "protocols": []any{"tcp"}}),
		stix.Object{
			"type": "marking-definition", "spec_version": "2.1", "id": id(o, "marking-definition", incident, "s"), "created": at,
			"definition_type": "statement", "definition": map[string]any{"statement": text},
		},
		inside("language-content", "en", stix.Object{
			"object_ref": id(o, "incident", incident, "incident"),
			"contents":   map[string]any{"en": map[string]any{"name": "Ryokusuikai Nitobe Memorial", "description": text}},
		}),
		inside("x-nitobe-ward", "x", stix.Object{"text": text}),
	)
}

// broken breaks the standard's rules in many places, with a name in each.
func broken(t *testing.T, o hub.Organisation, incident string) []byte {
	inside := func(typ, key string, more stix.Object) stix.Object { return object(o, typ, incident, key, more) }
	return bundle(t, o, incident, "1",
		inside("incident", "incident", stix.Object{"name": []any{"丹戸記念"}, "description": map[string]any{"鵜殿 紗千香": told(o)}}),
		inside("identity", "bad-id", stix.Object{"id": "identity--緑翠会 丹戸記念病院", "name": "Udono Sachika"}),
		inside("identity", "bad-time", stix.Object{"created": "2031年2月17日", "name": told(o)}),
		inside("indicator", "bad-pattern", stix.Object{"pattern": "[ipv4-addr:value = '10.187.44.203' AND 丹戸記念", "pattern_type": "stix", "valid_from": "0749-12-8867"}),
		inside("indicator", "good", stix.Object{"pattern": "[ipv4-addr:value = '" + attacker + "']", "pattern_type": "stix", "valid_from": at, "confidence": "473 beds"}),
		inside("relationship", "dangling", stix.Object{"relationship_type": "丹戸記念", "source_ref": "udono--sachika", "target_ref": "NTB-KARTE07"}),
		inside("丹戸記念", "type", stix.Object{"name": told(o)}),
		stix.Object{"type": "incident", "緑翠会 丹戸記念病院": told(o)},
		"Udono Sachika", []any{"鵜殿 紗千香"}, stix.Object{"name": "NTB-KARTE07"},
		inside("malware", "extension", stix.Object{"extensions": map[string]any{"s.udono": map[string]any{"extension_type": told(o)}}, "is_family": "東弥メディカルシステム"}),
	)
}
