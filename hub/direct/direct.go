// Package direct is the machine of a direct notice: words about one victim for a few
// named recipients, outside of the anonymous path. Nothing makes one by itself. The
// secretariat writes it down, a reporter of the victim consents to exactly this text and
// these recipients by signature, and two people of the secretariat send it. It is no
// alert and never becomes one; for who receives it, it is TLP:RED.
//
// A notice is the fold of its events. The events given are trusted for what happened;
// sending verifies every signature against the roster of that moment again.
//
//	e, err := notice.Agree(now, review.Signed{Person: "…", Signature: sig}, roster)
package direct

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/review"
)

// The purposes of signatures over a notice's digest.
const (
	ToConsent review.Purpose = "notice"      // a reporter of the victim
	ToSend    review.Purpose = "notice-send" // the secretariat, two people
)

const (
	longest  = 10_000 // signs of the text
	mostTo   = 20     // recipients
	longName = 300    // signs of a recipient in words
)

// Recipient is a member, or somebody else in words: a vendor and how to reach it.
type Recipient struct {
	Member string `json:"member,omitempty"`
	Words  string `json:"words,omitempty"`
}

// Draft is what people sign.
type Draft struct {
	ID     string      `json:"id"` // random
	Victim string      `json:"victim"`
	Text   string      `json:"text"`
	To     []Recipient `json:"to"`
}

// Digest is of all that a signature covers.
func (d Draft) Digest() hub.Digest {
	data, err := json.Marshal(d)
	if err != nil {
		return hub.Digest{} // strings alone: it can't fail
	}
	return hub.Sum(append([]byte("isac direct notice v1\n"), data...))
}

// check wants something that can be sent.
func (d Draft) check(r review.Roster) error {
	victim, ok := r.Organisation(d.Victim)
	if !ok || !victim.Member {
		return hub.E(hub.Invalid, "direct.victim")
	}
	if strings.TrimSpace(d.Text) == "" || utf8.RuneCountInString(d.Text) > longest || !utf8.ValidString(d.Text) {
		return hub.E(hub.Invalid, "direct.text", fmt.Sprint(longest))
	}
	if len(d.To) == 0 || len(d.To) > mostTo {
		return hub.E(hub.Invalid, "direct.recipients", fmt.Sprint(mostTo))
	}
	for i, to := range d.To {
		org, known := r.Organisation(to.Member)
		switch {
		case slices.Contains(d.To[:i], to), to.Member == d.Victim:
			return hub.E(hub.Invalid, "direct.recipient-twice")
		case to.Member != "" && (to.Words != "" || !known || !org.Member):
			return hub.E(hub.Invalid, "direct.recipient-unknown")
		case to.Member == "" && (strings.TrimSpace(to.Words) == "" || utf8.RuneCountInString(to.Words) > longName):
			return hub.E(hub.Invalid, "direct.recipient-unknown")
		}
	}
	return nil
}

// Kind names what happened to a notice.
type Kind string

// The kinds of events.
const (
	Drafted   Kind = "drafted"
	Consented Kind = "consented"
	Refused   Kind = "refused" // by the victim, or taken back before it was sent
	Signed    Kind = "signed"
	Handed    Kind = "handed" // to a recipient in words, by telephone or on paper
)

// Event is one thing that happened.
type Event struct {
	Kind  Kind          `json:"kind"`
	Time  time.Time     `json:"time"`
	By    review.Signed `json:"by"`
	Draft *Draft        `json:"draft,omitempty"`
	To    int           `json:"to,omitempty"` // Handed: which recipient
}

// State is where a notice stands.
type State string

// The states.
const (
	Waiting State = "waiting" // for the victim's consent
	Agreed  State = "agreed"  // for two people of the secretariat
	Gone    State = "refused"
	Sent    State = "sent"
)

// Notice is one direct notice. The zero Notice has no draft yet.
type Notice struct {
	Draft
	State   State
	Written time.Time
	SentAt  time.Time
	Yes     Event // the victim's consent
	Senders []Event
	Record  []Event // all that happened, in order
}

// Fold makes a notice of its events.
func Fold(events []Event) (Notice, error) {
	var n Notice
	for _, e := range events {
		err := n.Apply(e)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Apply folds an event.
func (n *Notice) Apply(e Event) error {
	wrong := errors.New("folding notice: out of order")
	if (n.State == "") != (e.Kind == Drafted) || n.State == Gone {
		return wrong
	}
	switch e.Kind {
	case Drafted:
		if e.Draft == nil {
			return wrong
		}
		n.Draft, n.State, n.Written = *e.Draft, Waiting, e.Time
	case Consented:
		if n.State != Waiting {
			return wrong
		}
		n.State, n.Yes = Agreed, e
	case Refused:
		if n.State == Sent {
			return wrong
		}
		n.State = Gone
	case Signed:
		if n.State != Agreed {
			return wrong
		}
		n.Senders = append(slices.Clip(n.Senders), e)
		if len(n.Senders) == 2 {
			n.State, n.SentAt = Sent, e.Time
		}
	case Handed:
		if n.State != Sent || e.To < 0 || e.To >= len(n.To) {
			return wrong
		}
	default:
		return wrong
	}
	n.Record = append(slices.Clip(n.Record), e)
	return nil
}

// Write begins a notice.
func Write(now time.Time, by hub.Person, d Draft, r review.Roster) (Event, error) {
	if !secretary(by) {
		return Event{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	err := d.check(r)
	if err != nil {
		return Event{}, err
	}
	return Event{Kind: Drafted, Time: instant(now), By: review.Signed{Person: by.ID}, Draft: &d}, nil
}

// Agree is the consent of one of the victim's reporters to this text and these recipients.
func (n Notice) Agree(now time.Time, by review.Signed, r review.Roster) (Event, error) {
	if n.State != Waiting {
		return Event{}, hub.E(hub.Conflict, "direct.not-now")
	}
	err := n.agreed(by, r)
	if err != nil {
		return Event{}, err
	}
	return Event{Kind: Consented, Time: instant(now), By: by}, nil
}

// agreed verifies the victim's signature.
func (n Notice) agreed(by review.Signed, r review.Roster) error {
	p, ok := present(r, by.Person)
	if !ok || p.Org != n.Victim || !p.Has(hub.Reporter) {
		return hub.E(hub.NotFound, "error.not-found")
	}
	return by.Verify(p, ToConsent, n.Digest())
}

// Refuse ends a notice that isn't sent: by the victim, at any time, or by the secretariat.
func (n Notice) Refuse(now time.Time, by hub.Person) (Event, error) {
	if !secretary(by) && !(by.Org == n.Victim && by.Has(hub.Reporter)) {
		return Event{}, hub.E(hub.NotFound, "error.not-found")
	}
	if n.State != Waiting && n.State != Agreed {
		return Event{}, hub.E(hub.Conflict, "direct.not-now")
	}
	return Event{Kind: Refused, Time: instant(now), By: review.Signed{Person: by.ID}}, nil
}

// Send is the word of one of two people of the secretariat. The second one's sends it,
// after everybody's signature is verified again.
func (n Notice) Send(now time.Time, by review.Signed, r review.Roster) (Event, error) {
	if n.State != Agreed {
		return Event{}, hub.E(hub.Conflict, "direct.not-now")
	}
	p, err := n.sender(by, r)
	if err != nil {
		return Event{}, err
	}
	for _, first := range n.Senders {
		q, err := n.sender(first.By, r)
		if err != nil {
			return Event{}, err
		}
		if q.ID == p.ID || !review.TwoKeys(p, by, q, first.By) {
			return Event{}, hub.E(hub.Conflict, "direct.two-people")
		}
	}
	err = n.agreed(n.Yes.By, r)
	if err != nil {
		return Event{}, hub.E(hub.Forbidden, "direct.no-consent")
	}
	err = n.check(r)
	if err != nil {
		return Event{}, err
	}
	return Event{Kind: Signed, Time: instant(now), By: by}, nil
}

func (n Notice) sender(by review.Signed, r review.Roster) (hub.Person, error) {
	p, ok := present(r, by.Person)
	if !ok || !secretary(p) {
		return p, hub.E(hub.Forbidden, "error.forbidden")
	}
	return p, by.Verify(p, ToSend, n.Digest())
}

// Hand records that a recipient in words was given the notice.
func (n Notice) Hand(now time.Time, by hub.Person, to int) (Event, error) {
	if !secretary(by) {
		return Event{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	if n.State != Sent || to < 0 || to >= len(n.To) || n.To[to].Words == "" {
		return Event{}, hub.E(hub.Conflict, "direct.not-now")
	}
	return Event{Kind: Handed, Time: instant(now), By: review.Signed{Person: by.ID}, To: to}, nil
}

// Reads says as what a person may read the notice: "secretariat", "victim" or
// "recipient"; "" for everybody else, for whom there is none.
func (n Notice) Reads(p hub.Person) string {
	switch {
	case secretary(p):
		return "secretariat"
	case p.Has(hub.Reporter) && p.Org == n.Victim:
		return "victim"
	case n.State == Sent && p.Has(hub.Reporter) && slices.Contains(n.To, Recipient{Member: p.Org}):
		return "recipient"
	}
	return ""
}

func secretary(p hub.Person) bool { return p.Has(hub.Secretariat) && p.Org == review.Hub }

// present returns a person who is on the roster now.
func present(r review.Roster, id string) (hub.Person, bool) {
	people := r.People()
	at := slices.IndexFunc(people, func(p hub.Person) bool { return p.ID == id })
	if id == "" || at < 0 {
		return hub.Person{}, false
	}
	return people[at], true
}

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// String hides everything.
func (n Notice) String() string { return "direct notice" }

// GoString hides everything in %#v too.
func (n Notice) GoString() string { return "direct notice" }
