package review

import (
	"fmt"
	"slices"
	"time"

	"isac/hub"
)

// Phase is where one stage of a case stands.
type Phase string

// The phases. Withdrawn, Recalled and Closed are final. A stage that is out stays
// out while a correction of it goes through the phases again.
const (
	Empty       Phase = ""            // no draft yet
	Asking      Phase = "asking"      // a draft waits for the reporter's consent
	Reviewing   Phase = "reviewing"   // consented; moderators decide
	Scheduled   Phase = "scheduled"   // approved; waits for its time
	Releasing   Phase = "releasing"   // being built, gated, numbered: nothing may change
	Released    Phase = "released"    // out
	Objected    Phase = "objected"    // the reporter said no
	Returned    Phase = "returned"    // back to the reporter with a question
	Declined    Phase = "declined"    // two moderators said no
	Held        Phase = "held"        // the gate found something; with the reporter
	Cancelled   Phase = "cancelled"   // taken back before anything was out
	Withdrawing Phase = "withdrawing" // the revoked version is due
	Withdrawn   Phase = "withdrawn"   // revoked
	Recalling   Phase = "recalling"   // the tombstone is due
	Recalled    Phase = "recalled"    // deleted everywhere
	Closed      Phase = "closed"      // the full alert came first, or was taken back
)

// Kind names what happened.
type Kind string

// The kinds of events. Those of the first group are of the whole case, the others
// of one stage.
const (
	KindReceived Kind = "received"
	KindProblems Kind = "problems"
	KindReminded Kind = "reminded"
	KindKept     Kind = "kept"
	KindShredded Kind = "shredded"
	KindUnsealed Kind = "unsealed"

	KindDrafted      Kind = "drafted"
	KindConsentAsked Kind = "consent-asked"
	KindOpened       Kind = "opened"
	KindPhoned       Kind = "phoned"
	KindConsented    Kind = "consented"
	KindObjected     Kind = "objected"
	KindDrawn        Kind = "drawn"
	KindCalled       Kind = "called"
	KindApproved     Kind = "approved"
	KindDeclined     Kind = "declined"
	KindStopped      Kind = "stopped"
	KindReturned     Kind = "returned"
	KindAnswered     Kind = "answered"
	KindRecused      Kind = "recused"
	KindReopened     Kind = "reopened"
	KindHeld         Kind = "held"
	KindScheduled    Kind = "scheduled"
	KindReleasing    Kind = "releasing"
	KindReleased     Kind = "released"
	KindUpdated      Kind = "updated"
	KindReviewed     Kind = "reviewed"
	KindCancelled    Kind = "cancelled"
	KindBackAsked    Kind = "back-asked"
	KindWithdrawn    Kind = "withdrawn"
	KindRecalled     Kind = "recalled"
	KindClosed       Kind = "closed"
)

// moves is the whole machine: which kind may happen in which phase, and where it
// leads. What isn't here can't happen.
var moves = map[Kind]map[Phase]Phase{
	KindDrafted:      to(Asking, Empty, Asking, Reviewing, Scheduled, Released, Objected, Returned, Declined, Held, Cancelled),
	KindConsentAsked: to(Asking, Asking, Reviewing, Scheduled, Returned),
	KindOpened:       stay(Asking, Objected, Reviewing, Released),
	KindPhoned:       stay(Asking, Objected),
	KindConsented:    to(Reviewing, Asking, Objected),
	KindObjected:     to(Objected, Asking, Reviewing, Scheduled, Returned, Declined, Held),
	KindDrawn:        stay(Reviewing, Released),
	KindCalled:       stay(Reviewing),
	KindApproved:     stay(Reviewing, Released),
	KindDeclined:     stay(Reviewing, Released),
	KindStopped:      to(Declined, Reviewing),
	KindReturned:     to(Returned, Reviewing, Scheduled),
	KindAnswered:     to(Reviewing, Returned),
	KindRecused:      stay(Asking, Reviewing, Scheduled, Released, Objected, Returned, Declined, Held),
	KindReopened:     to(Reviewing, Scheduled),
	KindHeld:         to(Held, Empty, Asking, Reviewing, Scheduled, Releasing, Released, Objected, Returned, Declined, Held),
	KindScheduled:    to(Scheduled, Reviewing),
	KindReleasing:    to(Releasing, Scheduled),
	KindReleased:     {Releasing: Released, Withdrawing: Withdrawn, Recalling: Recalled},
	KindUpdated:      stay(Asking, Reviewing, Scheduled, Releasing, Released, Objected, Returned, Declined, Held, Withdrawing, Recalling),
	KindReviewed:     stay(Released),
	KindCancelled:    to(Cancelled, Empty, Asking, Reviewing, Scheduled, Objected, Returned, Declined, Held),
	KindBackAsked:    stay(Asking, Reviewing, Scheduled, Releasing, Released, Objected, Returned, Declined, Held, Withdrawn),
	KindWithdrawn:    to(Withdrawing, Asking, Reviewing, Scheduled, Released, Objected, Returned, Declined, Held),
	KindRecalled:     to(Recalling, Asking, Reviewing, Scheduled, Released, Objected, Returned, Declined, Held, Withdrawn),
	KindClosed:       to(Closed, Empty, Asking, Reviewing, Scheduled, Objected, Returned, Declined, Held, Cancelled),
}

func to(next Phase, from ...Phase) map[Phase]Phase {
	m := map[Phase]Phase{}
	for _, p := range from {
		m[p] = next
	}
	return m
}

func stay(in ...Phase) map[Phase]Phase {
	m := map[Phase]Phase{}
	for _, p := range in {
		m[p] = p
	}
	return m
}

// Outline is what is left of a case when its key is gone: kinds and times, folded
// without any payload.
type Outline struct {
	Received time.Time // of the first report
	Last     time.Time // newest event that wasn't a mere reminder or update
	Flash    Phase
	Full     Phase
	Shredded bool
}

// Apply folds the head of one event. An unknown kind, a stage where none belongs,
// and what can't happen in this phase are errors and change nothing.
func (o *Outline) Apply(e Event) error {
	if o.Shredded {
		return fmt.Errorf("folding %s: the case is shredded", e.Kind)
	}
	if o.Received.IsZero() && e.Kind != KindReceived {
		return fmt.Errorf("folding %s: the case has no report", e.Kind)
	}
	if move, ok := moves[e.Kind]; ok {
		err := o.move(move, e)
		if err != nil {
			return err
		}
	} else if err := o.whole(e); err != nil {
		return err
	}
	if e.Kind != KindReminded && e.Kind != KindUpdated && e.Time.After(o.Last) {
		o.Last = e.Time
	}
	return nil
}

func (o *Outline) move(move map[Phase]Phase, e Event) error {
	phase := o.phase(e.Stage)
	if phase == nil {
		return fmt.Errorf("folding %s: want a stage", e.Kind)
	}
	next, ok := move[*phase]
	if !ok {
		return fmt.Errorf("folding %s: can't happen in phase %q", e.Kind, *phase)
	}
	*phase = next
	return nil
}

// whole folds what is of the whole case.
func (o *Outline) whole(e Event) error {
	if e.Stage != "" {
		return fmt.Errorf("folding %s: has no stage", e.Kind)
	}
	switch e.Kind {
	case KindReceived:
		if o.Received.IsZero() {
			o.Received = e.Time
		}
	case KindShredded:
		o.Shredded = true
	case KindProblems, KindReminded, KindKept, KindUnsealed:
	default:
		return fmt.Errorf("folding event: unknown kind")
	}
	return nil
}

func (o *Outline) phase(s hub.Stage) *Phase {
	switch s {
	case hub.Flash:
		return &o.Flash
	case hub.Full:
		return &o.Full
	}
	return nil
}

// can reports whether the kind may happen in the phase.
func can(k Kind, p Phase) bool {
	_, ok := moves[k][p]
	return ok
}

// publishing reports whether the hub owes its members an entry of the log.
func (p Phase) publishing() bool {
	return slices.Contains([]Phase{Releasing, Withdrawing, Recalling}, p)
}

// active reports whether somebody or something still works on the stage.
func (p Phase) active() bool {
	return p.publishing() || slices.Contains([]Phase{Asking, Reviewing, Scheduled, Returned, Held}, p)
}
