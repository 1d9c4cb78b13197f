package analysis

import (
	"embed"
	"io/fs"
	"slices"
	"sync"

	"isac/hub"
	"isac/hub/profile"
)

//go:embed data/*.toml data/README.md
var files embed.FS

// Library is the sentences of the analysis. It is shared and read only. The head
// of each data file says how its sentences are written.
type Library struct {
	words      map[string]hub.Text
	techniques clauses
	tactics    clauses
	weaknesses clauses
	routes     clauses
	impacts    clauses
	kinds      []kind
	families   map[string]bool // in lower case: families that encrypt
	everywhere map[string]bool // products that nearly everybody has
	scenes     []scene
	exposures  []advice
	todo       []advice
	logs       []advice
	questions  []question
	sectors    map[string]sector
	from       fs.FS // to name the line of what is found wrong later
}

// clause is one thing that happened: a Japanese clause that ends in the plain past
// form, and an English one with its verb in brackets (see English).
type clause struct {
	ID     string `toml:"id"`
	JA     string `toml:"ja"`
	EN     string `toml:"en"`
	Tactic string `toml:"tactic"` // techniques: the column to tell it in, where ATT&CK has several
	Entry  bool   `toml:"entry"`  // weaknesses, impacts: part of how they got in or what it was: told in a flash too
	// ToldBy are techniques whose line says the same: with one of them it needs none.
	ToldBy []string `toml:"told_by"`
	Shared bool     `toml:"shared"` // routes: others of the sector have it too
	// Lets are the techniques that a weakness made possible, or that a route is.
	Lets []string `toml:"lets"`
	// TitleJA and TitleEN are routes in a few words, for the title.
	TitleJA string `toml:"title_ja"`
	TitleEN string `toml:"title_en"`
}

// clauses are the clauses of one file, in its order.
type clauses struct {
	list []clause
	byID map[string]int
}

func (c clauses) get(id string) (clause, bool) {
	i, ok := c.byID[id]
	if !ok {
		return clause{}, false
	}
	return c.list[i], true
}

// rank is the place of id in the file; what the file lacks comes last.
func (c clauses) rank(id string) int {
	if i, ok := c.byID[id]; ok {
		return i
	}
	return len(c.list)
}

// kind is what sort of attack it was, for the title. The first that fits is it.
type kind struct {
	ID      string   `toml:"id"`
	If      []string `toml:"if"`     // any of these facts
	With    []string `toml:"with"`   // and any of these, where there are some
	Unless  []string `toml:"unless"` // and none of these
	Beside  []string `toml:"beside"` // questions that such a case doesn't raise
	NoEntry bool     `toml:"no_entry"`
	JA      string   `toml:"ja"` // the title
	EN      string   `toml:"en"`
	// FactJA and FactEN are the clause of it; a whole sentence where If is empty.
	FactJA string `toml:"fact_ja"`
	FactEN string `toml:"fact_en"`
}

// scene is a sentence that needs several facts together. Of one group the first
// that fits is told.
type scene struct {
	ID       string         `toml:"id"`
	Section  string         `toml:"section"` // entry or impact
	Group    string         `toml:"group"`
	All      []string       `toml:"all"`
	Any      []string       `toml:"any"`
	Replaces []string       `toml:"replaces"` // facts that need no sentence of their own
	Lets     []string       `toml:"lets"`     // techniques to name
	Most     hub.Confidence `toml:"most"`     // never surer than this
	Plain    bool           `toml:"plain"`    // a whole sentence, not a clause
	JA       string         `toml:"ja"`
	EN       string         `toml:"en"`
	TitleJA  string         `toml:"title_ja"` // "委託事業者のVPN装置経由"
	TitleEN  string         `toml:"title_en"`
}

// advice is a condition, an action or a log search, and the facts it follows from.
type advice struct {
	ID         string   `toml:"id"`
	For        []string `toml:"for"`   // keys of facts: "route:phishing-mail", "technique:T1021" (with all below), "cve:*"
	Group      string   `toml:"group"` // of one group the first that fits is told
	Even       []string `toml:"even"`  // with one of these it is told beside the first
	When       string   `toml:"when"`
	Mitigation string   `toml:"mitigation"`
	Topic      string   `toml:"topic"`    // what checklists of sectors refer to
	Keep       bool     `toml:"keep"`     // never left out for brevity
	General    bool     `toml:"general"`  // fills up where the facts give too little
	Fallback   bool     `toml:"fallback"` // the same, where a fact of For is there
	Targets    bool     `toml:"targets"`  // name products and CVEs behind it
	JA         string   `toml:"ja"`
	EN         string   `toml:"en"`
}

// question is a closed question to the reporter.
type question struct {
	ID    string    `toml:"id"`
	Stage hub.Stage `toml:"stage"` // flash: asked at both stages
	JA    string    `toml:"ja"`
	EN    string    `toml:"en"`
	// SlotJA and SlotEN name what isn't known yet.
	SlotJA string `toml:"slot_ja"`
	SlotEN string `toml:"slot_en"`
}

// sector is what a profile's id adds in words.
type sector struct {
	Services    hub.Text    `toml:"services"`    // what the sector does for people
	Contractors hub.Text    `toml:"contractors"` // the fixed list of trades
	Checklist   []checkItem `toml:"checklist"`
}

type checkItem struct {
	ID     string   `toml:"id"`
	Name   hub.Text `toml:"name"` // in a word or two, behind an action
	JA     string   `toml:"ja"`
	EN     string   `toml:"en"`
	Topics []string `toml:"topics"`
}

var embedded = sync.OnceValue(func() *Library {
	lib, err := Load(builtIn())
	if err != nil {
		panic("analysis: " + err.Error())
	}
	return lib
})

func builtIn() fs.FS {
	sub, err := fs.Sub(files, "data")
	if err != nil {
		panic("analysis: data is not embedded")
	}
	return sub
}

// Default returns the library that is part of the program.
func Default() *Library { return embedded() }

// Kind is how a kind of indicator is called.
func (lib *Library) Kind(k hub.Kind) (hub.Text, bool) {
	t, ok := lib.words["kind."+string(k)]
	return t, ok
}

// HasAction reports whether there is an action with an id.
func (lib *Library) HasAction(id string) bool {
	return slices.ContainsFunc(lib.todo, func(a advice) bool { return a.ID == id })
}

// SectorWords are what a sector does for people, and the trades of its contractors.
func (lib *Library) SectorWords(p *profile.Profile) (services, contractors hub.Text) {
	s := lib.sector(p)
	return s.Services, s.Contractors
}
