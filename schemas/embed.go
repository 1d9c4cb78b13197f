// Package schemas holds the hub's JSON Schemas (draft 2020-12): STIX 2.1 written
// from the specification, one file per type, laid out in the folders common,
// observables, sdos and sros; the extensions that the hub understands, in
// extensions; and the profile that every released alert keeps to, in alert.
//
// Every file has a stable $id below https://isac.invalid/, a name that can never
// be fetched: references are resolved among the embedded files alone. The schemas
// say what JSON Schema says well (which properties, of which shape, needed when);
// what it cannot say is a rule of hub/validate.
//
//	data, err := schemas.FS.ReadFile("sdos/indicator.json")
package schemas

import "embed"

// FS holds the schema files by path: "sdos/indicator.json".
//
//go:embed common observables sdos sros extensions alert
var FS embed.FS
