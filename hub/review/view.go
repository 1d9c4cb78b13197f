package review

import (
	"slices"
	"time"

	"isac/hub"
)

// Status is what a machine of the reporter may see: that something goes on, never
// what.
type Status struct {
	Stages []StageStatus `json:"stages"`
}

// Settled reports whether nobody works on the case any more, unless something new
// comes: a corrected report, a withdrawal, a recall.
func (s Status) Settled() bool {
	return len(s.Stages) > 0 && !slices.ContainsFunc(s.Stages, func(x StageStatus) bool {
		return x.State == waiting || Phase(x.State).active()
	})
}

// waiting stands for Empty where people read it.
const waiting = "waiting"

// StageStatus is where a stage stands, in the words of a Phase ("waiting" before
// the first draft).
type StageStatus struct {
	Stage hub.Stage `json:"stage"`
	State string    `json:"state"`
}

// ReporterView is what a reporter's person may see. It tells nothing of who
// moderates, how many approved, or when the release will be.
type ReporterView struct {
	Received time.Time       `json:"received"`
	Problems []hub.Problem   `json:"problems"`
	Dictated []Dictated      `json:"dictated,omitempty"` // versions that the secretariat wrote on the telephone
	Unsealed []Unsealed      `json:"unsealed,omitempty"` // when a case officer opened the original, and why
	Stages   []ReporterStage `json:"stages"`
}

// ReporterStage is one stage for the reporter.
type ReporterStage struct {
	StageStatus
	Version int        `json:"version,omitempty"` // of the draft
	Digest  hub.Digest `json:"digest"`            // what consent signs; zero without a draft
	Back    hub.Digest `json:"back"`              // what taking back signs
	Draft   []byte     `json:"draft,omitempty"`
	Thin    bool       `json:"thin,omitempty"`
	Missing []string   `json:"missing,omitempty"` // ids of questions that no fact answers
	Consent Mode       `json:"consent,omitempty"` // how it was given, "" when it is waited for
	Looks   []Look     `json:"looks,omitempty"`   // when the secretariat opened a draft, and why
	Reason  string     `json:"reason,omitempty"`  // "review.reason.<reason>", of a return or hold
	Talk    []Exchange `json:"talk,omitempty"`    // free questions
	Alert   *hub.Alert `json:"alert,omitempty"`   // newest entry that is out
}

// Can reports whether the reporter can do something with the stage now: "consent",
// "object", "correct" (send the report again), "stand" (this is all that we know) or
// "withdraw".
func (s ReporterStage) Can(what string) bool {
	in := func(phases ...Phase) bool { return slices.Contains(phases, Phase(s.State)) }
	switch what {
	case "consent":
		return in(Asking)
	case "object":
		return in(Asking, Reviewing, Scheduled)
	case "correct":
		return in(Returned, Held)
	case "stand":
		return in(Returned) && !mustChange(s.Reason)
	case "withdraw":
		return in(Released)
	}
	return false
}

// ModeratorView is what a drawn moderator may see: the draft and what is asked of
// them. It tells nothing of the member, of the times of the report or of others.
type ModeratorView struct {
	Review string     `json:"review"`
	Stage  hub.Stage  `json:"stage"`
	State  string     `json:"state"`           // phase of the stage
	Yours  SeatState  `json:"yours"`           // what the moderator did
	Digest hub.Digest `json:"digest"`          // what an approval signs
	Draft  []byte     `json:"draft,omitempty"` // while it is under review
	Thin   bool       `json:"thin,omitempty"`  // an approval must accept it
	Single []string   `json:"single,omitempty"`
	Duty   hub.Role   `json:"duty,omitempty"`   // called in an emergency
	Sign   Purpose    `json:"sign,omitempty"`   // what the signature must be for
	Reason string     `json:"reason,omitempty"` // of a hold: its class
	Talk   []Exchange `json:"talk,omitempty"`   // free questions about the stage, whoever asked

	// Since is when the moderator was asked for this draft: of the report's own times it
	// tells nothing.
	Since time.Time `json:"-"`
}

// Status returns what a machine of the reporter may see.
func (c *Case) Status() Status {
	return Status{[]StageStatus{c.status(hub.Flash), c.status(hub.Full)}}
}

func (c *Case) status(s hub.Stage) StageStatus {
	state := string(c.Phase(s))
	if state == "" {
		state = waiting
	}
	return StageStatus{s, state}
}

// ReporterView returns the case for one of the reporter's people; anybody else
// finds nothing.
func (c *Case) ReporterView(person string, r Roster) (ReporterView, error) {
	_, err := c.reporter(person, r)
	if err != nil {
		return ReporterView{}, hub.E(hub.NotFound, "review.not-found")
	}
	v := ReporterView{Received: c.outline.Received, Problems: slices.Clone(c.problems), Unsealed: slices.Clone(c.traces)}
	for _, report := range c.reports {
		if d := report.Dictated; d != nil {
			v.Dictated = append(v.Dictated, Dictated{With: d.With, Time: d.Time})
		}
	}
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		v.Stages = append(v.Stages, c.reporterStage(s))
	}
	return v, nil
}

// MayReadRecord wants one of the reporter's people, by signature over the commitment
// of the record: what opens the commitment proves who the victim was, and an access
// token alone may be the attacker's. Anybody else finds nothing.
func (c *Case) MayReadRecord(commitment hub.Digest, by Signed, r Roster) error {
	p, err := c.reporter(by.Person, r)
	if err != nil {
		return hub.E(hub.NotFound, "review.not-found")
	}
	return by.check(p, ToReadRecord, commitment)
}

func (c *Case) reporterStage(s hub.Stage) ReporterStage {
	t := c.track(s)
	v := ReporterStage{
		StageStatus: c.status(s), Version: t.version, Digest: t.digest, Back: c.BackDigest(s),
		Draft: t.draft.Bytes, Thin: t.draft.Thin, Missing: t.draft.Missing,
		Talk: slices.Clone(t.talk),
	}
	if t.consent != nil {
		v.Consent = t.consent.Kind
	}
	if p := c.Phase(s); p == Returned || p == Held || p == Asking && t.reason == InNews {
		v.Reason = t.reason
	}
	for _, l := range t.looks {
		v.Looks = append(v.Looks, l.Look)
	}
	if t.out != nil {
		alert := t.out.Alert
		v.Alert = &alert
	}
	return v
}

// ModeratorView returns one review for the person who holds its id. Not drawn,
// stepped aside, in conflict and no such review are one answer.
func (c *Case) ModeratorView(review, person string, r Roster) (ModeratorView, error) {
	s, i, err := c.sit(review, person, r)
	if err != nil {
		return ModeratorView{}, err
	}
	t, seat, phase := c.track(s), c.track(s).seats[i], c.Phase(s)
	v := ModeratorView{Review: review, Stage: s, State: string(phase), Yours: seat.State, Duty: seat.Duty, Since: seat.Time}
	if t.open.After(v.Since) {
		v.Since = t.open
	}
	if phase == Held {
		v.Reason = t.reason
	}
	open := phase == Reviewing || phase == Scheduled || phase == Released && !t.owed.IsZero()
	if !open {
		return v, nil
	}
	seat.Thin, v.Talk = t.draft.Thin, slices.Clone(t.talk)
	v.Digest, v.Draft, v.Thin, v.Single, v.Sign = t.digest, t.draft.Bytes, t.draft.Thin, t.draft.Single, seat.purpose()
	return v, nil
}

// ReviewsOf returns the review ids that a person holds in this case.
func (c *Case) ReviewsOf(person string) []string {
	var ids []string
	for _, s := range slices.Concat(c.flash.seats, c.full.seats) {
		if person != "" && s.Person == person && s.State != Recused {
			ids = append(ids, s.Review)
		}
	}
	return ids
}
