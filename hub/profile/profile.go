// Package profile holds what differs from sector to sector: the words for its
// organisations, the k of its counts, its clocks, the facts that outsiders can
// see, and the vocabulary that only this sector needs. The code knows no sector.
//
// A profile is one strict TOML file: an unknown key is an error. The comments of
// the struct fields here are its manual; healthcare-jp.toml is the example. A
// profile is the operator's and is trusted, but checked.
//
//	p := profile.HealthcareJP()
//	fmt.Println(p.ID, p.Noun.JA, p.K) // healthcare-jp 病院 10
package profile

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"isac/hub"
)

// Consent is how a member agrees to the release of its attack facts.
type Consent string

// Standing consent is given at joining and covers attack facts as a flash; ask
// means that every draft waits for a yes. Silence is never one.
const (
	Standing Consent = "standing"
	Ask      Consent = "ask"
)

// Profile is one sector.
type Profile struct {
	// ID names the profile: lower case letters, digits and hyphens.
	ID string `toml:"id"`
	// Version rises with every change of the file.
	Version int `toml:"version"`
	// Noun is one organisation of the sector: 病院, hospital.
	Noun hub.Text `toml:"noun"`
	// Plural is several of them: 病院, hospitals.
	Plural hub.Text `toml:"plural"`
	// Sector is the sector itself: 医療, health care.
	Sector hub.Text `toml:"sector"`
	// K is the least number of members in anything that is counted or described.
	K int `toml:"k"`
	// Spread is the least number of prefectures in a cell.
	Spread int `toml:"spread"`
	// Attributes are what a cell may say of its members. None means no cells.
	Attributes []Attribute `toml:"attributes"`
	// Clear proposes, where a reporter is asked, that everybody may read the flash in an
	// edition of its own, TLP:CLEAR. The reporter may refuse it.
	Clear bool `toml:"clear"`
	// TLP is the label of an alert for which nothing else was chosen.
	TLP hub.TLP `toml:"tlp"`
	// Consent is the mode of a member that chose none: "standing" or "ask".
	Consent Consent `toml:"consent"`
	// Telephone is the secretariat's number, shown where pages can't help; "" for none.
	Telephone string `toml:"telephone"`
	// Desks are who is called for help, by the size of the member; without any the
	// secretariat is.
	Desks []Desk `toml:"desks"`
	// Updates are how released indicators follow answers and age.
	Updates Updates `toml:"updates"`
	// Campaigns are when several alerts should have one of their own.
	Campaigns Campaigns `toml:"campaigns"`
	// Clocks are the times of a case.
	Clocks Clocks `toml:"clocks"`
	// Notices are when people are told of alerts.
	Notices Notices `toml:"notices"`
	// Outside are the facts that somebody outside could see or read in the news,
	// as keys of facts: "impact:paper-operation", or "product:*" for a whole class.
	// An alert with one of them names no cell.
	Outside []string `toml:"outside"`
	// Exposed are the products that a scan of the internet finds, and how many show them.
	Exposed Exposed `toml:"exposed"`
	// Marks are words in a name that say "an organisation of this sector".
	Marks []string `toml:"marks"`
	// Titles stand behind the names of its people: 院長. Those of any office are known.
	Titles []string `toml:"titles"`
	// Units tell how large an organisation is, each by all words for it: 床, beds.
	Units [][]string `toml:"units"`
	// Routes, Weaknesses, Impacts and Products are added to the base vocabulary.
	Routes     []Entry `toml:"routes"`
	Weaknesses []Entry `toml:"weaknesses"`
	Impacts    []Entry `toml:"impacts"`
	Products   []Entry `toml:"products"`
}

// Entry is one value of a closed vocabulary and the words by which prose states it.
type Entry struct {
	// ID is the value of the fact: lower case letters, digits and hyphens.
	ID string `toml:"id"`
	// Label is what people read.
	Label hub.Text `toml:"label"`
	// JA and EN are match patterns: "a|b + c" finds a sentence with a or b, and c
	// near it, in any order; "a|b > c" wants c behind. A "*" at the end of an English word leaves its ending
	// open. "@name" stands for a word list of the vocabulary.
	JA []string `toml:"ja"`
	EN []string `toml:"en"`
	// Both are patterns of word lists alone, which hold in either language.
	Both []string `toml:"both"`
	// Implies are facts ("technique:T1133") that the same words state as well.
	Implies []string `toml:"implies"`
	// Doubt is the value that is stated instead where the prose isn't sure:
	// "leak-suspected" for "leak-confirmed".
	Doubt string `toml:"doubt"`
	// States says that the patterns already hold their negation ("is not
	// confirmed"), so that the negation in them is the fact and not its denial.
	States bool `toml:"states"`
	// Own says that what the words tell may be the deed of the victim's own people, who
	// were led to it: the opening of an attachment.
	Own bool `toml:"own"`
	// Yields are facts that say better what the words mean: where the sentence
	// states one of them, the entry isn't stated.
	Yields []string `toml:"yields"`
}

//go:embed *.toml
var files embed.FS

var (
	healthcareJP      = sync.OnceValue(func() *Profile { return embedded("healthcare-jp.toml") })
	localGovernmentJP = sync.OnceValue(func() *Profile { return embedded("local-government-jp.toml") })
)

// HealthcareJP returns the profile of Japanese health care. It is shared: read only.
func HealthcareJP() *Profile { return healthcareJP() }

// LocalGovernmentJP returns the profile of Japanese municipalities. It is shared:
// read only.
func LocalGovernmentJP() *Profile { return localGovernmentJP() }

// embedded loads a file that is part of the program; a test loads each.
func embedded(name string) *Profile {
	data, err := files.ReadFile(name)
	if err != nil {
		panic("profile: " + name + " is not embedded")
	}
	p, err := Load(data)
	if err != nil {
		panic("profile: " + name + ": " + err.Error())
	}
	return p
}

// Load reads a profile from TOML. Its error names the key at fault.
func Load(data []byte) (*Profile, error) {
	var p Profile
	meta, err := toml.Decode(string(data), &p)
	if err != nil {
		return nil, fmt.Errorf("reading profile: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("reading profile: unknown key %s", unknown[0])
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("reading profile: %w", err)
	}
	return &p, nil
}

// IsOutside reports whether somebody outside could see the fact.
func (p *Profile) IsOutside(f hub.Fact) bool {
	return slices.Contains(p.Outside, f.Key()) || slices.Contains(p.Outside, string(f.Class)+":*")
}

// Entries returns what the profile adds to the vocabulary of a class.
func (p *Profile) Entries(c hub.Class) []Entry {
	switch c {
	case hub.Route:
		return p.Routes
	case hub.Weakness:
		return p.Weaknesses
	case hub.Impact:
		return p.Impacts
	case hub.Product:
		return p.Products
	}
	return nil
}

// check returns the first thing wrong with p.
func (p *Profile) check() error {
	switch {
	case !isID(p.ID):
		return fmt.Errorf("id: want lower case letters, digits and hyphens")
	case p.Version < 1:
		return fmt.Errorf("version: want 1 or more")
	case p.K < 2:
		return fmt.Errorf("k: want 2 or more")
	case p.Spread < 1:
		return fmt.Errorf("spread: want 1 or more")
	case p.Consent != Standing && p.Consent != Ask:
		return fmt.Errorf("consent: want standing or ask")
	case !slices.Contains([]hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed}, p.TLP):
		return fmt.Errorf("tlp: want clear, green, amber, amber-strict or red")
	}
	for key, text := range map[string]hub.Text{"noun": p.Noun, "plural": p.Plural, "sector": p.Sector} {
		if text.JA == "" || text.EN == "" {
			return fmt.Errorf("%s: want both languages", key)
		}
	}
	for _, unit := range p.Units {
		if len(unit) == 0 || slices.Contains(unit, "") {
			return fmt.Errorf("units: want words in each")
		}
	}
	for _, key := range p.Outside {
		class, value, ok := strings.Cut(key, ":")
		if !ok || value == "" || !slices.Contains(hub.Classes(), hub.Class(class)) {
			return fmt.Errorf("outside: want class:value, have %q", key)
		}
	}
	if err := p.checkEntries(); err != nil {
		return err
	}
	if err := p.checkAttributes(); err != nil {
		return err
	}
	if err := p.checkExposed(); err != nil {
		return err
	}
	if err := p.checkDesks(); err != nil {
		return err
	}
	if err := p.Updates.check(); err != nil {
		return err
	}
	if err := p.Campaigns.check(); err != nil {
		return err
	}
	if err := p.Notices.check(); err != nil {
		return err
	}
	return p.Clocks.check()
}

func (p *Profile) checkEntries() error {
	for _, class := range hub.Classes() {
		seen := map[string]bool{}
		for _, e := range p.Entries(class) {
			switch {
			case !isID(e.ID):
				return fmt.Errorf("%s %q: want lower case letters, digits and hyphens", class, e.ID)
			case seen[e.ID]:
				return fmt.Errorf("%s %q: twice", class, e.ID)
			case e.Label.JA == "" || e.Label.EN == "":
				return fmt.Errorf("%s %q: want a label in both languages", class, e.ID)
			}
			seen[e.ID] = true
		}
	}
	return nil
}

func isID(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
