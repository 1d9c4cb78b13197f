package world

import (
	"fmt"
	"strconv"
	"strings"

	"isac/internal/disguise"
)

// Identifier is something by which the victim, or somebody else of the sector, would
// be known if it came out.
type Identifier struct {
	Kind  string
	Value string
	form  disguise.Kind
	// Alone says that neither the sector list nor anything else in the report has it:
	// nobody but the victim knows whose it is, and no search can.
	Alone bool
}

// private are the kinds that the sector list doesn't have.
var private = map[string]bool{
	"other host": true, "user": true, "staff": true, "staff latin": true, "contractor": true, "case": true, "mac": true, "patients": true, "folder": true, "beds": true,
}

// always are those of them that every report names.
var always = map[string]bool{"staff": true, "staff latin": true, "contractor": true, "case": true, "beds": true}

// Identifiers are all that are planted in the report of an incident, the forms that
// follow from them left to who searches.
func (w *World) Identifiers(in Incident) []Identifier {
	v, o := w.Members[in.Victim], w.Members[in.Other]
	var list []Identifier
	add := func(kind, value string, form disguise.Kind) {
		list = append(list, Identifier{kind, value, form, in.Terse && private[kind] && !always[kind]})
	}
	for _, n := range []struct{ kind, value string }{
		{"name", v.NameJA},
		{"legal name", v.LegalName},
		{"abbreviation", v.AbbrJA},
		{"municipality", v.Municipality},
		{"address", v.Address},
		{"staff", in.Staff.Kanji},
		{"contractor", v.Contractor},
		{"beds", v.Beds + "床"},
		{"patients", strconv.Itoa(in.Patients) + "人"},
		{"another's name", o.NameJA},
	} {
		add(n.kind, n.value, disguise.Japanese)
	}
	add("kana", v.NameKana, disguise.Kana)
	add("romaji", v.NameRomaji, disguise.Latin)
	add("staff latin", in.Staff.Latin, disguise.Latin)
	add("postal code", v.Postal, disguise.Postal)
	add("phone", v.Phone, disguise.Phone)
	add("fax", v.Fax, disguise.Phone)
	add("mail", v.Mail, disguise.Mail)
	add("staff mail", in.Mail, disguise.Mail)
	add("domain", v.Domain, disguise.Domain)
	add("another's domain", o.Domain, disguise.Domain)
	add("public address", inside(v.IPv4, 3), disguise.IPv4)
	add("inner address", in.IP, disguise.IPv4)
	add("another's address", inside(o.IPv4, 5), disguise.IPv4)
	add("address v6", inside(v.IPv6, 9), disguise.IPv6)
	for _, n := range []struct{ kind, value string }{
		{"host", in.Host},
		{"other host", in.Host2},
		{"another's host", o.Hosts[0]},
		{"user", in.User},
		{"case", in.Case},
		{"mac", in.MAC},
		{"id", v.ID},
		{"day", in.Day.Format("2006-01-02")},
		{"folder", in.Path},
	} {
		add(n.kind, n.value, disguise.Host)
	}
	if !strings.HasPrefix(v.Vendor, "(") {
		add("vendor", v.Vendor, disguise.Japanese)
	}
	if !strings.HasSuffix(v.Operator, v.ID) {
		add("operator", v.Operator, disguise.Host)
	}
	return list
}

// Planted are the values by which whoever knows the report searches: identifiers,
// and each disguised text as it stands.
func (w *World) Planted(in Incident) []Identifier {
	list := w.Identifiers(in)
	for _, e := range in.echoes {
		if e.text != e.identifier.Value {
			list = append(list, Identifier{Kind: "text", Value: e.text, Alone: e.identifier.Alone})
		}
	}
	return list
}

// String hides the value.
func (i Identifier) String() string { return fmt.Sprintf("a %s", i.Kind) }
