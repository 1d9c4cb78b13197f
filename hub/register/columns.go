package register

import (
	"strings"

	"isac/hub"
)

// column is one column of the list: its name, how a cell is checked and where it
// goes. A private column is kept for members only.
type column struct {
	name    string
	check   func(cell string) string // rule broken, or ""
	set     func(o *hub.Organisation, cell string)
	get     func(o *hub.Organisation) string
	private bool
	extra   bool // a list may be without it
}

// columns is the list's format, in the order in which Write writes it.
var columns = []column{
	text("id", func(o *hub.Organisation) *string { return &o.ID }).checked(isID),
	{name: "synthetic", check: isText, set: func(*hub.Organisation, string) {}, get: func(*hub.Organisation) string { return "" }},
	text("name_ja", func(o *hub.Organisation) *string { return &o.NameJA }).checked(isName),
	text("name_kana", func(o *hub.Organisation) *string { return &o.NameKana }),
	text("name_halfkana", func(o *hub.Organisation) *string { return &o.NameHalfKana }),
	text("name_romaji", func(o *hub.Organisation) *string { return &o.NameRomaji }),
	text("legal_name", func(o *hub.Organisation) *string { return &o.LegalName }),
	text("abbr_ja", func(o *hub.Organisation) *string { return &o.AbbrJA }),
	text("abbr_en", func(o *hub.Organisation) *string { return &o.AbbrEN }),
	text("prefecture", func(o *hub.Organisation) *string { return &o.Prefecture }),
	text("prefecture_en", func(o *hub.Organisation) *string { return &o.PrefectureEN }),
	text("region", func(o *hub.Organisation) *string { return &o.Region }),
	text("municipality", func(o *hub.Organisation) *string { return &o.Municipality }),
	text("municipality_en", func(o *hub.Organisation) *string { return &o.MunicipalEN }),
	text("owner", func(o *hub.Organisation) *string { return &o.Owner }),
	text("owner_class", func(o *hub.Organisation) *string { return &o.OwnerClass }),
	text("kind", func(o *hub.Organisation) *string { return &o.OrgKind }),
	text("beds", func(o *hub.Organisation) *string { return &o.Beds }).checked(isCount),
	text("band", func(o *hub.Organisation) *string { return &o.Band }),
	{name: "functions", check: isText, set: setFunctions, get: func(o *hub.Organisation) string { return strings.Join(o.Functions, "|") }},
	text("domain", func(o *hub.Organisation) *string { return &o.Domain }).checked(isDomain),
	text("mail", func(o *hub.Organisation) *string { return &o.Mail }).checked(isMail),
	text("phone", func(o *hub.Organisation) *string { return &o.Phone }).checked(isPhone),
	text("fax", func(o *hub.Organisation) *string { return &o.Fax }).checked(isPhone),
	text("postal", func(o *hub.Organisation) *string { return &o.Postal }).checked(isPostal),
	text("address", func(o *hub.Organisation) *string { return &o.Address }),
	text("ipv4", func(o *hub.Organisation) *string { return &o.IPv4 }).checked(isRangeV4).kept(),
	text("ipv4_private", func(o *hub.Organisation) *string { return &o.IPv4Private }).checked(isRangeV4).kept(),
	text("ipv6", func(o *hub.Organisation) *string { return &o.IPv6 }).checked(isRangeV6).kept(),
	text("hostname_prefix", func(o *hub.Organisation) *string { return &o.HostnamePrefix }).checked(isHostPrefix).kept(),
	text("vendor", func(o *hub.Organisation) *string { return &o.Vendor }),
	text("operator", func(o *hub.Organisation) *string { return &o.Operator }).kept(),
	{name: "member", check: isYesNo, set: func(o *hub.Organisation, s string) { o.Member = s == "yes" }, get: yesNo},
	text("former_name", func(o *hub.Organisation) *string { return &o.FormerName }).checked(isFew).optional(),
	text("institution_code", func(o *hub.Organisation) *string { return &o.InstitutionCode }).checked(isInstitution).optional(),
	text("asn", func(o *hub.Organisation) *string { return &o.ASN }).checked(isASN).kept().optional(),
	text("staff", func(o *hub.Organisation) *string { return &o.Staff }).checked(isFew).kept().optional(),
}

func text(name string, field func(*hub.Organisation) *string) column {
	return column{
		name:  name,
		check: isText,
		set:   func(o *hub.Organisation, cell string) { *field(o) = cell },
		get:   func(o *hub.Organisation) string { return *field(o) },
	}
}

func (c column) checked(check func(string) string) column {
	c.check = check
	return c
}

func (c column) kept() column {
	c.private = true
	return c
}

func (c column) optional() column {
	c.extra = true
	return c
}

func columnNames() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

func setFunctions(o *hub.Organisation, cell string) {
	if cell != "" {
		o.Functions = strings.Split(cell, "|")
	}
}

func yesNo(o *hub.Organisation) string {
	if o.Member {
		return "yes"
	}
	return "no"
}
