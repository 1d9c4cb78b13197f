package register

// kind says how a needle was derived, and with it what an occurrence must look
// like to count. An occurrence that counts has the class of its kind.
type kind uint8

const (
	kindName       kind = iota // a whole name; Latin ones between word ends
	kindShort                  // a short form of a name: needs context or to stand apart
	kindInitials               // Latin initials: in capitals and beside a context word
	kindToken                  // an id: between word ends
	kindDomain                 // a domain or its registrable label
	kindLabel                  // a label of a domain that may be an ordinary word: needs a domain around it
	kindZone                   // a domain that is itself a place (city.pref.jp)
	kindMail                   // a mailbox outside the domain
	kindPhone                  // digits without the leading zero
	kindLocal                  // a phone number without its area code
	kindPostal                 // seven digits
	kindCode                   // the ten digits of an institution
	kindAddress                // municipality and street, or street and number
	kindPlace                  // prefecture or municipality with its ending
	kindPlaceBare              // the same without: must stand apart
	kindVendor                 // a named supplier
	kindHost                   // a prefix of host names
	kindCore                   // what names it in Latin letters, long: also grown together with other words
	kindCoreShort              // the same, short or also a place: grown together with words that anybody adds
	kindValue                  // a value of the case's own needles
	kindLatin                  // a Latin spelling, folded by foldRomaji
	kindLatinCore              // what names it in a Latin spelling
	kindLatinPlace             // a place in Latin letters
	kinds
)

// The classes of hits.
const (
	Name    = "name"    // a name or id of an organisation of the sector
	Abbr    = "abbr"    // a short form of one
	Domain  = "domain"  // its web domain, a parent or a label
	Mail    = "mail"    // a mailbox of it
	Phone   = "phone"   // phone or fax, in any notation
	Postal  = "postal"  // postal code
	Address = "address" // street address or a part that names a street
	Place   = "place"   // prefecture or municipality
	Vendor  = "vendor"  // a named supplier of an organisation of the sector
	Range   = "range"   // an address or block in a member's ranges
	Host    = "host"    // a host name of a member
	Value   = "value"   // a value of the case's own needles
	Unread  = "unread"  // encoded deeper or larger than is looked into: take it as a hit
)

var classOf = [kinds]string{
	kindName: Name, kindShort: Abbr, kindInitials: Abbr, kindToken: Name, kindDomain: Domain, kindLabel: Domain,
	kindZone: Place, kindMail: Mail, kindPhone: Phone, kindLocal: Phone, kindPostal: Postal, kindCode: Name,
	kindAddress: Address, kindPlace: Place, kindPlaceBare: Place, kindVendor: Vendor, kindHost: Host,
	kindValue: Value, kindCore: Name, kindCoreShort: Name,
	kindLatin: Name, kindLatinCore: Name, kindLatinPlace: Place,
}

// needle is a folded text to look for.
type needle struct {
	text string
	kind kind
}
