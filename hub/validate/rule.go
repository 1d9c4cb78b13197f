package validate

import "isac/hub/stix"

// valueRules are shown every value of an object with its place. Each is cheap
// for what it isn't about.
var valueRules = []func(*subject, *place, any){
	emptyValue,
	propertyName,
	timestamp,
	reference,
	languageTag,
	webAddress,
}

// objectRules judge one object by its own properties. A schema has seen the object
// before, but nothing says that it was content.
var objectRules = []func(*subject){
	unknownProperties,
	identifier,
	specVersion,
	timeOrder,
	selectors,
	languageKeys,
	tlp,
	detectionPattern,
	observed,
	address,
	domainName,
	mailAddress,
	payload,
	charset,
	cpe,
}

// documentRules judge the objects of a document together.
var documentRules = []func(*document){
	markingCycle,
	versions,
}

// knownExtensions are the extension definitions whose content the hub knows.
var knownExtensions = map[string]bool{
	stix.IncidentExtension: true,
	stix.EventExtension:    true,
	stix.ImpactExtension:   true,
	stix.TaskExtension:     true,
	stix.TLPExtension:      true,
}
