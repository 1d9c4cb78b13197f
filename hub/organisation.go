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

	Member bool // has joined; only then are the following set

	IPv4           string // CIDR, public
	IPv4Private    string // CIDR
	IPv6           string // CIDR
	HostnamePrefix string
	Operator       string // the group that runs it
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
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{Reporter, Reader, Analyst, Moderator, CaseOfficer, DutyOfficer, Secretariat}
}

// Person is one human of the roster. Key is an Ed25519 public key, 32 bytes; its
// private half never reaches the hub.
type Person struct {
	ID    string `json:"id"`
	Org   string `json:"org"` // Organisation.ID, or "hub" for the secretariat
	Roles []Role `json:"roles"`
	Key   []byte `json:"key"`
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
