// Package conveyor runs the way of a report: it receives, drafts, takes people's
// decisions, releases and shreds. The stages themselves are pure and lie in hub;
// here they meet the log, the keys and the clock.
//
//	receive.go   a report → receipt, one synced publish
//	first.go     a first report, by a code from a card or by telephone
//	join.go      reports that come at once → one publish
//	draft.go     intake → case, drafts of both stages
//	cell.go      whether a full alert says of which members the victim is one
//	decide.go    what people decide
//	desk.go      what the secretariat does by telephone, and emergencies
//	due.go       what time decides
//	publish.go   an approved draft → an entry of the alert log
//	relay.go     published notices on vulnerabilities → the working group → advisories
//	renew.go     what members answered and age → an update of an alert
//	ledger.go    each slot → an entry by which members see that all see the same
//	marks.go     values maybe made for one victim, which two have
//	nodes.go     what other nodes of the hub do
//	motion.go    an alert taken back when its case is gone
//	shred.go     the end of a case
//
// Every effect can be repeated: a step that dies is done again, and finds what it
// had done. The package trusts the log, the key folder and the roster. It logs a
// random request id and a class, never a value of a report nor who did what.
//
//	v := conveyor.New(cfg)
//	err := v.Run(ctx)
package conveyor

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/hub/vocab"
	"isac/hub/warning"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/roster"
)

// Config is all that a conveyor needs; every field must be set but where it says otherwise.
type Config struct {
	Bus       *natsbus.Bus
	Ring      *keyring.Ring
	Roster    *roster.Roster
	Profile   *profile.Profile
	Validator *validate.Validator
	Warnings  *warning.Lists    // may be nil
	Library   *analysis.Library // of the sentences; the embedded one when nil
	Clocks    review.Clocks
	Hub       release.Identity
	BaseURL   string
	Now       func() time.Time
	Random    io.Reader
	Log       *slog.Logger
	Tick      time.Duration // how often the clocks are looked at
	// Known returns an object of the released log by id, in its newest version, of a view
	// that Reach brings up to a sequence of the log: an object that lasts has one beginning.
	Known func(ctx context.Context, id string) (stix.Object, bool)
	Reach func(ctx context.Context, seq uint64) error
	// World returns what is known apart from reports: of published lists and released
	// alerts alone.
	World func(ctx context.Context) (analysis.Known, error)
	// Updates are how indicators follow answers and age, Told is what is told of one, and
	// Moved are the ids of alerts older than an instant with an indicator that is due to
	// be told anew at another. Without Moved there are no updates.
	Updates feedback.Rules
	Told    func(ctx context.Context, t feedback.Topic) ([]feedback.Count, error)
	Moved   func(ctx context.Context, before, now time.Time) ([]string, error)
	// Forms write what else is sent of a bundle, for the gate; without them nothing is.
	Forms release.Forms
	// Entries returns entries of the released log after a number, and the newest number.
	Entries func(ctx context.Context, after uint64, n int) ([]deliver.Entry, uint64, error)
	// Count is told the kind and class of every request, Released the time from
	// receipt to a first release, Due each reminder and alarm; all may be nil.
	Count    func(kind, class string)
	Released func(stage hub.Stage, since time.Duration)
	Due      func(review.DutyKind)
	// Leads tells whether this node does what must be done once, of several nodes of the
	// hub; Sync has it hold every key that any of them holds; Others tells whether any other
	// is there. They are nil for one node.
	Leads  func() bool
	Sync   func(ctx context.Context) error
	Others func(ctx context.Context) (bool, error)
	// Sources tells how the sources of advisories were last read; may be nil.
	Sources func(ctx context.Context) ([]advisory.SourceState, error)
	// Changed is called after every stored event and alert, to bring views up to date.
	Changed func()
}

// Conveyor runs the stages. It is safe for concurrent use.
type Conveyor struct {
	Config
	words atomic.Pointer[words]
	know  knowledge
	cases caseTable

	incoming joiner
	tries    tries

	renewals renewals
	relayed  relayed
	ledger   ledgerLog
	carded   atomic.Pointer[deliver.Card] // the newest that was signed

	rosterMoved atomic.Bool
	turned      atomic.Int64 // when the clocks were last looked at, in milliseconds
	paused      sync.Map     // duty → until when it isn't tried
	owed        sync.Map     // alert → motion that was decided and failed
	head        logHead
	heardAlerts atomic.Uint64 // sequence of the last entry of the alert log that this node knows of
}

// New returns a conveyor; Run starts it.
func New(c Config) *Conveyor {
	v := &Conveyor{Config: c}
	v.cases.open, v.cases.ended = map[string]*caseFile{}, map[string]bool{}
	v.incoming.write = v.storeIntake
	v.relayed.items, v.relayed.late = map[string]*relayedItem{}, map[string]time.Time{}
	return v
}

// Run reads the open cases, answers members, and works until ctx ends.
func (v *Conveyor) Run(ctx context.Context, ready chan<- struct{}) error {
	err := v.knowledgeNow(nil)
	if err != nil {
		return err
	}
	behind, err := v.loadCases(ctx)
	if err != nil {
		return err
	}
	err = v.loadHead(ctx)
	if err != nil {
		return err
	}
	alerts := v.head.seq
	v.own()
	err = v.serve()
	if err != nil {
		return err
	}
	close(ready)
	var work sync.WaitGroup
	work.Go(func() { v.draftLoop(ctx) })
	work.Go(func() { v.clockLoop(ctx) })
	if v.Bus.Shared() {
		work.Go(func() { v.followCases(ctx, behind) })
		work.Go(func() { v.followAlerts(ctx, alerts) })
	}
	work.Wait()
	return nil
}

// knowledge is what follows from one version of the sector list.
type knowledge struct {
	mu         sync.Mutex
	digest     hub.Digest
	vocab      *vocab.Vocab
	anonymizer *anonymize.Anonymizer
	gate       *gate.Register
}

// words are the vocabulary of an imported ATT&CK, nil for the program's own.
type words struct {
	of    *vocab.Attack
	vocab *vocab.Vocab
}

// Vocabulary is that of the newest ATT&CK: the same pointer until another is imported.
func (v *Conveyor) Vocabulary() *vocab.Vocab {
	newest, had := v.Roster.Attack(), v.words.Load()
	if had != nil && had.of == newest {
		return had.vocab
	}
	now := &words{of: newest, vocab: vocab.Default(v.Profile)}
	if newest != nil {
		now.vocab = vocab.With(v.Profile, *newest)
	}
	if v.words.CompareAndSwap(had, now) {
		return now.vocab
	}
	return v.Vocabulary() // somebody was faster
}

// knowledgeNow brings the anonymizer and the gate to the current sector list.
func (v *Conveyor) knowledgeNow(use func(*anonymize.Anonymizer, *gate.Register)) error {
	v.know.mu.Lock()
	defer v.know.mu.Unlock()
	list, index := v.Roster.List()
	if list.Len() == 0 {
		return nil // before the first import there are no members, hence no reports
	}
	vocabulary := v.Vocabulary()
	if v.know.anonymizer == nil || v.know.digest != list.Digest() || v.know.vocab != vocabulary {
		compiled, err := gate.Compile(list.Header(), list.Rows())
		if err != nil {
			return fmt.Errorf("compiling the gate: %w", err)
		}
		v.know.gate = compiled
		v.know.anonymizer = anonymize.New(anonymize.Config{
			Register: index, RegisterDigest: list.Digest(), Members: len(list.Members()), Profile: v.Profile, Vocab: vocabulary, Warnings: v.Warnings, Library: v.Library,
		})
		v.know.digest, v.know.vocab = list.Digest(), vocabulary
	}
	if use != nil {
		use(v.know.anonymizer, v.know.gate)
	}
	return nil
}

// tools returns the anonymizer and the gate of the current sector list.
func (v *Conveyor) tools() (a *anonymize.Anonymizer, g *gate.Register, err error) {
	err = v.knowledgeNow(func(x *anonymize.Anonymizer, y *gate.Register) { a, g = x, y })
	if err == nil && a == nil {
		err = hub.E(hub.Unavailable, "node.no-list")
	}
	return a, g, err
}

func (v *Conveyor) changed() {
	if v.Changed != nil {
		v.Changed()
	}
}
