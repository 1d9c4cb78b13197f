package attack

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/cells"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/internal/attack/world"
)

// siegeOf attacks a small sector in which only some kinds of identifiers are hidden
// in attackers' things.
func siegeOf(t *testing.T, incidents, members int, only []string, m func(w *world.World) *Mutant) *siege {
	t.Helper()
	w, err := world.New(world.Options{Organisations: members, Members: members, Incidents: incidents, PerYear: 4, Seed: 21, Only: only})
	if err != nil {
		t.Fatal(err)
	}
	s := &siege{w: w, facts: newTally(), progress: func(int) {}}
	s.path, err = newPath(w, m(w))
	if err == nil {
		err = s.run(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// unraced leaves a test of many runs to a run without the race detector, with which it
// takes minutes and finds nothing more: .ci/run has both.
func unraced(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("takes minutes with the race detector; .ci/run has a step without it, and go test ./... too")
	}
}

// needleClasses are the kinds of identifiers that protect each other, and what of the
// sector list tells them.
var needleClasses = []struct {
	name  string
	kinds []string
	hide  func(o *hub.Organisation)
}{
	{"names", []string{"name", "kana", "romaji", "legal name", "abbreviation", "another's name"}, hideNames},
	{"names and domains", []string{"name", "kana", "romaji", "legal name", "abbreviation", "domain", "mail", "staff mail", "another's domain"}, func(o *hub.Organisation) {
		hideNames(o)
		o.Domain, o.Mail = "", ""
	}},
	{"phones", []string{"phone", "fax"}, func(o *hub.Organisation) { o.Phone, o.Fax = "", "" }},
	{"places", []string{"municipality", "address", "postal code"}, func(o *hub.Organisation) {
		o.Municipality, o.MunicipalEN, o.Address, o.Postal = "", "", "", ""
	}},
	{"ranges", []string{"public address", "inner address", "address v6", "another's address"}, func(o *hub.Organisation) {
		o.IPv4, o.IPv4Private, o.IPv6 = "", "", ""
	}},
	{"hosts", []string{"host", "another's host"}, func(o *hub.Organisation) { o.HostnamePrefix = "" }},
	{"vendors", []string{"vendor"}, func(o *hub.Organisation) { o.Vendor = "" }},
	{"operators", []string{"operator"}, func(o *hub.Organisation) { o.Operator = "" }},
	{"other hosts", []string{"other host"}, nil},
	{"users", []string{"user", "folder", "staff mail"}, nil},
	{"staff", []string{"staff", "staff latin"}, nil},
	{"contractors", []string{"contractor"}, nil},
	{"cases", []string{"case"}, nil},
	{"patients", []string{"patients"}, nil},
}

func hideNames(o *hub.Organisation) {
	o.NameJA, o.LegalName, o.NameRomaji = "甲乙"+o.ID+"館", "甲乙"+o.ID+"館", "Kan "+o.ID
	o.NameKana, o.NameHalfKana, o.AbbrJA, o.AbbrEN = "", "", "", ""
}

// TestEachNeedleMatters: a hub that looks for all but one kind of identifier, on both
// sides, lets one of that kind out. (TestNobodyIsFound: the hub as it is doesn't.)
func TestEachNeedleMatters(t *testing.T) {
	unraced(t)
	for _, c := range needleClasses {
		t.Run(c.name, func(t *testing.T) {
			s := siegeOf(t, 12, 40, c.kinds, func(w *world.World) *Mutant {
				return &Mutant{Name: "without " + c.name, Organisation: c.hide, Blind: blindTo(w, c.kinds)}
			})
			if row := (&judge{siege: s}).direct()[0]; row.Verdict != Fails {
				t.Errorf("a hub without %s isn't noticed", c.name)
			}
		})
	}
}

// blindTo is blind to needles of some kinds in the reports of a world, and to numbers
// in them.
func blindTo(w *world.World, kinds []string) func(string) bool {
	var values []string
	for _, in := range w.Incidents {
		for _, p := range w.Planted(in) {
			if !slices.Contains(kinds, p.Kind) {
				continue
			}
			values = append(values, register.Fold(p.Value))
			if digits := strings.Map(onlyDigits, p.Value); len(digits) >= 4 {
				values = append(values, digits, digits[1:])
			}
		}
	}
	return func(folded string) bool {
		return slices.ContainsFunc(values, func(v string) bool {
			return strings.Contains(v, folded) || len(v) >= 4 && strings.Contains(folded, v)
		})
	}
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// TestEachRowMatters: a row of the policy that reads prose as nothing loses facts. (One
// that is too open can't let anything out by itself: the table says what is read, and
// what is read is searched for.)
func TestEachRowMatters(t *testing.T) {
	unraced(t)
	change := func(typ, property string, h anonymize.Handling) func(*world.World) *Mutant {
		return func(*world.World) *Mutant {
			return &Mutant{Name: fmt.Sprint(typ, ".", property, " ", h), Policy: func(r anonymize.Row) anonymize.Row {
				if r.Type == typ && r.Property == property {
					r.Handling = h
				}
				return r
			}}
		}
	}
	read := func(s *siege) (n int) {
		for class, k := range s.facts.of {
			if strings.HasPrefix(class, "sentences.") && class != "sentences.silent" {
				n += k.have
			}
		}
		return n
	}
	whole := read(siegeOf(t, 16, 40, nil, func(*world.World) *Mutant { return nil }))
	for _, row := range [][2]string{{"incident", "description"}, {"note", "content"}} {
		if n := read(siegeOf(t, 16, 40, nil, change(row[0], row[1], anonymize.Drop))); n >= whole {
			t.Errorf("%s isn't read, and nobody notices: %d of %d", row, n, whole)
		}
	}
}

// TestTheCellMatters: a hub that tells of each victim the most that the sector list
// has, instead of a cell, is caught by whoever knows the rule.
func TestTheCellMatters(t *testing.T) {
	unraced(t)
	most := func(now []cells.Member, id string) string {
		groups := map[string]string{}
		for _, m := range now {
			for attribute, levels := range m.Groups {
				if m.ID == id && len(levels) > 0 && levels[len(levels)-1] != "" {
					groups[attribute] = levels[len(levels)-1]
				}
			}
		}
		return profile.HealthcareJP().Describe(groups)
	}
	find := func(m *Mutant) Row {
		s := siegeOf(t, 60, 120, nil, func(*world.World) *Mutant { return m })
		j := &judge{siege: s, sector: s.public(), dice: rand.New(rand.NewPCG(1, 1))}
		for _, row := range j.unaided() {
			if row.Name == "minimality.cell" {
				return row
			}
		}
		return Row{}
	}
	if row := find(nil); row.Tries == 0 || row.Verdict == Fails {
		t.Errorf("the hub as it is: %+v", row)
	}
	if row := find(&Mutant{Name: "the most that can be said", Cell: most}); row.Verdict != Fails {
		t.Errorf("nobody notices that more is said than a cell: %+v", row)
	}
}

// TestTheListMatters: a hub that names every product, however few members show it,
// gives more to whoever scans the internet than it may; the hub as it is doesn't.
func TestTheListMatters(t *testing.T) {
	unraced(t)
	added := func(m *Mutant) Row {
		s := siegeOf(t, 120, 150, []string{"case"}, func(*world.World) *Mutant { return m })
		for _, row := range (&judge{siege: s, sector: s.public()}).aided() {
			if row.Name == "scan" {
				return row
			}
		}
		return Row{}
	}
	if row := added(nil); row.Tries == 0 || row.Rate > gain {
		t.Errorf("the hub as it is: %+v", row)
	}
	if row := added(&Mutant{Name: "every product named", Named: true}); row.Rate <= gain {
		t.Errorf("nobody notices that rare products are named: %+v", row)
	}
}
