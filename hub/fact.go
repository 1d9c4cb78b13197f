package hub

// Class says what kind of thing a fact states. The set is closed.
type Class string

// The classes of facts. Value has the form given behind each.
const (
	Technique Class = "technique" // ATT&CK id, "T1021.001"
	Family    Class = "family"    // canonical malware family name, "LockBit"
	Group     Class = "group"     // canonical threat group name
	Tool      Class = "tool"      // canonical tool name, "Mimikatz"
	CVE       Class = "cve"       // "CVE-2018-13379"
	Product   Class = "product"   // id of a product family, "fortinet-fortios"
	Route     Class = "route"     // id of an entry route, "contractor-link"
	Weakness  Class = "weakness"  // id of a weakness, "shared-admin-password"
	Impact    Class = "impact"    // id of an impact class, "files-encrypted"
	Indicator Class = "indicator" // attacker-side observable; Kind says which
	Quarter   Class = "quarter"   // "2022-Q4", of the incident, coarsened
	Cell      Class = "cell"      // of members, one of which is the victim: "region=west+size=from-200"
)

// Classes lists all classes in the order in which people read them.
func Classes() []Class {
	return []Class{Route, Weakness, Technique, CVE, Product, Family, Group, Tool, Impact, Indicator, Quarter, Cell}
}

// Kind says what an indicator is. The names are STIX object paths, so that a
// pattern can be written from them: [ipv4-addr:value = '…'].
type Kind string

// The kinds of indicators.
const (
	IPv4          Kind = "ipv4-addr:value"
	IPv6          Kind = "ipv6-addr:value"
	Domain        Kind = "domain-name:value"
	URL           Kind = "url:value"
	Mail          Kind = "email-addr:value"
	MailSubject   Kind = "email-message:subject"
	MD5           Kind = "file:hashes.MD5"
	SHA1          Kind = "file:hashes.'SHA-1'"
	SHA256        Kind = "file:hashes.'SHA-256'"
	SHA512        Kind = "file:hashes.'SHA-512'"
	SSDEEP        Kind = "file:hashes.SSDEEP"
	TLSH          Kind = "file:hashes.TLSH"
	FileName      Kind = "file:name"
	FilePath      Kind = "directory:path"
	CommandLine   Kind = "process:command_line"
	RegistryKey   Kind = "windows-registry-key:key"
	RegistryValue Kind = "windows-registry-key:values[*].data"
	Service       Kind = "process:extensions.'windows-service-ext'.service_name"
	Mutex         Kind = "mutex:name"
	UserAgent     Kind = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
	CertSHA256    Kind = "x509-certificate:hashes.'SHA-256'"
	CertSHA1      Kind = "x509-certificate:hashes.'SHA-1'"
	CertSerial    Kind = "x509-certificate:serial_number"
	AS            Kind = "autonomous-system:number"
	Pattern       Kind = "pattern" // a rewritten STIX pattern with more than one comparison
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{
		IPv4, IPv6, Domain, URL, Mail, MailSubject, MD5, SHA1, SHA256, SHA512, SSDEEP, TLSH,
		FileName, FilePath, CommandLine, RegistryKey, RegistryValue, Service, Mutex, UserAgent, CertSHA256, CertSHA1, CertSerial, AS, Pattern,
	}
}

// Confidence is how sure the report is of a fact.
type Confidence string

// Confidence levels, from sure to not known. STIX confidence: 85, 60, 30, absent.
const (
	Confirmed Confidence = "confirmed"
	Likely    Confidence = "likely"
	Possible  Confidence = "possible"
	Unknown   Confidence = "unknown"
)

// Score returns the STIX confidence (0-100) of c; 0 means that none is stated.
func (c Confidence) Score() int {
	switch c {
	case Confirmed:
		return 85
	case Likely:
		return 60
	case Possible:
		return 30
	}
	return 0
}

// Source says by class where a fact was learnt; never the place in the report.
type Source string

// Sources of facts.
const (
	FromObject  Source = "object"  // a structured STIX object or property
	FromPattern Source = "pattern" // a STIX pattern
	FromProse   Source = "prose"   // a sentence, by closed vocabulary
	FromMembers Source = "members" // not the report but who the members are: the cell
)

// Fact is one thing learnt from a report: a value of a closed vocabulary or a
// checked attacker-side value. A fact holds nothing of the victim.
type Fact struct {
	Class      Class      `json:"class"`
	Kind       Kind       `json:"kind,omitempty"` // indicators only
	Value      string     `json:"value"`
	Confidence Confidence `json:"confidence"`
	Source     Source     `json:"source"`
	Step       int        `json:"step,omitempty"`      // place in the order of the attack, from 1; 0 is unordered
	Single     bool       `json:"single,omitempty"`    // maybe made for this victim: needs a reviewer's yes
	Confirmed  bool       `json:"confirmed,omitempty"` // the reporter confirmed it, or a structured object stated it
}

// Key names the fact whatever its confidence and source: "class:value", with the
// kind between them for indicators.
func (f Fact) Key() string {
	if f.Class == Indicator {
		return string(f.Class) + ":" + string(f.Kind) + ":" + f.Value
	}
	return string(f.Class) + ":" + f.Value
}
