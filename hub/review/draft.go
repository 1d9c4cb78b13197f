package review

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Draft is what the hub would release, for people to decide on.
type Draft struct {
	Bytes   []byte   `json:"bytes"`             // exact encoding; its SHA-256 is the digest that people sign
	Thin    bool     `json:"thin,omitempty"`    // says little: moderators must accept that in words
	Single  []string `json:"single,omitempty"`  // keys of suggestions, maybe made for this victim: they go out where every approval accepts them
	Missing []string `json:"missing,omitempty"` // ids of questions that no fact answers, for the reporter
	Ask     bool     `json:"ask,omitempty"`     // ask even where standing consent would serve (the news has it, say)
	Edition bool     `json:"edition,omitempty"` // everybody gets an edition of it
}

type (
	received struct {
		Member string `json:"member"`
		Report Report `json:"report"`
	}
	problems struct {
		Problems []hub.Problem `json:"problems"`
	}
	drafted struct {
		Draft  Draft      `json:"draft"`
		Digest hub.Digest `json:"digest"`
		Alert  string     `json:"alert"`
	}
	answered struct {
		Person string `json:"person"`
		Text   string `json:"text,omitempty"` // to a free question
	}
	held struct {
		Reason string `json:"reason"`
	}
	closed struct{}
)

func (*received) kind() Kind { return KindReceived }
func (*problems) kind() Kind { return KindProblems }
func (*drafted) kind() Kind  { return KindDrafted }
func (*answered) kind() Kind { return KindAnswered }
func (*held) kind() Kind     { return KindHeld }
func (*closed) kind() Kind   { return KindClosed }

// Receive takes a report, or a new version of it, in. The same report twice gives
// nothing new, also when a newer version came in between. A case has one member: anybody
// else finds nothing here. What the hub itself stands for has somebody who proposed it.
func (c *Case) Receive(member string, r Report) ([]Event, error) {
	if member == "" || r.Number == "" || r.Digest.IsZero() || r.Time.IsZero() {
		return nil, hub.E(hub.Invalid, "review.no-report")
	}
	if c.member != "" && c.member != member {
		return nil, hub.E(hub.NotFound, "review.not-found")
	}
	if c.outline.Shredded {
		return nil, hub.E(hub.Gone, "review.shredded")
	}
	if (member == Hub) != (r.Proposed != nil) {
		return nil, hub.E(hub.Invalid, "review.no-report")
	}
	r.Time = instant(r.Time)
	if c.has(r) && (r.Proposed == nil || c.proposed(r.Proposed.Org)) {
		return nil, nil
	}
	return events(r.Time, "", &received{member, r})
}

// has reports whether a report was taken in: it is the newest, or older than the newest
// and comes again, as what is delivered again after a lost answer does. A member that
// goes back to an older version sends it later.
func (c *Case) has(r Report) bool {
	if len(c.reports) == 0 {
		return false
	}
	newest := c.reports[len(c.reports)-1]
	return newest.Digest == r.Digest || slices.ContainsFunc(c.reports, func(old Report) bool {
		return old.Number == r.Number || old.Digest == r.Digest && !r.Time.After(newest.Time)
	})
}

func (b *received) fold(c *Case, _ *track, _ Event) error {
	if b.Member == "" || c.member != "" && c.member != b.Member {
		return errors.New("another member")
	}
	c.member = b.Member
	c.reports = append(c.reports, b.Report)
	c.problems = nil
	if b.Report.Proposed != nil {
		c.full.unseat(b.Report.Proposed.Org)
	}
	return nil
}

// unseat takes an organisation's seats away.
func (t *track) unseat(org string) {
	for i, s := range t.seats {
		if s.Org == org {
			t.seats[i].State, t.seats[i].Signed = Recused, nil
		}
	}
}

// NoteProblems records what is wrong with the newest report. Problems stop nothing.
func (c *Case) NoteProblems(now time.Time, list []hub.Problem) ([]Event, error) {
	if len(list) == 0 || slices.EqualFunc(list, c.problems, func(a, b hub.Problem) bool {
		return a.Path == b.Path && a.Rule == b.Rule && slices.Equal(a.Args, b.Args)
	}) {
		return nil, nil
	}
	return events(now, "", &problems{list})
}

func (b *problems) fold(c *Case, _ *track, _ Event) error {
	c.problems = b.Problems
	return nil
}

// TakeDraft puts a new draft of a stage before people. The same draft again gives
// nothing new; a changed one voids consent and approvals. Where standing consent
// serves it is recorded at once, else the reporter is asked. After the full alert a flash
// is for everybody alone: one that isn't any more is closed. Random gives the id of a
// first draft's alert, 16 bytes.
func (c *Case) TakeDraft(now time.Time, s hub.Stage, d Draft, r Roster, random io.Reader) ([]Event, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return nil, err
	}
	if len(d.Bytes) == 0 {
		return nil, hub.E(hub.Invalid, "review.no-draft")
	}
	if hub.Sum(d.Bytes) == t.digest && phase != Cancelled {
		return nil, nil
	}
	if !can(KindDrafted, phase) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	if s == hub.Flash && c.full.out != nil && t.out == nil && (!d.Edition || c.full.out.Alert.Kind.Back()) {
		return events(now, s, &closed{})
	}
	alert := t.alert
	if alert == "" {
		alert, err = newUUID(random)
		if err != nil {
			return nil, err
		}
	}
	d.Single = slices.Compact(slices.Sorted(slices.Values(d.Single)))
	list := []body{&drafted{d, hub.Sum(d.Bytes), alert}}
	if c.several() {
		if s != hub.Full {
			return nil, hub.E(hub.Invalid, "review.unknown-stage")
		}
		list = append(list, &consented{Consent{Kind: OfReleased}})
	} else if terms, ok := standing(r, c.member); ok && s == hub.Flash && !d.Ask && !c.ask {
		list = append(list, &consented{Consent{Kind: Standing, Terms: &terms}})
	} else {
		list = append(list, &consentAsked{})
	}
	return events(now, s, list...)
}

func (b *drafted) fold(c *Case, t *track, e Event) error {
	if b.Digest != hub.Sum(b.Draft.Bytes) || b.Alert == "" || t.alert != "" && t.alert != b.Alert {
		return errors.New("not the draft that it says")
	}
	t.draft, t.digest, t.alert, t.drafted = b.Draft, b.Digest, b.Alert, e.Time
	t.version++
	t.mode, t.asked = "", time.Time{}
	t.void()
	return nil
}

// void forgets consent and decisions. Who was drawn stays drawn: fewer people see
// the case.
func (t *track) void() {
	t.consent, t.phone, t.open, t.scheduled, t.reason = nil, nil, time.Time{}, time.Time{}, ""
	t.reopenSeats()
}

// reopenSeats forgets decisions and the emergency, whose people must be called
// again. Who stepped aside keeps the reason: a conflict bars colleagues from every draw.
func (t *track) reopenSeats() {
	t.emergency = ""
	for i := range t.seats {
		s := &t.seats[i]
		switch {
		case s.Duty != "":
			s.State, s.Reason = Recused, ""
		case s.State != Recused:
			s.State, s.Reason = Open, ""
		}
		s.Signed, s.Accept, s.Thin = nil, nil, false
	}
}

// Answer is the reporter's "this is all that we know" to a returned draft: the
// review goes on with the same draft. A draft that must change needs a new one.
func (c *Case) Answer(now time.Time, s hub.Stage, person string, r Roster) ([]Event, error) {
	return c.Reply(now, s, person, "", r)
}

// Reply is Answer with an answer to a free question that has passed the gate.
func (c *Case) Reply(now time.Time, s hub.Stage, person, text string, r Roster) ([]Event, error) {
	t, _, err := c.in(s, KindAnswered)
	if err != nil {
		return nil, err
	}
	_, err = c.reporter(person, r)
	if err != nil {
		return nil, err
	}
	if mustChange(t.reason) {
		return nil, hub.E(hub.Conflict, "review.must-change")
	}
	if text != "" {
		err = Plain(text)
		if err == nil && t.reason != Free {
			err = hub.E(hub.Conflict, "review.not-now")
		}
		if err != nil {
			return nil, err
		}
	}
	return events(now, s, &answered{person, strings.TrimSpace(text)})
}

func (b *answered) fold(_ *Case, t *track, e Event) error {
	if t.consent == nil || mustChange(t.reason) {
		return errors.New("nothing to go on with")
	}
	t.open, t.reason = e.Time, ""
	t.heard(b.Text)
	t.reopenSeats()
	return nil
}

// Hold stops a stage because the gate holds it back. It goes back to the reporter
// without a value; a changed draft starts it again.
func (c *Case) Hold(now time.Time, s hub.Stage, reason string) ([]Event, error) {
	_, phase, err := c.in(s, KindHeld)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(HoldReasons(), reason) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	if phase == Held && c.track(s).reason == reason {
		return nil, nil
	}
	return events(now, s, &held{reason})
}

func (b *held) fold(_ *Case, t *track, _ Event) error {
	t.void()
	t.reason = b.Reason
	return nil
}

func (b *closed) fold(_ *Case, t *track, _ Event) error {
	t.void()
	return nil
}

// newUUID makes an RFC 4122 version 4 id of 16 random bytes.
func newUUID(random io.Reader) (string, error) {
	var b [16]byte
	_, err := io.ReadFull(random, b[:])
	if err != nil {
		return "", fmt.Errorf("drawing alert id: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], nil
}
