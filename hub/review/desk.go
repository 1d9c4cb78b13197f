package review

import (
	"errors"
	"slices"
	"time"

	"isac/hub"
)

// The secretariat's desk. Who runs the hub opens nothing of a case without a reason
// and a trace: it sees that a draft waits, under the draft's digest, and opens one
// only where somebody must be telephoned. The trace stands in the case, and its
// reporter sees it.

// Waiting is a draft that people are waited for, as the secretariat may see it:
// nothing of the case, the member or the text.
type Waiting struct {
	Digest  hub.Digest `json:"digest"` // names the draft; only who has read it can tell it
	Stage   hub.Stage  `json:"stage"`
	State   string     `json:"state"`
	Since   time.Time  `json:"since"`
	Overdue bool       `json:"overdue"` // the last reminder has passed: somebody must be telephoned
	Phoned  bool       `json:"phoned"`  // one of two signed a consent by telephone
}

// Waiting returns the drafts of the case that people are waited for.
func (c *Case) Waiting(now time.Time, k Clocks) []Waiting {
	var list []Waiting
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		t, phase := c.track(s), c.Phase(s)
		since := t.waits(phase)
		if since.IsZero() || c.outline.Shredded {
			continue
		}
		list = append(list, Waiting{t.digest, s, string(phase), since, t.overdue(phase, now, k), t.phone != nil})
	}
	return list
}

// waits returns since when people are waited for, zero when nobody is.
func (t *track) waits(phase Phase) time.Time {
	switch phase {
	case Asking:
		return t.asked
	case Reviewing:
		return t.open
	case Released:
		return t.owed
	}
	return time.Time{}
}

// overdue reports whether those who are waited for let the last reminder pass.
func (t *track) overdue(phase Phase, now time.Time, k Clocks) bool {
	since := t.waits(phase)
	after := k.EmergencyReview
	switch phase {
	case Asking:
		after = last(k.ConsentReminders)
	case Reviewing:
		after = last(k.ApprovalReminders)
	}
	return !since.IsZero() && !now.Before(since.Add(after))
}

func last(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1]
}

// Look is the trace of an opened draft, for its reporter.
type Look struct {
	Time   time.Time `json:"time"`
	Reason string    `json:"reason"` // of OpenReasons
}

type (
	look struct {
		Look
		Person string
		Digest hub.Digest
	}
	opened struct {
		Person string     `json:"person"`
		Reason string     `json:"reason"`
		Digest hub.Digest `json:"digest"`
	}
)

func (*opened) kind() Kind { return KindOpened }

// Open records that somebody of the secretariat opens a draft, and why. The same
// again gives nothing new; View shows what is then to be seen.
func (c *Case) Open(now time.Time, s hub.Stage, digest hub.Digest, reason, person string, r Roster, k Clocks) ([]Event, error) {
	p, err := active(r, person)
	if err != nil {
		return nil, err
	}
	if !p.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	t, phase, err := c.in(s, KindOpened)
	if err != nil {
		return nil, err
	}
	switch {
	case digest.IsZero() || t.digest != digest: // a stage may be objected to that has no draft
		return nil, hub.E(hub.Conflict, "review.draft-changed")
	case !slices.Contains(OpenReasons(), reason):
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	case reason == "no-answer" && !t.overdue(phase, now, k):
		return nil, hub.E(hub.Conflict, "review.not-overdue")
	case reason != "no-answer" && !can(KindPhoned, phase):
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	if t.seenBy(person, reason) {
		return nil, nil
	}
	return events(now, s, &opened{person, reason, digest})
}

// seenBy reports whether the person opened the current draft, "" for any reason.
func (t *track) seenBy(person, reason string) bool {
	return slices.ContainsFunc(t.looks, func(l look) bool {
		return l.Person == person && l.Digest == t.digest && (reason == "" || l.Reason == reason)
	})
}

func (b *opened) fold(_ *Case, t *track, e Event) error {
	if b.Person == "" || b.Digest != t.digest || t.digest.IsZero() {
		return errors.New("nobody, or another draft")
	}
	t.looks = append(t.looks, look{Look{e.Time, b.Reason}, b.Person, b.Digest})
	return nil
}

// DeskView is what somebody of the secretariat sees of an opened draft: whom to
// telephone, and what to read to them. Of a draft under review that is the
// moderators who have not answered, and neither text nor member.
type DeskView struct {
	Digest    hub.Digest `json:"digest"`
	Stage     hub.Stage  `json:"stage"`
	State     string     `json:"state"`
	Draft     []byte     `json:"draft,omitempty"`
	Thin      bool       `json:"thin,omitempty"`
	Member    string     `json:"member,omitempty"`
	Reporters []string   `json:"reporters,omitempty"` // people of the member who may consent
	With      string     `json:"with,omitempty"`      // whom the first of the two telephoned
	Open      []string   `json:"moderators,omitempty"`
	Alert     string     `json:"alert,omitempty"` // what is out, where its review is owed
}

// DeskView returns a draft for somebody who has opened it; without the trace there
// is nothing to see.
func (c *Case) DeskView(s hub.Stage, person string, r Roster) (DeskView, error) {
	p, err := active(r, person)
	if err != nil {
		return DeskView{}, err
	}
	t, phase, err := c.at(s)
	if err != nil {
		return DeskView{}, err
	}
	if !p.Has(hub.Secretariat) || !can(KindOpened, phase) || !t.seenBy(person, "") {
		return DeskView{}, hub.E(hub.NotFound, "review.not-found")
	}
	v := DeskView{Digest: t.digest, Stage: s, State: string(phase)}
	if !can(KindPhoned, phase) {
		for _, seat := range t.seats {
			if seat.State == Open {
				v.Open = append(v.Open, seat.Person)
			}
		}
		if t.out != nil {
			v.Alert = t.out.Alert.ID
		}
		return v, nil
	}
	v.Draft, v.Thin, v.Member = t.draft.Bytes, t.draft.Thin, c.member
	for _, p := range r.People() {
		if p.Org == c.member && p.Has(hub.Reporter) {
			v.Reporters = append(v.Reporters, p.ID)
		}
	}
	if t.phone != nil {
		v.With = t.phone.With
	}
	return v, nil
}
