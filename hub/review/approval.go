package review

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Vote is a moderator's yes to exactly this draft.
type Vote struct {
	Review string     // the random id that the moderator was given
	Digest hub.Digest // of the draft that was read
	By     Signed     // for ToApprove, ToApproveThin; of the called: ToEmergency, ToEmergencyThin; over Accepting(Digest, Accept)
	Thin   bool       // accepts that the draft says little
	Accept []string   // accepts these facts maybe made for the victim
}

type (
	approved struct {
		Review string     `json:"review"`
		Digest hub.Digest `json:"digest"`
		By     Signed     `json:"by"`
		Thin   bool       `json:"thin,omitempty"`
		Accept []string   `json:"accept,omitempty"`
	}
	declined struct {
		Review string `json:"review"`
		Reason string `json:"reason"`
	}
	returned struct {
		Review   string   `json:"review"`
		Reason   string   `json:"reason"`
		LeaveOut []string `json:"leaveOut,omitempty"`
		Question string   `json:"question,omitempty"` // with the reason Free
	}
	recused struct {
		Review string `json:"review"`
		Reason string `json:"reason"`
	}
	scheduled struct {
		At time.Time `json:"at"`
	}
	stopped  struct{}
	reopened struct{}
	reviewed struct{}
)

func (*approved) kind() Kind  { return KindApproved }
func (*declined) kind() Kind  { return KindDeclined }
func (*returned) kind() Kind  { return KindReturned }
func (*recused) kind() Kind   { return KindRecused }
func (*scheduled) kind() Kind { return KindScheduled }
func (*stopped) kind() Kind   { return KindStopped }
func (*reopened) kind() Kind  { return KindReopened }
func (*reviewed) kind() Kind  { return KindReviewed }

// sit finds the seat of a review id for the person who holds it. Not drawn, stepped
// aside, in conflict and no such review are one and the same answer.
func (c *Case) sit(review, person string, r Roster) (hub.Stage, int, error) {
	missing := hub.E(hub.NotFound, "review.not-found")
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		t := c.track(s)
		i := t.seatAt(review)
		if i < 0 {
			continue
		}
		seat := t.seats[i]
		_, ok := seat.fit(r, c.member)
		if !ok || seat.Person != person || seat.State == Recused || c.outline.Shredded {
			return "", 0, missing
		}
		return s, i, nil
	}
	return "", 0, missing
}

// deciding is sit for a decision: Conflict when the stage isn't under review.
func (c *Case) deciding(review, person string, k Kind, r Roster) (hub.Stage, *track, int, error) {
	s, i, err := c.sit(review, person, r)
	if err != nil {
		return "", nil, 0, err
	}
	t := c.track(s)
	phase := c.Phase(s)
	if !can(k, phase) || phase == Released && t.owed.IsZero() {
		return "", nil, 0, hub.E(hub.Conflict, "review.not-now")
	}
	return s, t, i, nil
}

// Approve records a yes. When it is the second of two organisations (or of the two
// called in an emergency) the release gets its time: a flash a random moment within
// clocks.ReleaseJitter, a full alert the next slot, an emergency at once.
func (c *Case) Approve(now time.Time, v Vote, r Roster, clocks Clocks, random io.Reader) ([]Event, error) {
	s, i, err := c.sit(v.Review, v.By.Person, r)
	if err != nil {
		return nil, err
	}
	t := c.track(s)
	if t.seats[i].State == Agreed && t.digest == v.Digest {
		return nil, nil
	}
	_, _, _, err = c.deciding(v.Review, v.By.Person, KindApproved, r)
	if err != nil {
		return nil, err
	}
	if t.digest != v.Digest {
		return nil, hub.E(hub.Conflict, "review.draft-changed")
	}
	yes := t.seats[i]
	yes.State, yes.Signed, yes.Thin, yes.Accept = Agreed, &v.By, v.Thin, slices.Clone(v.Accept)
	err = c.checkVote(s, yes, r)
	if err != nil {
		return nil, err
	}
	return c.afterYes(now, s, &approved{v.Review, v.Digest, v.By, v.Thin, v.Accept}, clocks, random)
}

// checkVote verifies an approval of the current draft.
func (c *Case) checkVote(s hub.Stage, yes Seat, r Roster) error {
	t := c.track(s)
	p, ok := yes.fit(r, c.member)
	if !ok || yes.State != Agreed || yes.Signed == nil || yes.Signed.Person != yes.Person || c.proposed(yes.Org) {
		return hub.E(hub.NotFound, "review.not-found")
	}
	if yes.Duty != "" && s != hub.Flash {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	if t.draft.Thin && !yes.Thin {
		return hub.E(hub.Invalid, "review.thin")
	}
	for _, key := range yes.Accept {
		if !slices.Contains(t.draft.Single, key) {
			return hub.E(hub.Invalid, "review.single")
		}
	}
	if t.digest.IsZero() {
		return hub.E(hub.Unsigned, "review.bad-signature")
	}
	return yes.Signed.check(p, yes.purpose(), Accepting(t.digest, yes.Accept))
}

// afterYes adds what a sufficient number of approvals brings.
func (c *Case) afterYes(now time.Time, s hub.Stage, yes *approved, clocks Clocks, random io.Reader) ([]Event, error) {
	list, err := events(now, s, yes)
	if err != nil {
		return nil, err
	}
	next := c.clone()
	err = next.Apply(list...)
	if err != nil {
		return nil, err
	}
	t := next.track(s)
	var more body
	switch {
	case c.Phase(s) == Released && t.agreedOrgs() >= 2:
		more = &reviewed{}
	case c.Phase(s) == Released || !t.cleared():
		return list, nil
	default:
		at, err := clocks.release(now, c.outline.Received, s, t.calledAgree(), random)
		if err != nil {
			return nil, err
		}
		more = &scheduled{instant(at)}
	}
	then, err := events(now, s, more)
	return append(list, then...), err
}

// Decline is a moderator's no. Two of different organisations stop the stage.
func (c *Case) Decline(now time.Time, review, person, reason string, r Roster) ([]Event, error) {
	s, t, i, err := c.deciding(review, person, KindDeclined, r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(DeclineReasons(), reason) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	if t.seats[i].State == Refused {
		return nil, nil
	}
	list := []body{&declined{review, reason}}
	if c.Phase(s) == Reviewing && t.seats[i].Duty == "" && t.countOrgs(Refused) >= 1 {
		list = append(list, &stopped{})
	}
	return events(now, s, list...)
}

// Return sends a draft back. LeaveOut are keys of facts, with the reason
// "leave-out"; no later draft may have them. What was approved so far is void, and with
// InNews the consent too: standing consent doesn't serve any more.
func (c *Case) Return(now time.Time, review, person, reason string, leaveOut []string, r Roster) ([]Event, error) {
	s, _, _, err := c.deciding(review, person, KindReturned, r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ReturnReasons(), reason) || (reason == "leave-out") != (len(leaveOut) > 0) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	list := []body{&returned{Review: review, Reason: reason, LeaveOut: leaveOut}}
	if reason == InNews {
		if c.several() { // nobody is there to be asked
			return nil, hub.E(hub.Invalid, "review.unknown-reason")
		}
		list = append(list, &consentAsked{})
	}
	return events(now, s, list...)
}

// Ask sends a draft back with a free question that has passed the gate. What was approved
// so far is void.
func (c *Case) Ask(now time.Time, review, person, question string, r Roster) ([]Event, error) {
	s, t, _, err := c.deciding(review, person, KindReturned, r)
	if err != nil {
		return nil, err
	}
	if c.several() { // nobody is there to be asked
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	err = Plain(question)
	if err != nil {
		return nil, err
	}
	if !t.asks() {
		return nil, hub.E(hub.Conflict, "review.questions-enough")
	}
	return events(now, s, &returned{Review: review, Reason: Free, Question: strings.TrimSpace(question)})
}

// Recuse lets a moderator step aside, up to the release. An approval of theirs is
// void.
func (c *Case) Recuse(now time.Time, review, person, reason string, r Roster) ([]Event, error) {
	s, t, i, err := c.deciding(review, person, KindRecused, r)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(RecuseReasons(), reason) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	return c.stepAside(now, s, []body{&recused{t.seats[i].Review, reason}})
}

// stepAside adds what a recusal brings: an approved stage may be under review again.
func (c *Case) stepAside(now time.Time, s hub.Stage, list []body) ([]Event, error) {
	out, err := events(now, s, list...)
	if err != nil || c.Phase(s) != Scheduled {
		return out, err
	}
	next := c.clone()
	err = next.Apply(out...)
	if err != nil {
		return nil, err
	}
	if next.track(s).cleared() {
		return out, nil
	}
	more, err := events(now, s, &reopened{})
	return append(out, more...), err
}

func (b *approved) fold(_ *Case, t *track, e Event) error {
	i := t.seatAt(b.Review)
	if i < 0 || t.seats[i].State == Recused || b.By.Person != t.seats[i].Person || b.Digest != t.digest {
		return errors.New("no seat, or another draft")
	}
	s := &t.seats[i]
	s.State, s.Signed, s.Thin, s.Accept, s.Reason = Agreed, &b.By, b.Thin, b.Accept, ""
	if e.Version < marksSigned {
		s.Accept = nil // nobody signed them: they stay inside
	}
	return nil
}

func (b *declined) fold(_ *Case, t *track, _ Event) error {
	return t.mark(b.Review, Refused, b.Reason)
}

func (b *recused) fold(_ *Case, t *track, _ Event) error {
	return t.mark(b.Review, Recused, b.Reason)
}

func (b *returned) fold(c *Case, t *track, _ Event) error {
	i := t.seatAt(b.Review)
	if i < 0 || t.seats[i].State == Recused {
		return errors.New("no seat")
	}
	c.ask = c.ask || b.Reason == InNews
	if b.Question != "" {
		t.talk = append(slices.Clone(t.talk), Exchange{Question: b.Question})
	}
	t.scheduled = time.Time{}
	t.reopenSeats()
	t.reason, t.leaveOut = b.Reason, slices.Concat(t.leaveOut, b.LeaveOut)
	if s := &t.seats[i]; s.Duty == "" {
		s.State, s.Reason = SentBack, b.Reason
	}
	return nil
}

// mark sets a seat's state without an approval.
func (t *track) mark(review string, state SeatState, reason string) error {
	i := t.seatAt(review)
	if i < 0 || t.seats[i].State == Recused && state != Recused {
		return errors.New("no seat")
	}
	s := &t.seats[i]
	s.State, s.Signed, s.Thin, s.Accept, s.Reason = state, nil, false, nil, reason
	return nil
}

func (b *scheduled) fold(_ *Case, t *track, _ Event) error {
	if !t.cleared() || t.consent == nil || b.At.IsZero() {
		return errors.New("not approved")
	}
	t.scheduled = b.At
	return nil
}

func (*stopped) fold(_ *Case, t *track, _ Event) error {
	t.reason, t.emergency = "declined", ""
	return nil
}

func (*reopened) fold(_ *Case, t *track, e Event) error {
	t.scheduled, t.open = time.Time{}, e.Time
	return nil
}

func (*reviewed) fold(_ *Case, t *track, _ Event) error {
	if t.agreedOrgs() < 2 {
		return errors.New("not approved")
	}
	t.owed = time.Time{}
	return nil
}
