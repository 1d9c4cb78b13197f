package review

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"isac/hub"
)

// Approved is a draft that may be released: consent and approvals were verified
// against the roster when it was made. Only Case.Approved makes one; a zero
// Approved is refused by Valid.
type Approved struct {
	stage     hub.Stage
	alert     string
	version   int
	kind      hub.AlertKind
	first     time.Time
	digest    hub.Digest
	draft     []byte
	marks     []string
	emergency bool
	several   bool
	standing  bool
}

// Valid reports whether a was made by Case.Approved and still holds its draft.
func (a Approved) Valid() bool {
	return a.alert != "" && a.version > 0 && !a.digest.IsZero() && hub.Sum(a.draft) == a.digest
}

// Stage is the stage of the case.
func (a Approved) Stage() hub.Stage { return a.stage }

// AlertID is the alert's UUIDv4.
func (a Approved) AlertID() string { return a.alert }

// Version is the alert's next version, from 1.
func (a Approved) Version() int { return a.version }

// Kind is Released for version 1, else Corrected.
func (a Approved) Kind() hub.AlertKind { return a.kind }

// First is when version 1 went out; zero for version 1.
func (a Approved) First() time.Time { return a.first }

// Digest is of the draft that people signed.
func (a Approved) Digest() hub.Digest { return a.digest }

// Draft is a copy of the draft's exact bytes.
func (a Approved) Draft() []byte { return bytes.Clone(a.draft) }

// Marks are the keys of suggestions that every approval accepted: each of the people
// found them in a public source older than the report.
func (a Approved) Marks() []string { return slices.Clone(a.marks) }

// Several reports whether the draft was made of released alerts, to which it must be held.
func (a Approved) Several() bool { return a.several }

// Standing reports whether nobody was asked for exactly this draft: the joining terms served.
func (a Approved) Standing() bool { return a.standing }

// Emergency reports whether the two called released it before review.
func (a Approved) Emergency() bool { return a.emergency }

// String hides everything.
func (a Approved) String() string { return "approved draft" }

// GoString hides everything in %#v too.
func (a Approved) GoString() string { return "approved draft" }

type (
	releasing struct {
		Digest  hub.Digest    `json:"digest"`
		Version int           `json:"version"`
		Kind    hub.AlertKind `json:"kind"`
	}
	released struct {
		Alert hub.Alert `json:"alert"`
	}
	updated struct {
		Alert hub.Alert `json:"alert"`
	}
)

func (*releasing) kind() Kind { return KindReleasing }
func (*released) kind() Kind  { return KindReleased }
func (*updated) kind() Kind   { return KindUpdated }

// Begin starts a release whose time has come, after verifying all of it. From then
// on nothing changes until NoteRelease or Hold. To begin what has begun gives
// nothing new.
func (c *Case) Begin(now time.Time, s hub.Stage, r Roster) ([]Event, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	if phase == Releasing {
		return nil, nil
	}
	if !can(KindReleasing, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	if now.Before(t.scheduled) {
		return nil, hub.E(hub.Conflict, "review.too-early")
	}
	_, err = c.verify(s, r)
	if err != nil {
		return nil, err
	}
	version, kind := t.next()
	return events(now, s, &releasing{t.digest, version, kind})
}

// Approved returns what is being released, after verifying draft, consent and
// approvals against the roster as it is now. It trusts no stored event.
func (c *Case) Approved(s hub.Stage, r Roster) (Approved, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return Approved{}, err
	}
	if phase != Releasing {
		return Approved{}, hub.E(hub.Conflict, "review.not-now")
	}
	emergency, err := c.verify(s, r)
	if err != nil {
		return Approved{}, err
	}
	version, kind := t.next()
	a := Approved{
		stage: s, alert: t.alert, version: version, kind: kind,
		digest: t.digest, draft: bytes.Clone(t.draft.Bytes), marks: c.accepted(s, r), emergency: emergency, several: c.several(), standing: t.mode == Standing,
	}
	if t.out != nil {
		a.first = t.out.First
	}
	return a, nil
}

// accepted returns what all verified approvals of a stage accepted.
func (c *Case) accepted(s hub.Stage, r Roster) []string {
	var out []string
	first := true
	for _, seat := range c.track(s).seats {
		if seat.State != Agreed || c.checkVote(s, seat, r) != nil {
			continue
		}
		if first {
			out, first = slices.Clone(seat.Accept), false
			continue
		}
		out = slices.DeleteFunc(out, func(key string) bool { return !slices.Contains(seat.Accept, key) })
	}
	return out
}

// next is the version and kind that a release of the stage has.
func (t *track) next() (int, hub.AlertKind) {
	if t.out == nil {
		return 1, hub.Released
	}
	return t.out.Alert.Version + 1, hub.Corrected
}

// verify checks the current draft of a stage from the ground: digest, consent of
// the recorded mode, and approvals of two organisations or, in an emergency, of
// the two called.
func (c *Case) verify(s hub.Stage, r Roster) (emergency bool, err error) {
	t := c.track(s)
	if t.digest.IsZero() || hub.Sum(t.draft.Bytes) != t.digest || t.consent == nil {
		return false, hub.E(hub.Forbidden, "review.not-approved")
	}
	if (t.mode == Standing) != (t.consent.Kind == Standing) {
		return false, hub.E(hub.Forbidden, "review.no-consent")
	}
	err = c.checkConsent(s, *t.consent, r)
	if err != nil {
		return false, err
	}
	var drawn, called []Seat
	for _, seat := range t.seats {
		if seat.State != Agreed || c.checkVote(s, seat, r) != nil {
			continue
		}
		if seat.Duty == "" {
			drawn = append(drawn, seat)
		} else {
			called = append(called, seat)
		}
	}
	if two(drawn, r) {
		return false, nil
	}
	if t.emergency != "" && two(called, r) {
		return true, nil
	}
	return false, hub.E(hub.Forbidden, "review.not-approved")
}

// two reports whether verified seats hold two people of different organisations
// and keys. The seats of the called are one of each duty.
func two(seats []Seat, r Roster) bool {
	for i, a := range seats {
		p, _ := r.Person(a.Person)
		for _, b := range seats[i+1:] {
			q, _ := r.Person(b.Person)
			if a.Org != b.Org && a.Person != b.Person && a.Duty != b.Duty == (a.Duty != "") && a.Signed != nil && b.Signed != nil && differ(p, a.Signed.Signature, q, b.Signed.Signature) {
				return true
			}
		}
	}
	return false
}

// NoteRelease records the entry of the alert log that a stage got: a release, a
// correction, the revoked version of a withdrawal, or the tombstone of a recall.
// The same entry again gives nothing new. A full alert that is out closes a flash
// that isn't, unless that is still to have an edition for everybody, who get no full alert;
// one that is taken back closes it anyway.
func (c *Case) NoteRelease(now time.Time, s hub.Stage, a hub.Alert) ([]Event, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	if t.out != nil && t.out.Alert == a {
		return nil, nil
	}
	if !can(KindReleased, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	a.Published = instant(a.Published)
	err = t.entry(s, phase, a)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Conflict, Text: "review.other-entry", Err: err}
	}
	list, err := events(now, s, &released{a})
	if err != nil || s != hub.Full || c.awaited() && !a.Kind.Back() {
		return list, err
	}
	return c.endFlash(now, list)
}

// endFlash has a flash that isn't out closed by what happened to the full alert.
func (c *Case) endFlash(now time.Time, list []Event) ([]Event, error) {
	if c.flash.out != nil || !can(KindClosed, c.outline.Flash) {
		return list, nil
	}
	more, err := events(now, hub.Flash, &closed{})
	return append(list, more...), err
}

// awaited reports whether people are still to decide on a flash that everybody would get.
func (c *Case) awaited() bool {
	return c.flash.draft.Edition && slices.Contains([]Phase{Asking, Reviewing, Scheduled, Returned}, c.outline.Flash)
}

// entry checks that an entry of the alert log is the one that is due.
func (t *track) entry(s hub.Stage, phase Phase, a hub.Alert) error {
	version, kind := t.next()
	kinds := map[Phase]hub.AlertKind{Releasing: kind, Withdrawing: hub.Withdrawn, Recalling: hub.Recalled}
	whole := a.Number > 0 && !a.Digest.IsZero() && !a.Published.IsZero()
	if !whole || a.ID != t.alert || a.Stage != s || a.Version != version || a.Kind != kinds[phase] {
		return errors.New("not the entry that is due")
	}
	return nil
}

func (b *releasing) fold(_ *Case, t *track, _ Event) error {
	version, kind := t.next()
	if b.Digest != t.digest || b.Version != version || b.Kind != kind {
		return errors.New("not the draft that was approved")
	}
	return nil
}

func (b *released) fold(_ *Case, t *track, e Event) error {
	kinds := map[hub.AlertKind]Phase{hub.Released: Releasing, hub.Corrected: Releasing, hub.Withdrawn: Withdrawing, hub.Recalled: Recalling}
	err := t.entry(e.Stage, kinds[b.Alert.Kind], b.Alert)
	if err != nil {
		return err
	}
	out := &Out{Alert: b.Alert, Draft: t.digest, First: b.Alert.Published}
	if t.out != nil {
		out.First = t.out.First
	}
	t.owed = time.Time{}
	if kinds[b.Alert.Kind] == Releasing && t.agreedOrgs() < 2 {
		t.owed = e.Time
	}
	t.out, t.motion, t.scheduled = out, nil, time.Time{}
	return nil
}

// NoteUpdate records an update that the alert log has of what is out: a version that
// nobody decided on, between two that people did. What was signed of the version before
// holds of it, and the next version comes after it. The same again gives nothing new.
func (c *Case) NoteUpdate(now time.Time, s hub.Stage, a hub.Alert) ([]Event, error) {
	t, _, err := c.in(s, KindUpdated)
	if err != nil {
		return nil, err
	}
	if t.out != nil && t.out.Alert == a {
		return nil, nil
	}
	a.Published = instant(a.Published)
	err = t.update(s, a)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Conflict, Text: "review.other-entry", Err: err}
	}
	return events(now, s, &updated{a})
}

// update checks that an entry of the alert log is an update of what is out.
func (t *track) update(s hub.Stage, a hub.Alert) error {
	whole := a.Number > 0 && !a.Digest.IsZero() && !a.Published.IsZero()
	if !whole || t.out == nil || a.ID != t.alert || a.Stage != s || a.Version != t.out.Alert.Version+1 || a.Kind != hub.Updated || t.out.Alert.Kind.Back() {
		return errors.New("not an update of what is out")
	}
	return nil
}

func (b *updated) fold(_ *Case, t *track, e Event) error {
	err := t.update(e.Stage, b.Alert)
	if err != nil {
		return err
	}
	out := *t.out
	out.Same = append(slices.Clone(out.Same), out.Alert.Digest)
	out.Alert = b.Alert
	t.out = &out
	if t.motion != nil {
		m := *t.motion
		m.Same = append(slices.Clone(m.Same), b.Alert.Digest)
		t.motion = &m
	}
	return nil
}
