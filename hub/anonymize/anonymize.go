// Package anonymize makes a draft without a name from a report with one. It is the
// third stage and the heart of the hub.
//
// It rebuilds and never redacts: a draft holds facts, each a value of a closed
// vocabulary or an attacker's value that was checked, and text that is written from
// them. What the policy table doesn't know, and every sentence of the reporter, is
// left out; what was left out is searched for in every fact, and handed on for the
// gate to search the final bytes.
//
// It trusts its configuration (sector list, profile, vocabulary, policy) and the
// caller's randomness and time. It trusts nothing of a report: a report can be made
// to defeat it. Nothing in a draft is derived from a value that was left out.
//
//	a := anonymize.New(anonymize.Config{Register: index, Profile: profile.HealthcareJP()})
//	pair, err := a.Draft(anonymize.Input{Bundle: bundle, Random: rand.Reader})
//	if err != nil {
//		return err
//	}
//	fmt.Println(len(pair.Flash.Body().Facts), len(pair.LeftOut))
package anonymize

import (
	"fmt"
	"io"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/prose"
	"isac/hub/register"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/hub/vocab"
	"isac/hub/warning"
)

// Config is what an Anonymizer needs. Only Register has no default.
type Config struct {
	Register       *register.Index
	Members        int              // of the sector, which decides what is told by name; 0 where that isn't known
	RegisterDigest hub.Digest       // of the list that Register was made of
	Profile        *profile.Profile // nil is HealthcareJP
	Vocab          *vocab.Vocab     // nil is the default of the profile
	Policy         *Policy          // nil is DefaultPolicy
	Warnings       *warning.Lists   // what everybody uses; nil is the hub's own table
	// Library gives the sentences of drafts; nil is the embedded one.
	Library *analysis.Library
	// OwnTexts are further texts that the hub itself writes into every alert. A
	// word in them is no needle, since finding it would hold every alert.
	OwnTexts []string
	// Blind says of a needle of the report, folded, that nobody looks for it. It is for
	// tests that prove of each kind of needle that it matters; nil blinds nobody.
	Blind func(folded string) bool
}

// An Anonymizer makes drafts. It never changes once made and may be shared.
type Anonymizer struct {
	cfg        Config
	sentences  *prose.Extractor
	techniques map[string][]vocab.Technique // by folded name: some share one
	fixed      *ownText                     // what the hub writes whatever the names
	closed     *ownText                     // the same and every name of the vocabularies
	terms      map[string]bool              // words of the policy's types and properties
	trade      trade
}

// New makes an Anonymizer. It takes some tens of milliseconds: it reads the hub's
// own texts.
func New(cfg Config) *Anonymizer {
	if cfg.Profile == nil {
		cfg.Profile = profile.HealthcareJP()
	}
	if cfg.Vocab == nil {
		cfg.Vocab = vocab.Default(cfg.Profile)
	}
	if cfg.Library == nil {
		cfg.Library = analysis.Default()
	}
	if cfg.Policy == nil {
		cfg.Policy = DefaultPolicy()
	}
	a := &Anonymizer{cfg: cfg, sentences: prose.New(cfg.Vocab), techniques: map[string][]vocab.Technique{}}
	for _, t := range cfg.Vocab.Techniques() {
		a.techniques[vocab.Key(t.Name)] = append(a.techniques[vocab.Key(t.Name)], t)
	}
	a.fixed, a.closed = ownTexts(cfg)
	a.terms = cfg.Policy.terms()
	a.trade = newTrade(cfg.Profile)
	return a
}

// Input is one report and what is known with it.
type Input struct {
	// Checked is the report from the stage before. Where it isn't set, Bundle is.
	Checked validate.Checked
	Bundle  stix.Bundle
	// Member is who sent it; the zero value where that isn't known.
	Member  hub.Organisation
	Answers Answers
	// Refused are facts, by key, that the gate has hit: they may not go out, and the
	// record says so.
	Refused []string
	// Cell is what may be said of the cell of Member, as profile.Describe writes it; ""
	// where nothing may. The full draft names it unless a fact forbids it.
	Cell string
	// Propose is true where an edition for everybody is put before a reporter who said
	// nothing of one. It is never true where nobody is asked.
	Propose bool
	// Known is what severity rests on besides the report.
	Known analysis.Known
	// Random gives salts and orders; about 200 KB are read.
	Random io.Reader
	// Received is when the report arrived. It bounds the quarter, and days from it
	// on aren't searched for in outputs, which carry the day of release.
	Received time.Time
}

// clear reports whether the flash is to have an edition for everybody.
func (in Input) clear() bool {
	return in.Answers.Clear == ClearYes || in.Answers.Clear == "" && in.Propose
}

// Answers are what reporter and reviewers said of facts, by key.
type Answers struct {
	AllConfirmed bool     // as if the reporter had confirmed every prose fact, and reviewers every single one
	Confirmed    []string // prose facts and hints that the reporter confirmed
	Rejected     []string // facts that the reporter took back, from prose or not
	SingleOK     []string // values maybe made for one victim that reviewers let go
	// Clear is what the reporter said of an edition for everybody: "yes", "no", or "" for
	// nothing, which is yes where Input.Propose is.
	Clear string `json:",omitempty"`
}

// The words of Answers.Clear.
const (
	ClearYes = "yes"
	ClearNo  = "no"
)

// Pair is what one report gives: the drafts of both stages, the record of every
// property, what was left out for the gate to search, and the sentences for the
// reporter's preview. Record, LeftOut, Prose and Hints hold values of the report.
type Pair struct {
	Flash, Full Draft
	Record      Record
	LeftOut     []string
	Prose       []ProseFact
	Hints       []ProseFact // what sentences may state: no fact unless the reporter confirms it
}

// ProseFact is a fact read from a sentence, for the reporter to confirm or reject.
// Nobody but the reporter may see Sentence and Path.
type ProseFact struct {
	Key      string `json:"key"`
	Sentence string `json:"sentence"`
	Path     string `json:"path"` // JSON pointer
}

// Draft makes the drafts of a report. The error is of the caller's making: no
// bundle or no randomness; a report alone can't cause one.
func (a *Anonymizer) Draft(in Input) (Pair, error) {
	if in.Checked.Valid() {
		in.Bundle = in.Checked.Bundle()
	}
	if in.Random == nil {
		return Pair{}, fmt.Errorf("drafting: no randomness given")
	}
	u := a.read(in)
	u.check()
	record, err := u.record()
	if err != nil {
		return Pair{}, fmt.Errorf("drafting: %w", err)
	}
	pair := Pair{Record: record, LeftOut: u.leftOut(), Prose: u.proseFacts(), Hints: u.proseHints()}
	facts := u.facts()
	if pair.Flash, err = a.draft(hub.Flash, facts, u.malwareTypes(), in.Known, record, in.clear(), in.Random); err != nil {
		return Pair{}, fmt.Errorf("drafting: %w", err)
	}
	if pair.Full, err = a.draft(hub.Full, facts, u.malwareTypes(), in.Known, record, false, in.Random); err != nil {
		return Pair{}, fmt.Errorf("drafting: %w", err)
	}
	return pair, nil
}
