package stix

import "slices"

// Targets says which object types a reference may point to.
type Targets struct {
	types  []string // these types
	kinds  []Kind   // every type of these kinds
	except []string // but not these
}

// Allow reports whether the reference may point to an object of the type.
func (t Targets) Allow(typ string) bool {
	if slices.Contains(t.except, typ) {
		return false
	}
	return slices.Contains(t.types, typ) || slices.Contains(t.kinds, KindOf(typ))
}

func only(types ...string) Targets { return Targets{types: types} }

var (
	anyObject = Targets{kinds: []Kind{Custom, SDO, SRO, SCO, Meta}}
	address   = only("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name")
)

// common holds the references that every object may have.
var common = map[string]Targets{
	"created_by_ref":                only("identity"),
	"object_marking_refs":           only("marking-definition"),
	"granular_markings.marking_ref": only("marking-definition"),
}

// references holds the references of each type (STIX 2.1, sections 4 to 7; the
// incident extension suite, prose of 2024-02-20). Custom types are allowed where
// the standard names a kind of objects and not types.
var references = map[string]map[string]Targets{
	"grouping":         {"object_refs": anyObject},
	"note":             {"object_refs": anyObject},
	"opinion":          {"object_refs": anyObject},
	"report":           {"object_refs": anyObject},
	"observed-data":    {"object_refs": {kinds: []Kind{SCO, SRO, Custom}}},
	"language-content": {"object_ref": {kinds: anyObject.kinds, except: []string{"language-content"}}},
	"malware": {
		"sample_refs":           only("file", "artifact"),
		"operating_system_refs": only("software"),
	},
	"malware-analysis": {
		"sample_ref":              only("file", "artifact", "network-traffic"),
		"host_vm_ref":             only("software"),
		"operating_system_ref":    only("software"),
		"installed_software_refs": only("software"),
		"analysis_sco_refs":       {kinds: []Kind{SCO, Custom}},
	},
	"relationship": {
		"source_ref": {kinds: []Kind{SDO, SCO, Custom}},
		"target_ref": {kinds: []Kind{SDO, SCO, Custom}},
	},
	"sighting": {
		"sighting_of_ref":    {kinds: []Kind{SDO, Custom}},
		"observed_data_refs": only("observed-data"),
		"where_sighted_refs": only("identity", "location"),
	},
	"directory":   {"contains_refs": only("file", "directory")},
	"domain-name": {"resolves_to_refs": only("ipv4-addr", "ipv6-addr", "domain-name")},
	"email-addr":  {"belongs_to_ref": only("user-account")},
	"email-message": {
		"from_ref":                    only("email-addr"),
		"sender_ref":                  only("email-addr"),
		"to_refs":                     only("email-addr"),
		"cc_refs":                     only("email-addr"),
		"bcc_refs":                    only("email-addr"),
		"raw_email_ref":               only("artifact"),
		"body_multipart.body_raw_ref": only("artifact", "file"),
	},
	"file": {
		"parent_directory_ref":                 only("directory"),
		"content_ref":                          only("artifact"),
		"contains_refs":                        {kinds: []Kind{SCO, Custom}},
		"extensions.archive-ext.contains_refs": only("file", "directory"),
	},
	"ipv4-addr": {"resolves_to_refs": only("mac-addr"), "belongs_to_refs": only("autonomous-system")},
	"ipv6-addr": {"resolves_to_refs": only("mac-addr"), "belongs_to_refs": only("autonomous-system")},
	"network-traffic": {
		"src_ref":             address,
		"dst_ref":             address,
		"src_payload_ref":     only("artifact"),
		"dst_payload_ref":     only("artifact"),
		"encapsulates_refs":   only("network-traffic"),
		"encapsulated_by_ref": only("network-traffic"),
		"extensions.http-request-ext.message_body_data_ref": only("artifact"),
	},
	"process": {
		"opened_connection_refs": only("network-traffic"),
		"creator_user_ref":       only("user-account"),
		"image_ref":              only("file"),
		"parent_ref":             only("process"),
		"child_refs":             only("process"),
		"extensions.windows-service-ext.service_dll_refs": only("file"),
	},
	"windows-registry-key": {"creator_user_ref": only("user-account")},
	"incident": {
		"extensions." + IncidentExtension + ".impact_refs":                 only("impact"),
		"extensions." + IncidentExtension + ".events.event_ref":            only("event"),
		"extensions." + IncidentExtension + ".events.next_steps.event_ref": only("event"),
		"extensions." + IncidentExtension + ".tasks.task_ref":              only("task"),
		"extensions." + IncidentExtension + ".tasks.next_steps.task_ref":   only("task"),
	},
	"event": {
		"sighting_refs":                  only("sighting"),
		"subevents.event_ref":            only("event"),
		"subevents.next_steps.event_ref": only("event"),
		"changed_objects.initial_ref":    anyObject,
		"changed_objects.result_ref":     anyObject,
	},
	"impact": {
		"impacted_refs":     anyObject,
		"superseded_by_ref": only("impact"),
	},
	"task": {
		"subtasks.task_ref":            only("task"),
		"subtasks.next_steps.task_ref": only("task"),
		"changed_objects.initial_ref":  anyObject,
		"changed_objects.result_ref":   anyObject,
	},
}

// RefTargets returns what a reference property may point to; false where the
// tables know no such reference. prop is the path of property names from the
// object's top, joined by dots, list places left out: "created_by_ref",
// "granular_markings.marking_ref", "extensions.archive-ext.contains_refs".
func RefTargets(typ, prop string) (Targets, bool) {
	if t, ok := references[typ][prop]; ok {
		return t, true
	}
	t, ok := common[prop]
	return t, ok
}
