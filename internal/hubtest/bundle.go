package hubtest

import (
	"isac/hub"
	"isac/hub/stix"
)

// Bundle is a report of one incident at o: the name stands in it, prose tells the
// attack, and address is the attacker's. Incident tells incidents apart, version
// the versions of one report.
func Bundle(o hub.Organisation, incident, version, address string) []byte {
	id := func(typ, key string) string {
		d := hub.Sum([]byte(o.ID + incident + key))
		return stix.NewID(typ, [16]byte(d[:16]))
	}
	const at = "2026-05-12T01:02:03.000Z"
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": id("bundle", version), "objects": []any{
		stix.Object{"type": "identity", "spec_version": "2.1", "id": id("identity", "v"), "created": at, "modified": at, "name": o.NameJA, "identity_class": "organization"},
		stix.Object{
			"type": "incident", "spec_version": "2.1", "id": id("incident", "i"), "created": at, "modified": at,
			"name":        o.NameJA + "の障害",
			"description": o.NameJA + "（" + o.Municipality + "、" + o.Beds + "床）でサーバー" + o.HostnamePrefix + "09のファイルが暗号化された。VPN装置の脆弱性を悪用して侵入された可能性が高い。" + version,
		},
		stix.Object{
			"type": "indicator", "spec_version": "2.1", "id": id("indicator", "a"), "created": at, "modified": at,
			"pattern": "[ipv4-addr:value = '" + address + "']", "pattern_type": "stix", "valid_from": at, "indicator_types": []any{"malicious-activity"},
		},
		stix.Object{
			"type": "attack-pattern", "spec_version": "2.1", "id": id("attack-pattern", "t"), "created": at, "modified": at, "name": "T1486",
			"external_references": []any{stix.Object{"source_name": "mitre-attack", "external_id": "T1486"}},
		},
	}})
	if err != nil {
		panic(err) // strings and lists only
	}
	return data
}
