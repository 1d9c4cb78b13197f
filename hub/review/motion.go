package review

import (
	"errors"
	"slices"
	"time"

	"isac/hub"
)

// Motion is the wish to take back an alert that is out: to withdraw it (a revoked
// version) or to recall it (its bytes are deleted everywhere). A reporter's person
// withdraws alone; everything else needs two people who moderate, are on duty or
// are of the secretariat. It needs no case: an alert can be recalled long after its case
// was shredded.
type Motion struct {
	Kind    hub.AlertKind `json:"kind"`           // Withdrawn or Recalled
	Alert   string        `json:"alert"`          // id
	Digest  hub.Digest    `json:"digest"`         // of the newest entry, which is what people sign
	Same    []hub.Digest  `json:"same,omitempty"` // of entries that an update parts from it: as good to sign
	Reason  string        `json:"reason"`         // of WithdrawReasons or RecallReasons
	By      []Signed      `json:"by"`
	Decided bool          `json:"decided,omitempty"`
}

// mayTakeBack are the roles of the two people.
var mayTakeBack = []hub.Role{hub.Moderator, hub.DutyOfficer, hub.Secretariat}

// NewMotion starts a motion on an alert. Nobody has signed it yet.
func NewMotion(a hub.Alert, kind hub.AlertKind, reason string) (Motion, error) {
	reasons := map[hub.AlertKind][]string{hub.Withdrawn: WithdrawReasons(), hub.Recalled: RecallReasons()}
	if a.ID == "" || a.Digest.IsZero() || !slices.Contains(reasons[kind], reason) {
		return Motion{}, hub.E(hub.Invalid, "review.unknown-reason")
	}
	if a.Kind == hub.Recalled || a.Kind == kind {
		return Motion{}, hub.E(hub.Conflict, "review.not-now")
	}
	return Motion{Kind: kind, Alert: a.ID, Digest: a.Digest, Reason: reason}, nil
}

// digests are what people may have signed.
func (m Motion) digests() []hub.Digest { return append([]hub.Digest{m.Digest}, m.Same...) }

// About reports whether the motion is on the alert as it is in its newest version.
func (m Motion) About(a hub.Alert) bool {
	return m.Alert == a.ID && slices.Contains(m.digests(), a.Digest)
}

// Follow returns a motion on an alert as one on its newest version, where nothing but
// updates lie between. Versions are oldest first.
func (m Motion) Follow(versions []hub.Alert) Motion {
	same := Same(versions)
	if slices.ContainsFunc(m.digests(), func(d hub.Digest) bool { return slices.Contains(same, d) }) {
		m.Same = same
	}
	return m
}

// Same returns the digests of an alert's newest version and of those from which only
// updates part it: what was decided of one of them holds of all. Versions are oldest
// first.
func Same(versions []hub.Alert) []hub.Digest {
	var out []hub.Digest
	for _, a := range slices.Backward(versions) {
		out = append(out, a.Digest)
		if a.Kind != hub.Updated {
			break
		}
	}
	return out
}

// purpose is what the signatures must be for.
func (m Motion) purpose() Purpose {
	if m.Kind == hub.Recalled {
		return ToRecall
	}
	return ToWithdraw
}

// Sign adds a person of the working group or the secretariat; the second decides.
// The same person again changes nothing.
func (m Motion) Sign(by Signed, r Roster) (Motion, error) {
	p, err := active(r, by.Person)
	if err != nil {
		return m, err
	}
	if !holds(p, mayTakeBack) {
		return m, hub.E(hub.Forbidden, "error.forbidden")
	}
	if m.Decided || len(m.By) > 1 {
		return m, hub.E(hub.Conflict, "review.not-now")
	}
	err = by.check(p, m.purpose(), m.digests()...)
	if err != nil {
		return m, err
	}
	if len(m.By) == 1 && m.By[0].Person == by.Person {
		return m, nil
	}
	m.By = append(slices.Clone(m.By), by)
	if len(m.By) == 2 {
		err = checkPair(m.By, m.purpose(), m.digests(), r, mayTakeBack...)
		m.Decided = err == nil
	}
	return m, err
}

// verify checks a decided motion on an alert. Reporter is the organisation whose
// person may withdraw alone, "" where it isn't known any more.
func (m Motion) verify(a hub.Alert, reporter string, r Roster) error {
	if !m.Decided || !m.About(a) || m.Kind != hub.Withdrawn && m.Kind != hub.Recalled {
		return hub.E(hub.Forbidden, "review.not-decided")
	}
	if len(m.By) != 1 {
		return checkPair(m.By, m.purpose(), m.digests(), r, mayTakeBack...)
	}
	p, ok := r.Person(m.By[0].Person)
	if !ok || m.Kind != hub.Withdrawn || reporter == "" || p.Org != reporter || !p.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "review.two-people")
	}
	return m.By[0].check(p, ToWithdraw, m.digests()...)
}

// TakenBack is an alert that must be withdrawn or recalled: the decision was
// verified when it was made. A zero TakenBack is refused by Valid.
type TakenBack struct {
	alert  hub.Alert
	kind   hub.AlertKind
	reason string
}

// TakeBack makes a TakenBack of a decided motion on the newest entry of an alert
// whose case is shredded. With a case use Case.TakenBack.
func TakeBack(m Motion, a hub.Alert, r Roster) (TakenBack, error) {
	return takeBack(m, a, "", r)
}

func takeBack(m Motion, a hub.Alert, reporter string, r Roster) (TakenBack, error) {
	err := m.verify(a, reporter, r)
	if err != nil {
		return TakenBack{}, err
	}
	return TakenBack{a, m.Kind, m.Reason}, nil
}

// Valid reports whether b was made by TakeBack or Case.TakenBack.
func (b TakenBack) Valid() bool { return b.alert.ID != "" && b.kind != "" }

// Alert is the newest entry of the alert that is taken back.
func (b TakenBack) Alert() hub.Alert { return b.alert }

// Kind is Withdrawn or Recalled.
func (b TakenBack) Kind() hub.AlertKind { return b.kind }

// Version is the version that the new entry has.
func (b TakenBack) Version() int { return b.alert.Version + 1 }

// Reason is the class of the reason; of a recall it is public.
func (b TakenBack) Reason() string { return b.reason }

type (
	cancelled struct {
		By Signed `json:"by"`
	}
	backAsked struct {
		Motion Motion `json:"motion"`
	}
	withdrawn struct {
		Motion Motion `json:"motion"`
	}
	recalled struct {
		Motion Motion `json:"motion"`
	}
)

func (*cancelled) kind() Kind { return KindCancelled }
func (*backAsked) kind() Kind { return KindBackAsked }
func (*withdrawn) kind() Kind { return KindWithdrawn }
func (*recalled) kind() Kind  { return KindRecalled }

// BackDigest is what a person signs to take a stage back: the digest of the newest
// entry, before a release of the draft, before a draft of the newest report.
func (c *Case) BackDigest(s hub.Stage) hub.Digest {
	t := c.track(s)
	switch {
	case t == nil:
	case t.out != nil:
		return t.out.Alert.Digest
	case !t.digest.IsZero():
		return t.digest
	case len(c.reports) > 0:
		return c.reports[len(c.reports)-1].Digest
	}
	return hub.Digest{}
}

// TakeBack withdraws or recalls a stage. Before anything is out only the reporter
// can, and the stage is cancelled. Of an alert that is out, the reporter alone
// withdraws; of others the first asks and a second decides.
func (c *Case) TakeBack(now time.Time, s hub.Stage, kind hub.AlertKind, reason string, by Signed, r Roster) ([]Event, error) {
	t, _, err := c.at(s)
	if err != nil {
		return nil, err
	}
	p, err := active(r, by.Person)
	if err != nil {
		return nil, err
	}
	mine := p.Org == c.member && !c.several() && p.Has(hub.Reporter) && kind == hub.Withdrawn
	switch {
	case t.out == nil && !mine:
		return nil, hub.E(hub.NotFound, "review.not-found")
	case t.out == nil:
		return c.cancel(now, s, by, p)
	}
	m, err := t.wish(kind, reason)
	if err != nil {
		return nil, err
	}
	if !mine {
		return c.second(now, s, m, by, r)
	}
	err = by.check(p, ToWithdraw, m.digests()...)
	if err != nil {
		return nil, err
	}
	if !can(KindWithdrawn, c.Phase(s)) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	m.By, m.Decided = []Signed{by}, true
	return c.decideBack(now, s, &withdrawn{m})
}

// decideBack is a decision to take back what is out. With a full alert goes a flash that
// isn't out: everybody would get it after members were told that it is wrong.
func (c *Case) decideBack(now time.Time, s hub.Stage, b body) ([]Event, error) {
	list, err := events(now, s, b)
	if err != nil || s != hub.Full {
		return list, err
	}
	return c.endFlash(now, list)
}

func (c *Case) cancel(now time.Time, s hub.Stage, by Signed, p hub.Person) ([]Event, error) {
	if c.Phase(s) == Cancelled {
		return nil, nil
	}
	if !can(KindCancelled, c.Phase(s)) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	err := by.check(p, ToWithdraw, c.BackDigest(s))
	if err != nil {
		return nil, err
	}
	return events(now, s, &cancelled{by})
}

// wish returns the motion that is asked for already (its reason stands), or a new one.
func (t *track) wish(kind hub.AlertKind, reason string) (Motion, error) {
	m, err := NewMotion(t.out.Alert, kind, reason)
	if err != nil {
		return m, err
	}
	m.Same = t.out.Same
	if t.motion != nil && t.motion.Kind == kind && t.motion.About(t.out.Alert) && !t.motion.Decided {
		m = *t.motion
	}
	return m, nil
}

func (c *Case) second(now time.Time, s hub.Stage, m Motion, by Signed, r Roster) ([]Event, error) {
	before := len(m.By)
	m, err := m.Sign(by, r)
	if err != nil {
		return nil, err
	}
	var b body = &backAsked{m}
	switch {
	case m.Decided && m.Kind == hub.Recalled:
		b = &recalled{m}
	case m.Decided:
		b = &withdrawn{m}
	case len(m.By) == before:
		return nil, nil
	}
	if !can(b.kind(), c.Phase(s)) {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	if !m.Decided {
		return events(now, s, b)
	}
	return c.decideBack(now, s, b)
}

// TakenBack returns what is being withdrawn or recalled, after verifying the
// decision against the roster.
func (c *Case) TakenBack(s hub.Stage, r Roster) (TakenBack, error) {
	t, phase, err := c.at(s)
	if err != nil {
		return TakenBack{}, err
	}
	due := map[Phase]hub.AlertKind{Withdrawing: hub.Withdrawn, Recalling: hub.Recalled}[phase]
	if due == "" || t.motion == nil || t.out == nil || t.motion.Kind != due {
		return TakenBack{}, hub.E(hub.Conflict, "review.not-now")
	}
	return takeBack(*t.motion, t.out.Alert, c.member, r)
}

func (*cancelled) fold(c *Case, t *track, _ Event) error {
	if t.out != nil {
		return errors.New("something is out")
	}
	t.void()
	c.ask = true
	return nil
}

func (b *backAsked) fold(_ *Case, t *track, _ Event) error { return t.move(b.Motion, false) }

func (b *withdrawn) fold(_ *Case, t *track, _ Event) error {
	t.void()
	t.owed = time.Time{}
	return t.move(b.Motion, true)
}

func (b *recalled) fold(_ *Case, t *track, _ Event) error {
	t.void()
	t.owed = time.Time{}
	return t.move(b.Motion, true)
}

func (t *track) move(m Motion, decided bool) error {
	if t.out == nil || !m.About(t.out.Alert) || m.Decided != decided {
		return errors.New("not about what is out")
	}
	t.motion = &m
	return nil
}
