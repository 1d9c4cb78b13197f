package review

import (
	"bytes"
	"errors"
	"time"

	"isac/hub"
)

// Mode is how a stage's consent is to be had.
type Mode string

// Standing was given with the joining terms and serves for flashes only; Ask waits
// for a yes to each draft. Silence is never one.
const (
	Standing Mode = "standing"
	Ask      Mode = "ask"
)

// The other kinds that a Consent may have.
const (
	ByPerson Mode = "person"
	ByPhone  Mode = "telephone"
	// OfReleased is of a draft that was made of released alerts alone: there is nobody to
	// ask. A release compares it with them.
	OfReleased Mode = "released"
)

// Consent is how the reporter agreed to a draft.
type Consent struct {
	Kind  Mode     `json:"kind"`            // Standing, ByPerson or ByPhone
	By    []Signed `json:"by,omitempty"`    // one reporter, or two of the secretariat
	With  string   `json:"with,omitempty"`  // the reporter who was phoned
	Terms *Terms   `json:"terms,omitempty"` // standing only
}

type (
	consentAsked struct{}
	phoned       struct {
		Digest hub.Digest `json:"digest"`
		With   string     `json:"with"`
		By     Signed     `json:"by"`
	}
	consented struct {
		Consent Consent `json:"consent"`
	}
	objected struct {
		Person string `json:"person"`
	}
)

func (*consentAsked) kind() Kind { return KindConsentAsked }
func (*phoned) kind() Kind       { return KindPhoned }
func (*consented) kind() Kind    { return KindConsented }
func (*objected) kind() Kind     { return KindObjected }

// reporter returns a person who may speak for the organisation that reported.
// Anybody else learns nothing of the case.
func (c *Case) reporter(person string, r Roster) (hub.Person, error) {
	p, err := active(r, person)
	if err != nil {
		return hub.Person{}, err
	}
	if p.Org != c.member {
		return hub.Person{}, hub.E(hub.NotFound, "review.not-found")
	}
	if !p.Has(hub.Reporter) {
		return hub.Person{}, hub.E(hub.Forbidden, "review.not-reporter")
	}
	return p, nil
}

// Consent is the yes of a reporter's person to exactly this draft.
func (c *Case) Consent(now time.Time, s hub.Stage, digest hub.Digest, by Signed, r Roster) ([]Event, error) {
	return c.agree(now, s, digest, Consent{Kind: ByPerson, By: []Signed{by}}, r)
}

// ConsentByTelephone is the yes of the reporter's person `with`, on the word of two
// people of the secretariat, one after the other: the first signature waits for the
// second, which must name the same person. A new draft voids it.
func (c *Case) ConsentByTelephone(now time.Time, s hub.Stage, digest hub.Digest, with string, by Signed, r Roster) ([]Event, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	err = c.checkSpeakers(Consent{Kind: ByPhone, By: []Signed{by}, With: with}, r)
	if err != nil {
		return nil, err
	}
	if t.digest != digest {
		return nil, hub.E(hub.Conflict, "review.draft-changed")
	}
	if !can(KindPhoned, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	p, _ := r.Person(by.Person)
	err = by.check(p, ByTelephone, digest)
	if err != nil {
		return nil, err
	}
	first := t.phone
	switch {
	case first == nil || c.checkSpeakers(Consent{Kind: ByPhone, By: []Signed{first.By}, With: first.With}, r) != nil:
		return events(now, s, &phoned{digest, with, by})
	case first.By.Person == by.Person && first.With == with:
		return nil, nil
	case first.By.Person == by.Person:
		return events(now, s, &phoned{digest, with, by}) // corrects the own word
	case first.With != with:
		return nil, hub.E(hub.Conflict, "review.other-call")
	}
	return c.agree(now, s, digest, Consent{Kind: ByPhone, By: []Signed{first.By, by}, With: with}, r)
}

func (c *Case) agree(now time.Time, s hub.Stage, digest hub.Digest, yes Consent, r Roster) ([]Event, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	err = c.checkSpeakers(yes, r)
	if err != nil {
		return nil, err
	}
	if t.digest != digest {
		return nil, hub.E(hub.Conflict, "review.draft-changed")
	}
	if !can(KindConsented, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	err = c.checkConsent(s, yes, r)
	if err != nil {
		return nil, err
	}
	return events(now, s, &consented{yes})
}

// checkSpeakers wants people who are on the roster now.
func (c *Case) checkSpeakers(yes Consent, r Roster) error {
	if yes.Kind == ByPerson {
		_, err := c.reporter(yes.By[0].Person, r)
		return err
	}
	for _, s := range yes.By {
		p, err := active(r, s.Person)
		if err != nil {
			return err
		}
		if !p.Has(hub.Secretariat) {
			return hub.E(hub.NotFound, "review.not-found")
		}
	}
	_, err := c.reporter(yes.With, r)
	if err != nil {
		return hub.E(hub.Invalid, "review.not-reporter")
	}
	return nil
}

// checkConsent verifies a consent to the current draft, also long after it was
// given: people may have left since, joining terms must still stand.
func (c *Case) checkConsent(s hub.Stage, yes Consent, r Roster) error {
	digest := c.track(s).digest
	switch {
	case yes.Kind == OfReleased && c.several() && s == hub.Full:
		return nil
	case yes.Kind == Standing && s == hub.Flash && yes.Terms != nil:
		now, ok := standing(r, c.member)
		if ok && now.Version == yes.Terms.Version && bytes.Equal(now.Signature, yes.Terms.Signature) {
			return nil
		}
	case yes.Kind == ByPerson && len(yes.By) == 1:
		p, ok := r.Person(yes.By[0].Person)
		if ok && p.Org == c.member && p.Has(hub.Reporter) {
			return yes.By[0].check(p, ToConsent, digest)
		}
	case yes.Kind == ByPhone && len(yes.By) == 2:
		with, ok := r.Person(yes.With)
		if ok && with.Org == c.member && with.Has(hub.Reporter) {
			return checkPair(yes.By, ByTelephone, []hub.Digest{digest}, r, hub.Secretariat)
		}
	}
	return hub.E(hub.Forbidden, "review.no-consent")
}

// checkPair verifies two signatures of different people with different keys who
// hold one of the roles.
func checkPair(by []Signed, purpose Purpose, digests []hub.Digest, r Roster, roles ...hub.Role) error {
	var people []hub.Person
	for _, s := range by {
		p, ok := r.Person(s.Person)
		if !ok || !holds(p, roles) {
			return hub.E(hub.Forbidden, "error.forbidden")
		}
		err := s.check(p, purpose, digests...)
		if err != nil {
			return err
		}
		people = append(people, p)
	}
	if len(by) != 2 || by[0].Person == by[1].Person || !differ(people[0], by[0].Signature, people[1], by[1].Signature) {
		return hub.E(hub.Forbidden, "review.two-people")
	}
	return nil
}

func holds(p hub.Person, roles []hub.Role) bool {
	for _, r := range roles {
		if p.Has(r) {
			return true
		}
	}
	return false
}

// Object is the reporter's no to a draft, until the release begins. From then on
// every draft of the case is asked for, whatever the joining terms say.
func (c *Case) Object(now time.Time, s hub.Stage, person string, r Roster) ([]Event, error) {
	_, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	_, err = c.reporter(person, r)
	if err != nil {
		return nil, err
	}
	if phase == Objected {
		return nil, nil
	}
	if !can(KindObjected, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	return events(now, s, &objected{person})
}

func (*consentAsked) fold(_ *Case, t *track, e Event) error {
	reason := t.reason
	t.void()
	t.mode, t.asked = Ask, e.Time
	if reason == InNews {
		t.reason = reason
	}
	return nil
}

func (b *consented) fold(c *Case, t *track, e Event) error {
	k := b.Consent.Kind
	if t.digest.IsZero() || k != Standing && k != ByPerson && k != ByPhone && (k != OfReleased || !c.several()) {
		return errors.New("no draft, or unknown kind")
	}
	if k == Standing {
		if t != &c.flash || t.mode == Ask || c.ask {
			return errors.New("standing consent doesn't serve here")
		}
		t.mode = Standing
	}
	t.consent, t.phone, t.open, t.reason = &b.Consent, nil, e.Time, ""
	return nil
}

func (b *phoned) fold(_ *Case, t *track, _ Event) error {
	if t.digest.IsZero() || b.Digest != t.digest || b.By.Person == "" || b.With == "" {
		return errors.New("nobody, or another draft")
	}
	t.phone = b
	return nil
}

func (*objected) fold(c *Case, t *track, _ Event) error {
	t.void()
	t.mode, c.ask = Ask, true
	return nil
}
