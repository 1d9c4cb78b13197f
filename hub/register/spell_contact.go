package register

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"isac/hub"
)

// contacts adds domain, mail, phone, fax and postal code.
func (s *speller) contacts(o *hub.Organisation) {
	s.domain(o, o.Domain)
	if _, host, ok := strings.Cut(o.Mail, "@"); ok {
		switch {
		case s.w.shared[strings.ToLower(host)]:
			s.add(kindMail, 5, Fold(o.Mail))
		case !underDomain(host, o.Domain): // else the domain's hit covers the mailbox
			s.domain(o, host)
		}
	}
	for _, number := range []string{o.Phone, o.Fax} {
		s.phone(number)
	}
	if area, local, ok := strings.Cut(o.Phone, "-"); ok && len(area) >= 2 {
		s.add(kindLocal, 7, digitsOf(local))
	}
	s.add(kindPostal, 7, digitsOf(o.Postal))
}

// domain adds a domain, its parents down to the registrable one, and the label
// that was registered.
func (s *speller) domain(o *hub.Organisation, domain string) {
	for d := strings.ToLower(domain); d != ""; {
		registrable, place := Registrable(d)
		switch {
		case s.w.shared[d]:
			return
		case place && d == registrable:
			s.add(kindZone, 5, Fold(d))
			return
		}
		s.add(kindDomain, 5, Fold(d))
		if d == registrable {
			s.label(o, d)
			return
		}
		_, d, _ = strings.Cut(d, ".")
	}
}

// label adds the label of a registrable domain. Where that doesn't tell by itself, the
// domain with its signs in words is a needle of its own.
func (s *speller) label(o *hub.Organisation, registrable string) {
	label, _, _ := strings.Cut(registrable, ".")
	f := Fold(label)
	shared := s.w.generic[f] || s.w.common[f]
	if !shared && len(f) >= 5 && s.tellsItself(o, label) {
		s.add(kindDomain, 5, f)
		return
	}
	for _, spoken := range spokenSigns(registrable) {
		s.add(kindDomain, 5, Fold(spoken))
	}
	if !shared {
		s.add(kindLabel, 5, f)
	}
}

// phone adds a number without its leading zero, which other notations drop
// (+81 11 …).
func (s *speller) phone(number string) {
	s.add(kindPhone, 8, strings.TrimPrefix(digitsOf(number), "0"))
}

// places adds prefecture, municipality and the levels of the address.
func (s *speller) places(o *hub.Organisation) {
	for _, p := range []string{o.Prefecture, o.Municipality} {
		folded := Fold(p)
		s.add(kindPlace, 2, folded)
		if bare := stem(folded); bare != folded {
			s.add(kindPlaceBare, 2, bare)
		}
	}
	address := norm.NFKC.String(o.Address)
	rest := strings.TrimPrefix(address, norm.NFKC.String(o.Prefecture))
	street, inTown := strings.CutPrefix(rest, norm.NFKC.String(o.Municipality))
	at := strings.IndexFunc(street, unicode.IsDigit)
	if at < 0 || !inTown {
		s.add(kindAddress, 6, Fold(address))
		return
	}
	town, number := Fold(street[:at]), strings.Split(street[at:], "-")
	s.add(kindAddress, 4, Fold(o.Municipality)+town)
	s.add(kindAddress, 4, town+Fold(street[at:]))
	if len(number) >= 2 && town != "" {
		s.add(kindAddress, 4, town+Fold(number[0])+"丁目"+Fold(number[1])+"番")
	}
}

// stem takes the ending off a place's name: 旭川 of 旭川市, 石川 of 石川県. 北海道
// and names of one character keep it.
func stem(place string) string {
	last, size := utf8.DecodeLastRuneInString(place)
	bare := place[:len(place)-size]
	if !strings.ContainsRune("都府県市区町村郡", last) || utf8.RuneCountInString(bare) < 2 {
		return place
	}
	return bare
}

// latin adds what is written in Latin letters, in the second folding.
func (s *speller) latin(o *hub.Organisation) {
	s.add(kindLatin, 8, romaji(o.NameRomaji))
	s.add(kindLatin, 8, romaji(readKana(o.NameKana)))
	s.cores(o)
	s.add(kindLatinPlace, 2, romaji(o.MunicipalEN))
	s.add(kindLatinPlace, 2, romaji(o.PrefectureEN))
}

// cores adds what names it in Latin letters, and as the list writes it once more:
// where it has grown together with other words, their letters may be read with its own.
func (s *speller) cores(o *hub.Organisation) {
	own := s.latinOwn(o.NameRomaji)
	core, written := romaji(own), Fold(own)
	place := core == romaji(o.MunicipalEN) || core == romaji(o.PrefectureEN)
	switch {
	case len(core) < 5:
		return
	case place || len(written) < grownLeast:
		s.add(kindCoreShort, 5, written)
	default:
		s.add(kindCore, 5, written)
	}
	if !place {
		s.add(kindLatinCore, 5, core)
	}
}

// latinOwn returns the words of a Latin name that are not shared by many.
func (s *speller) latinOwn(name string) string {
	var own []string
	for _, word := range strings.Fields(name) {
		if f := Fold(word); !s.w.generic[f] && !s.w.common[f] {
			own = append(own, word)
		}
	}
	return strings.Join(own, " ")
}

// private adds what only members have told: host names, the operator, networks, staff.
// Ranges are not text; they are looked up as numbers.
func (s *speller) private(o *hub.Organisation) {
	s.add(kindHost, 2, Fold(o.HostnamePrefix))
	s.networks(o)
	s.staff(o)
	if operator := Fold(o.Operator); !isCatalogueID(operator) {
		s.add(kindToken, 4, operator)
	}
}

// networks adds the numbers of an organisation's networks, as they are written.
func (s *speller) networks(o *hub.Organisation) {
	for _, n := range several(o.ASN) {
		n = strings.TrimPrefix(n, "AS")
		for _, before := range []string{"as", "asn", "autonomoussystem", "autonomoussystemnumber"} {
			s.add(kindToken, 3, before+n)
		}
	}
}

// staff adds the people that a member has named.
func (s *speller) staff(o *hub.Organisation) {
	for _, name := range several(o.Staff) {
		s.add(kindName, 3, Fold(name))
		if spelling := latinName(name); spelling != "" {
			s.add(kindLatin, 8, spelling)
		}
	}
}

// isCatalogueID tells codes of the shape of ATT&CK's (g0096, s0154, t1059): an
// operator with such a code would take a group's public id for its own.
func isCatalogueID(code string) bool {
	digits := strings.TrimLeft(code, "abcdefghijklmnopqrstuvwxyz")
	return len(code)-len(digits) == 1 && len(digits) == 4 && allDigits([]byte(digits))
}
