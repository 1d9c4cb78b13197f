package stix

import "slices"

// Kind says which part of STIX an object type belongs to.
type Kind int

// The kinds. Custom stands for every type that no table here knows.
const (
	Custom  Kind = iota
	SDO          // domain objects, with those of the incident extension suite
	SRO          // relationship, sighting
	SCO          // cyber-observable objects
	Meta         // language-content, marking-definition, extension-definition
	Wrapper      // bundle, which is no object
)

// The extension definitions that the hub knows (OASIS, cti-stix-common-objects).
const (
	TLPExtension      = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	IncidentExtension = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
	EventExtension    = "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"
	ImpactExtension   = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9"
	TaskExtension     = "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030"
)

var types = map[Kind][]string{
	SDO: {
		"attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident", "indicator",
		"infrastructure", "intrusion-set", "location", "malware", "malware-analysis", "note", "observed-data",
		"opinion", "report", "threat-actor", "tool", "vulnerability",
		"event", "impact", "task",
	},
	SRO: {"relationship", "sighting"},
	SCO: {
		"artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message", "file",
		"ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software", "url",
		"user-account", "windows-registry-key", "x509-certificate",
	},
	Meta:    {"extension-definition", "language-content", "marking-definition"},
	Wrapper: {"bundle"},
}

var kinds = kindTable()

func kindTable() map[string]Kind {
	table := make(map[string]Kind)
	for kind, names := range types {
		for _, name := range names {
			table[name] = kind
		}
	}
	return table
}

// KindOf returns the kind of an object type.
func KindOf(typ string) Kind { return kinds[typ] }

// IsSDO reports whether typ is a domain object of STIX 2.1 or of the incident
// extension suite (event, impact, task). Custom types are not.
func IsSDO(typ string) bool { return kinds[typ] == SDO }

// IsSRO reports whether typ is relationship or sighting.
func IsSRO(typ string) bool { return kinds[typ] == SRO }

// IsSCO reports whether typ is a cyber-observable object of STIX 2.1.
func IsSCO(typ string) bool { return kinds[typ] == SCO }

// IsMeta reports whether typ is language-content, marking-definition or
// extension-definition.
func IsMeta(typ string) bool { return kinds[typ] == Meta }

// Types returns the object types of a kind, sorted.
func Types(kind Kind) []string {
	return slices.Sorted(slices.Values(types[kind]))
}
