package advisory

import (
	"errors"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// ToRelease is the purpose of a moderator's signature over an advisory's digest.
const ToRelease review.Purpose = "advisory"

// Target is how soon the working group wants to have decided.
const Target = 4 * time.Hour

// Kind names what happened to an advisory.
type Kind string

// The kinds of events.
const (
	Taken    Kind = "taken" // from a source: new, or a new version of it
	Approved Kind = "approved"
	Returned Kind = "returned" // the one who approved isn't a moderator any more
	Declined Kind = "declined"
	Released Kind = "released"
)

// Event is one thing that happened.
type Event struct {
	Kind     Kind          `json:"kind"`
	Time     time.Time     `json:"time"`
	By       review.Signed `json:"by,omitzero"`
	Advisory *Advisory     `json:"advisory,omitempty"` // Taken
	Names    bool          `json:"names,omitempty"`    // Taken: its words name somebody of the sector
	Version  int           `json:"version,omitempty"`  // Released
}

// State is where an advisory stands.
type State string

// The states.
const (
	Waits State = "waiting" // for a moderator
	Going State = "going"   // approved, and on its way out
	Sent  State = "out"
	No    State = "declined"
)

// Item is one advisory before the working group. The zero Item is none yet.
type Item struct {
	Advisory
	State State
	Since time.Time // of the version that stands
	Names bool      // its words name somebody of the sector
	Out   int       // the version that is out; 0 while none is
	Yes   Event     // the approval
}

// Apply folds an event.
func (n *Item) Apply(e Event) error {
	wrong := errors.New("folding advisory: out of order")
	from := map[Kind][]State{Taken: {"", Waits, Sent, No}, Approved: {Waits}, Declined: {Waits}, Returned: {Going}, Released: {Going}}
	if !slices.Contains(from[e.Kind], n.State) || (e.Kind == Taken) != (e.Advisory != nil) {
		return wrong
	}
	switch e.Kind {
	case Taken:
		if n.State != "" && n.ID != e.Advisory.ID {
			return wrong
		}
		n.Advisory, n.State, n.Since, n.Names, n.Yes = *e.Advisory, Waits, e.Time, e.Names, Event{}
	case Approved:
		n.State, n.Yes = Going, e
	case Returned:
		n.State, n.Yes = Waits, Event{}
	case Declined:
		n.State = No
	case Released:
		n.State, n.Out = Sent, e.Version
	}
	return nil
}

// Take brings an advisory before the working group; ok is false for what is there already,
// in this version or a later one.
func (n Item) Take(now time.Time, a Advisory, names bool) (e Event, ok bool) {
	if n.State == Going || n.State != "" && !a.Newer(n.Advisory) {
		return Event{}, false
	}
	return Event{Kind: Taken, Time: instant(now), Advisory: &a, Names: names}, true
}

// Approve is the word of a moderator by which it goes out.
func (n Item) Approve(now time.Time, by review.Signed, r review.Roster) (Event, error) {
	if n.State != Waits {
		return Event{}, hub.E(hub.Conflict, "advisory.not-now")
	}
	err := n.approvedBy(by, r)
	if err != nil {
		return Event{}, err
	}
	return Event{Kind: Approved, Time: instant(now), By: by}, nil
}

func (n Item) approvedBy(by review.Signed, r review.Roster) error {
	people := r.People()
	at := slices.IndexFunc(people, func(p hub.Person) bool { return p.ID == by.Person })
	if by.Person == "" || at < 0 || !people[at].Has(hub.Moderator) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	return by.Verify(people[at], ToRelease, n.Digest())
}

// Decline lets it lie, until its publisher has something new.
func (n Item) Decline(now time.Time, by hub.Person) (Event, error) {
	if !by.Has(hub.Moderator) {
		return Event{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	if n.State != Waits {
		return Event{}, hub.E(hub.Conflict, "advisory.not-now")
	}
	return Event{Kind: Declined, Time: instant(now), By: review.Signed{Person: by.ID}}, nil
}

// Passed is an advisory that a moderator's signature lets go out. Only Pass makes one.
type Passed struct {
	advisory Advisory
	version  int
}

// Pass verifies the signature again, against the roster of now.
func (n Item) Pass(r review.Roster) (Passed, error) {
	if n.State != Going {
		return Passed{}, hub.E(hub.Conflict, "advisory.not-now")
	}
	err := n.approvedBy(n.Yes.By, r)
	if err != nil {
		return Passed{}, err
	}
	return Passed{n.Advisory, n.Out + 1}, nil
}

// Valid reports whether p was made by Pass.
func (p Passed) Valid() bool { return p.version > 0 }

// Advisory is what goes out.
func (p Passed) Advisory() Advisory { return p.advisory }

// Version is its version as an entry of the log, from 1.
func (p Passed) Version() int { return p.version }

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
