package validate_test

var (
	v1      = sdo("campaign", `"name":"autumn tide"`)
	v2      = `{"type":"campaign","spec_version":"2.1","id":"campaign--` + u1 + `","created":"2029-03-04T05:06:07.008Z","modified":"2029-03-06T05:06:07.008Z","name":"autumn tide"`
	marking = `{"type":"marking-definition","spec_version":"2.1","created":"2029-03-04T05:06:07.008Z","definition_type":"statement","definition":{"statement":"x"}`
)

// bundleCases are about bundles and about objects beside each other.
var bundleCases = []change{
	{"a bundle with everything", "bundle", `{"objects":[` + bases["location"] + `,` + bases["incident"] + `,` + bases["grouping"] + `,` + bases["note"] + `,` + bases["opinion"] + `,` + bases["extension-definition"] + `,` + bases["custom-sdo"] + `,` + bases["tlp1"] + `,` + bases["language-content"] + `]}`, ""},
	{"a bundle without an id", "bundle", `{"id":null}`, " schema-required"},
	{"a bundle with an id of another type", "bundle", `{"id":"report--` + u1 + `"}`, "/id schema-pattern"},
	{"a bundle with an empty list", "bundle", `{"objects":[]}`, "/objects empty-list"},
	{"a bundle with one object instead of a list", "bundle", `{"objects":` + v1 + `}`, "/objects schema-type"},
	{"a bundle with a text among its objects", "bundle", `{"objects":[` + v1 + `,"tide"]}`, "/objects/1 bundle-entry"},
	{"a bundle in a bundle", "bundle", `{"objects":[{"type":"bundle","id":"bundle--` + u2 + `"}]}`, "/objects/0 bundle-in-bundle"},
	{"a bundle with a version, as in 2.0", "bundle", `{"spec_version":"2.1"}`, "/spec_version property-unknown"},
	{"a bundle with an unknown property", "bundle", `{"tide":"low"}`, "/tide property-unknown"},
	{"a bundle with a custom property", "bundle", `{"x_tide":"low"}`, ""},
	{"a bundle with null", "bundle", `{"x_tide":"NULL"}`, "/x_tide null"},
	{
		"a fault in the eleventh object comes after one in the third", "bundle", `{"objects":[` + v1 + `,` + v1 + `,{"type":"tool"},` + v1 + `,` + v1 + `,` + v1 + `,` + v1 + `,` + v1 + `,` + v1 + `,` + v1 + `,{"id":"x"}]}`,
		"/objects/2 schema-required; /objects/2 schema-required; /objects/2 schema-required; /objects/2 schema-required; /objects/2 schema-required; /objects/10 type-missing",
	},
	{"the same version twice", "bundle", `{"objects":[` + v1 + `,` + v1 + `]}`, ""},
	{"two versions", "bundle", `{"objects":[` + v1 + `,` + v2 + `}]}`, ""},
	{"one version with two contents", "bundle", `{"objects":[` + v2 + `,"objective":"salt"},` + v2 + `}]}`, "/objects/1 version-content"},
	{"a version by another creator", "bundle", `{"objects":[` + v1 + `,` + v2 + `,"created_by_ref":"identity--` + u2 + `"}]}`, "/objects/1 version-creator"},
	{"a version after the revocation", "bundle", `{"objects":[` + sdo("campaign", `"name":"autumn tide","revoked":true`) + `,` + v2 + `}]}`, "/objects/1 version-revoked"},
	{"a revocation as the last version", "bundle", `{"objects":[` + v2 + `,"revoked":true},` + v1 + `]}`, ""},
	{"a version created at another time", "bundle", `{"objects":[` + v1 + `,{"type":"campaign","spec_version":"2.1","id":"campaign--` + u1 + `","created":"2029-03-04T05:06:07.009Z","modified":"2029-03-06T05:06:07.008Z","name":"autumn tide"}]}`, "/objects/1/created version-created"},
	{
		"two markings that mark each other", "bundle", `{"objects":[` + marking + `,"id":"marking-definition--` + u1 + `","object_marking_refs":["marking-definition--` + u2 + `"]},` + marking + `,"id":"marking-definition--` + u2 + `","granular_markings":[{"selectors":["definition"],"marking_ref":"marking-definition--` + u1 + `"}]}]}`,
		"/objects/0 marking-cycle; /objects/1 marking-cycle",
	},
	{"a chain of three markings", "bundle", `{"objects":[` + marking + `,"id":"marking-definition--` + u1 + `","object_marking_refs":["marking-definition--` + u2 + `","marking-definition--` + u3 + `"]},` + marking + `,"id":"marking-definition--` + u2 + `","object_marking_refs":["marking-definition--` + u3 + `"]},` + marking + `,"id":"marking-definition--` + u3 + `"}]}`, ""},
	{"a reference to nothing in the bundle", "bundle", `{"objects":[` + bases["relationship"] + `]}`, ""},
	{"a document of another kind", "", `{"type":"x-tide","id":"x-tide--` + u1 + `","height":1}`, ""},
}
