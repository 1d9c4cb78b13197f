// Package review is the machine of a case: from a draft to what may be released.
//
// A case is the fold of its events. Commands are methods of Case: they take the
// time, the roster and randomness, answer with the events that should be stored,
// and change nothing; Apply folds an event. What may happen when stands in one
// table (moves). Each case has two stages, flash and full, and each of them its
// own draft, consent, drawn moderators, approvals, schedule and alert.
//
//	receipt → draft → consent → draw → two approvals → time → release
//
// The draft is trusted for nothing but its digest: consent and approvals are
// Ed25519 signatures by people's own keys over it, and a changed draft voids them.
// The roster given by the caller is trusted for who is who. The stored events are
// not trusted: Approved, the only way to a release, checks every signature again.
//
//	c, err := review.Fold(stored)
//	events, err := c.Approve(now, vote, roster, clocks, random)
//	// store the events on condition that the case hasn't moved, then:
//	err = c.Apply(events...)
package review

import (
	"fmt"
	"slices"
	"time"

	"isac/hub"
)

// Case is the hub's life of one report. The zero Case has no report yet. A copy of
// the value is a case of its own: Apply on one leaves the other as it was.
type Case struct {
	outline  Outline
	member   string
	reports  []Report
	problems []hub.Problem
	ask      bool // the reporter objected once, or the news has it: standing consent no longer serves
	kept     time.Time
	unsealed []unsealed
	traces   []Unsealed      // of these, for the reporter
	done     map[string]bool // keys of duties that were seen to
	flash    track
	full     track
}

// Report is one version of the report, as received.
type Report struct {
	Number string     `json:"number"` // of the receipt
	Digest hub.Digest `json:"digest"` // of the report's exact bytes
	Time   time.Time  `json:"time"`

	Dictated *Dictated `json:"dictated,omitempty"`
	Proposed *Proposed `json:"proposed,omitempty"`
}

// Proposed says who had an alert about several released alerts drafted. Nobody of that
// organisation is drawn to approve it.
type Proposed struct {
	Person string `json:"person"`
	Org    string `json:"org"`
}

// Dictated says that the secretariat wrote a report on the telephone, and who of the
// member confirmed it when its registered number was called back.
type Dictated struct {
	By   string    `json:"by,omitempty"` // the person of the secretariat
	With string    `json:"with"`         // as the member's person gave the name
	Time time.Time `json:"time"`
}

// track is one stage of a case.
type track struct {
	draft   Draft
	digest  hub.Digest // of the draft's bytes
	version int        // of the draft, from 1
	drafted time.Time

	mode    Mode
	consent *Consent
	asked   time.Time // when the reporter was asked for this draft
	phone   *phoned   // the first of two signatures of a consent by telephone
	open    time.Time // when review of this draft began

	seats     []Seat
	emergency string // its reason, while its two people are called
	scheduled time.Time

	alert  string    // id of the alert, from the first draft on
	out    *Out      // the newest entry of the log, nil while nothing is out
	owed   time.Time // since when an emergency release waits for its review
	motion *Motion   // an asked or decided withdrawal or recall

	reason   string   // of the last objection, return, stop or hold
	leaveOut []string // facts that a moderator wants left out of every later draft
	looks    []look   // of the secretariat
	talk     []Exchange
}

// Out is the newest entry of the alert log for a stage.
type Out struct {
	Alert hub.Alert  `json:"alert"`
	Draft hub.Digest `json:"draft"`
	First time.Time  `json:"first"` // when version 1 went out

	// Same are the digests of the entries from which updates alone part the newest.
	Same []hub.Digest `json:"same,omitempty"`
}

// Fold makes a case of its stored events, in order.
func Fold(list []Event) (*Case, error) {
	c := new(Case)
	err := c.Apply(list...)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Apply folds events. On error nothing of them is folded: what this program
// doesn't understand it must not act on.
func (c *Case) Apply(list ...Event) error {
	next := c.clone()
	for _, e := range list {
		err := next.apply(e)
		if err != nil {
			return err
		}
	}
	*c = *next
	return nil
}

func (c *Case) apply(e Event) error {
	b, err := e.read()
	if err != nil {
		return err
	}
	err = c.outline.Apply(e)
	if err != nil {
		return err
	}
	err = b.fold(c, c.track(e.Stage), e)
	if err != nil {
		return fmt.Errorf("folding %s: %w", e.Kind, err)
	}
	return nil
}

// clone copies all that folding changes. Draft bytes are never changed, so shared.
func (c *Case) clone() *Case {
	n := *c
	n.reports = slices.Clone(c.reports)
	n.unsealed, n.traces = slices.Clone(c.unsealed), slices.Clone(c.traces)
	n.done = make(map[string]bool, len(c.done))
	for k := range c.done {
		n.done[k] = true
	}
	n.flash.seats = slices.Clone(c.flash.seats)
	n.full.seats = slices.Clone(c.full.seats)
	n.flash.looks = slices.Clone(c.flash.looks)
	n.full.looks = slices.Clone(c.full.looks)
	return &n
}

func (c *Case) track(s hub.Stage) *track {
	switch s {
	case hub.Flash:
		return &c.flash
	case hub.Full:
		return &c.full
	}
	return nil
}

// at returns a stage and its phase for a command.
func (c *Case) at(s hub.Stage) (*track, Phase, error) {
	phase := c.outline.phase(s)
	if phase == nil {
		return nil, "", hub.E(hub.Invalid, "review.unknown-stage")
	}
	if c.member == "" {
		return nil, "", hub.E(hub.NotFound, "review.not-found")
	}
	if c.outline.Shredded {
		return nil, "", hub.E(hub.Gone, "review.shredded")
	}
	return c.track(s), *phase, nil
}

// in is at for a kind of event: Conflict when the phase doesn't allow it.
func (c *Case) in(s hub.Stage, k Kind) (*track, Phase, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, "", err
	}
	if !can(k, phase) {
		return nil, "", hub.E(hub.Conflict, "review.not-now")
	}
	return t, phase, nil
}

// several reports whether the case is about released alerts and no report: there is no
// victim then, and the hub itself stands where the reporter does.
func (c *Case) several() bool { return c.member == Hub }

// proposed reports whether an organisation proposed what the case is about.
func (c *Case) proposed(org string) bool {
	return slices.ContainsFunc(c.reports, func(r Report) bool { return r.Proposed != nil && r.Proposed.Org == org })
}

// Member is the id of the organisation that reported, "" without a report.
func (c *Case) Member() string { return c.member }

// Outline is the case without its content.
func (c *Case) Outline() Outline { return c.outline }

// Reports returns the versions of the report, oldest first.
func (c *Case) Reports() []Report { return slices.Clone(c.reports) }

// Problems returns what was wrong with the newest report: for the reporter alone.
func (c *Case) Problems() []hub.Problem { return slices.Clone(c.problems) }

// Phase returns where a stage stands.
func (c *Case) Phase(s hub.Stage) Phase {
	if p := c.outline.phase(s); p != nil {
		return *p
	}
	return Empty
}

// Draft returns the current draft of a stage and its digest; a zero digest means
// that there is none.
func (c *Case) Draft(s hub.Stage) (Draft, hub.Digest) {
	if t := c.track(s); t != nil {
		return t.draft, t.digest
	}
	return Draft{}, hub.Digest{}
}

// Out returns the newest entry of the alert log for a stage.
func (c *Case) Out(s hub.Stage) (Out, bool) {
	t := c.track(s)
	if t == nil || t.out == nil {
		return Out{}, false
	}
	return *t.out, true
}

// AlertID returns the random id of a stage's alert, "" before its first draft. It
// is known to the hub alone until the release.
func (c *Case) AlertID(s hub.Stage) string {
	if t := c.track(s); t != nil {
		return t.alert
	}
	return ""
}

// Seats returns the seats of a stage: the link from people to review ids.
func (c *Case) Seats(s hub.Stage) []Seat {
	if t := c.track(s); t != nil {
		return slices.Clone(t.seats)
	}
	return nil
}

// LeaveOut returns keys of facts that a moderator wants left out of every later draft.
func (c *Case) LeaveOut(s hub.Stage) []string {
	if t := c.track(s); t != nil {
		return slices.Clone(t.leaveOut)
	}
	return nil
}

// ReleaseAt returns when a scheduled stage goes out; zero when it isn't scheduled.
func (c *Case) ReleaseAt(s hub.Stage) time.Time {
	if t := c.track(s); t != nil && c.Phase(s) == Scheduled {
		return t.scheduled
	}
	return time.Time{}
}

// String hides everything, so that a case in a log line says nothing.
func (c Case) String() string { return "case" }

// GoString hides everything in %#v too.
func (c Case) GoString() string { return "case" }
