package hub

// Organisation is a row of the sector list. The public fields are known to
// anyone; the private ones are kept for members only.
type Organisation struct {
	ID           string // "SYN00001"
	NameJA       string
	NameKana     string
	NameHalfKana string
	NameRomaji   string
	LegalName    string
	AbbrJA       string
	AbbrEN       string
	Prefecture   string
	PrefectureEN string
	Region       string
	Municipality string
	MunicipalEN  string
	Owner        string
	OwnerClass   string
	OrgKind      string
	Beds         string // a count, as text
	Band         string
	Functions    []string
	Domain       string
	Mail         string
	Phone        string
	Fax          string
	Postal       string
	Address      string
	Vendor       string

	// The list may have these columns or not; "|" stands between several.
	FormerName      string
	InstitutionCode string // ten digits

	Member bool // has joined; only then are the following set

	IPv4           string // CIDR, public
	IPv4Private    string // CIDR
	IPv6           string // CIDR
	HostnamePrefix string
	Operator       string // the group that runs it
	ASN            string // numbers of its networks
	Staff          string // names that reports may hold
}

// Role is what a person may do at the hub.
type Role string

// Roles of people. A person belongs to exactly one organisation.
const (
	Reporter    Role = "reporter"
	Reader      Role = "reader"
	Analyst     Role = "analyst"
	Moderator   Role = "moderator"
	CaseOfficer Role = "case-officer"
	DutyOfficer Role = "duty-officer"
	Secretariat Role = "secretariat"
	Helper      Role = "helper"
	// RelayPartner is of an organisation outside of the sector, as Person.Partner says.
	RelayPartner Role = "partner"
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{Reporter, Reader, Analyst, Moderator, CaseOfficer, DutyOfficer, Secretariat, Helper, RelayPartner}
}

// Person is one human of the roster, who signs with a key of their own or with a
// passkey. No private half ever reaches the hub.
type Person struct {
	ID       string    `json:"id"`
	Org      string    `json:"org"` // Organisation.ID, or "hub" for the secretariat
	Roles    []Role    `json:"roles"`
	Key      []byte    `json:"key"` // Ed25519 public key, 32 bytes; none where only passkeys are used
	Passkeys []Passkey `json:"passkeys,omitempty"`
	Desk     string    `json:"desk,omitempty"` // of a helper, as the profile names it
	Partner  *Partner  `json:"partner,omitempty"`
}

// Passkey is the public half of a credential that a person's device made for the
// hub's web pages (W3C Web Authentication).
type Passkey struct {
	ID  []byte `json:"id"`
	Key []byte `json:"key"` // ECDSA P-256, 65 bytes from 4; or Ed25519, 32 bytes
	RP  string `json:"rp"`  // the hub's host for which it was made
}

// Has reports whether the person holds the role.
func (p Person) Has(r Role) bool {
	for _, have := range p.Roles {
		if have == r {
			return true
		}
	}
	return false
}

// String hides who it is, so that a person in a log line says nothing.
func (p Person) String() string { return "person" }

// String hides which organisation it is, so that a row in a log line says nothing.
func (o Organisation) String() string { return "organisation" }

// GoString hides which organisation it is in %#v too.
func (o Organisation) GoString() string { return "organisation" }
