package review

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
)

// model is what the test itself knows of genuine acts on the current draft of one
// stage. It shares no code with the machine.
type model struct {
	digest   hub.Digest
	yes      map[string]string // person → organisation, genuine approvals
	asked    bool              // the reporter must be asked
	consent  bool              // a genuine yes, or standing terms
	standing bool
	called   map[string]bool // who was called for an emergency
	phoned   map[string]bool // who vouched for a call about which draft
}

// inConflict names the organisations that may never approve, by how newWorld is made.
var inConflict = []string{"victim", "sibling"}

// machine drives a case with random commands, genuine and not.
type machine struct {
	*story
	rt     *rapid.T
	stages map[hub.Stage]*model
	number uint64
}

func (m *machine) stage() hub.Stage {
	return rapid.SampledFrom([]hub.Stage{hub.Flash, hub.Full}).Draw(m.rt, "stage")
}

func (m *machine) who(label string) string {
	var ids []string
	for _, p := range m.w.people {
		ids = append(ids, p.ID)
	}
	return rapid.SampledFrom(append(ids, "", "ghost")).Draw(m.rt, label)
}

func (m *machine) purpose(likely Purpose) Purpose {
	if rapid.IntRange(0, 9).Draw(m.rt, "genuine") > 0 {
		return likely
	}
	return rapid.SampledFrom([]Purpose{ToConsent, ByTelephone, ToApprove, ToEmergency, ToWithdraw, ToRecall}).Draw(m.rt, "purpose")
}

// try folds the events of a command if it succeeded, and reports whether it did.
func (m *machine) try(list []Event, err error) bool {
	if err != nil {
		if len(list) > 0 {
			m.rt.Fatalf("a refused command gave events")
		}
		if k := hub.KindOf(err); k == hub.Internal {
			m.rt.Fatalf("a command failed inside: %v", err)
		}
		return false
	}
	m.apply(list)
	return len(list) > 0
}

func (m *machine) draft(rt *rapid.T) {
	s := m.stage()
	m.draftText(s, fmt.Sprintf("draft %d of %s", rapid.IntRange(0, 2).Draw(rt, "text"), s), rapid.Bool().Draw(rt, "ask"))
}

func (m *machine) draftText(s hub.Stage, words string, ask bool) {
	text := []byte(words)
	if !m.try(m.c.TakeDraft(m.now, s, Draft{Bytes: text, Ask: ask, Edition: ask}, m.w, m.w.random)) {
		return
	}
	if m.c.Phase(s) == Closed {
		m.forget(s, true)
		return
	}
	terms, ok := m.w.terms["victim"]
	m.stages[s].digest = hub.Sum(text)
	m.stages[s].yes, m.stages[s].called = map[string]string{}, map[string]bool{}
	m.stages[s].standing = s == hub.Flash && !ask && !m.stages[s].asked && ok && terms.Mode == "standing"
	m.stages[s].consent = m.stages[s].standing
}

func (m *machine) consentBy(rt *rapid.T) {
	s, person := m.stage(), m.who("person")
	_, d := m.c.Draft(s)
	p := m.purpose(ToConsent)
	if !m.try(m.c.Consent(m.now, s, d, m.w.sign(person, p, d), m.w)) {
		return
	}
	if person != "reporter" || p != ToConsent {
		rt.Fatalf("%q consented with a signature for %s", person, p)
	}
	m.stages[s].consent, m.stages[s].standing = true, false
}

func (m *machine) phone(rt *rapid.T) {
	s := m.stage()
	_, d := m.c.Draft(s)
	who := m.who("vouches")
	if rapid.Bool().Draw(rt, "secretariat") {
		who = rapid.SampledFrom([]string{"sec-1", "sec-2"}).Draw(rt, "which")
	}
	if !m.try(m.c.ConsentByTelephone(m.now, s, d, "reporter", m.w.sign(who, ByTelephone, d), m.w)) {
		return
	}
	if m.stages[s].phoned == nil {
		m.stages[s].phoned = map[string]bool{}
	}
	m.stages[s].phoned[who+d.String()] = true
	if m.c.Phase(s) != Reviewing {
		return
	}
	if k := m.stages[s].phoned; !k["sec-1"+d.String()] || !k["sec-2"+d.String()] {
		rt.Fatalf("consent by telephone on the word of %q alone", who)
	}
	m.stages[s].consent, m.stages[s].standing = true, false
}

func (m *machine) open(*rapid.T) {
	s := m.stage()
	_, d := m.c.Draft(s)
	m.try(m.c.Open(m.now, s, d, rapid.SampledFrom(OpenReasons()).Draw(m.rt, "reason"), m.who("person"), m.w, clocks))
}

func (m *machine) object(*rapid.T) {
	s := m.stage()
	if m.try(m.c.Object(m.now, s, m.who("person"), m.w)) {
		m.forget(s, true)
		m.stages[hub.Flash].asked, m.stages[hub.Full].asked = true, true
	}
}

func (m *machine) forget(s hub.Stage, consent bool) {
	m.stages[s].yes, m.stages[s].called = map[string]string{}, map[string]bool{}
	if consent {
		m.stages[s].consent, m.stages[s].standing = false, false
	}
}

func (m *machine) drawMore(rt *rapid.T) {
	m.try(m.c.Draw(m.now, m.stage(), rapid.IntRange(0, 4).Draw(rt, "want"), m.w, m.w.random))
}

func (m *machine) call(rt *rapid.T) {
	_, d := m.c.Draft(hub.Flash)
	in := Emergency{d, "exploited-now", m.who("caller"), m.who("moderator"), m.who("officer")}
	if rapid.Bool().Draw(rt, "sound") {
		in = Emergency{d, "exploited-now", "sec-1", "oncall", "officer"}
	}
	if !m.try(m.c.Call(m.now, in, m.w, m.w.random)) {
		return
	}
	for _, seat := range m.c.Seats(hub.Flash) { // the hub may have chosen them
		switch {
		case seat.Duty == hub.Moderator && seat.State != Recused:
			in.Moderator = seat.Person
		case seat.Duty == hub.DutyOfficer && seat.State != Recused:
			in.Officer = seat.Person
		}
	}
	for id := range m.stages[hub.Flash].yes { // who is called leaves the drawn seat
		if id == in.Moderator || id == in.Officer {
			delete(m.stages[hub.Flash].yes, id)
		}
	}
	m.stages[hub.Flash].called = map[string]bool{in.Moderator: true, in.Officer: true}
}

// someSeat picks a review id of the stage, or one that doesn't exist, and mostly
// the person who holds it.
func (m *machine) someSeat(s hub.Stage) (Seat, string) {
	seats := append(m.c.Seats(s), Seat{Review: "00000000000000000000000000000000"})
	seat := rapid.SampledFrom(seats).Draw(m.rt, "seat")
	person := seat.Person
	if rapid.IntRange(0, 5).Draw(m.rt, "other") == 0 {
		person = m.who("person")
	}
	return seat, person
}

func (m *machine) vote(rt *rapid.T) {
	s := m.stage()
	seat, person := m.someSeat(s)
	p := m.purpose(seat.purpose())
	d := m.stages[s].digest
	if rapid.IntRange(0, 5).Draw(rt, "stale") == 0 {
		d = hub.Sum([]byte(fmt.Sprintf("draft %d of %s", rapid.IntRange(0, 2).Draw(rt, "text"), s)))
	}
	if !m.try(m.c.Approve(m.now, Vote{Review: seat.Review, Digest: d, By: m.w.sign(person, p, d)}, m.w, clocks, m.w.random)) {
		return
	}
	if person != seat.Person || p != seat.purpose() || d != m.stages[s].digest {
		rt.Fatalf("an approval that isn't genuine was taken")
	}
	m.stages[s].yes[person] = seat.Org
}

func (m *machine) no(rt *rapid.T) {
	s := m.stage()
	seat, person := m.someSeat(s)
	switch rapid.IntRange(0, 2).Draw(rt, "how") {
	case 0:
		if m.try(m.c.Decline(m.now, seat.Review, person, "no-value", m.w)) {
			delete(m.stages[s].yes, person)
		}
	case 1:
		if m.try(m.c.Return(m.now, seat.Review, person, "unclear", nil, m.w)) {
			m.forget(s, false)
		}
	case 2:
		if m.try(m.c.Recuse(m.now, seat.Review, person, "conflict", m.w)) {
			delete(m.stages[s].yes, person)
		}
	}
}

func (m *machine) answer(*rapid.T) { m.try(m.c.Answer(m.now, m.stage(), m.who("person"), m.w)) }

func (m *machine) hold(*rapid.T) {
	s := m.stage()
	if m.try(m.c.Hold(m.now, s, "not-releasable")) {
		m.forget(s, true)
	}
}

func (m *machine) back(rt *rapid.T) {
	s := m.stage()
	kind := rapid.SampledFrom([]hub.AlertKind{hub.Withdrawn, hub.Recalled}).Draw(rt, "kind")
	purpose, reason := ToWithdraw, "wrong"
	if kind == hub.Recalled {
		purpose, reason = ToRecall, "leak"
	}
	by := m.w.sign(m.who("person"), m.purpose(purpose), m.signable(s))
	if !m.try(m.c.TakeBack(m.now, s, kind, reason, by, m.w)) {
		return
	}
	if p := m.c.Phase(s); p == Cancelled || p == Withdrawing || p == Recalling {
		m.forget(s, true)
		m.stages[hub.Flash].asked, m.stages[hub.Full].asked = m.stages[hub.Flash].asked || p == Cancelled, m.stages[hub.Full].asked || p == Cancelled
	}
}

func (m *machine) terms(rt *rapid.T) {
	m.w.join(rapid.SampledFrom([]Mode{Standing, Ask}).Draw(rt, "mode"))
	m.recheck(rt)
}

// recheck may only take away.
func (m *machine) recheck(*rapid.T) {
	before := [2]Phase{m.c.Phase(hub.Flash), m.c.Phase(hub.Full)}
	m.try(m.c.Recheck(m.now, m.w))
	if m.c.Phase(hub.Flash) == Asking && before[0] != Asking {
		m.forget(hub.Flash, true)
	}
}

func (m *machine) leave(rt *rapid.T) {
	id := rapid.SampledFrom([]string{"mod-a", "mod2-a", "oncall", "mod-b"}).Draw(rt, "who")
	m.w.leave(id)
	for _, s := range m.stages {
		delete(s.yes, id)
	}
}

func (m *machine) wait(rt *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
}

// advance takes the honest next step of a stage, so that runs get somewhere.
func (m *machine) advance(rt *rapid.T) {
	s := m.stage()
	_, d := m.c.Draft(s)
	switch m.c.Phase(s) {
	case Empty:
		m.draftText(s, "first draft", false)
	case Asking:
		if m.try(m.c.Consent(m.now, s, d, m.w.sign("reporter", ToConsent, d), m.w)) {
			m.stages[s].consent, m.stages[s].standing = true, false
		}
	case Reviewing:
		m.try(m.c.Draw(m.now, s, 2, m.w, m.w.random))
		for _, seat := range m.c.Seats(s) {
			if seat.State == Open && m.try(m.c.Approve(m.now, Vote{Review: seat.Review, Digest: d, By: m.w.sign(seat.Person, seat.purpose(), d)}, m.w, clocks, m.w.random)) {
				m.stages[s].yes[seat.Person] = seat.Org
				return
			}
		}
	case Scheduled:
		m.now = m.c.ReleaseAt(s)
	}
}

// publish tries to release, and if it can, holds it against the model.
func (m *machine) publish(rt *rapid.T) {
	s := m.stage()
	m.try(m.c.Begin(m.now, s, m.w))
	a, err := m.c.Approved(s, m.w)
	if err == nil {
		m.justified(rt, s, a)
	}
	out, isOut := m.c.Out(s)
	entry := hub.Alert{Number: m.number + 1, ID: m.c.AlertID(s), Version: 1, Kind: hub.Released, Stage: s, Published: m.now, Digest: hub.Sum([]byte{byte(m.number)})}
	if isOut {
		entry.Version, entry.Kind = out.Alert.Version+1, hub.Corrected
	}
	switch m.c.Phase(s) {
	case Withdrawing:
		entry.Kind = hub.Withdrawn
	case Recalling:
		entry.Kind = hub.Recalled
	case Releasing:
		if err != nil {
			return // the roster changed since; nothing goes out
		}
	}
	if m.try(m.c.NoteRelease(m.now, s, entry)) {
		m.number++
	}
}

// update has the log bring out an update, which nobody decided on: nothing that people
// decided may be lost, or gained, by it.
func (m *machine) update(rt *rapid.T) {
	s := m.stage()
	out, isOut := m.c.Out(s)
	before, draft, motion := m.c.Phase(s), m.stages[s].digest, m.c.track(s).motion
	entry := hub.Alert{Number: m.number + 1, ID: m.c.AlertID(s), Version: out.Alert.Version + 1, Kind: hub.Updated, Stage: s, Published: m.now, Digest: hub.Sum([]byte{byte(m.number), 'u'})}
	if !m.try(m.c.NoteUpdate(m.now, s, entry)) {
		return
	}
	m.number++
	now, _ := m.c.Out(s)
	if !isOut || out.Alert.Kind.Back() || now.Alert != entry || now.First != out.First || m.c.Phase(s) != before {
		rt.Fatalf("an update moved the case from %s to %s", before, m.c.Phase(s))
	}
	if _, d := m.c.Draft(s); d != draft && !draft.IsZero() {
		rt.Fatalf("an update changed the draft")
	}
	if after := m.c.track(s).motion; (motion == nil) != (after == nil) || after != nil && (!after.About(entry) || len(after.By) != len(motion.By)) {
		rt.Fatalf("an update lost a motion")
	}
}

// signable is what a person may have before them of what is out: its newest version, or
// one that has only been updated since.
func (m *machine) signable(s hub.Stage) hub.Digest {
	if out, ok := m.c.Out(s); ok {
		return rapid.SampledFrom(append(slices.Clone(out.Same), out.Alert.Digest)).Draw(m.rt, "version")
	}
	return m.c.BackDigest(s)
}

// justified is the property: consent of the recorded mode, and two genuine
// approvals of different organisations that aren't in conflict.
func (m *machine) justified(rt *rapid.T, s hub.Stage, a Approved) {
	k := m.stages[s]
	if !a.Valid() || a.Digest() != k.digest || a.Stage() != s {
		rt.Fatalf("what is approved isn't the current draft")
	}
	if !k.consent || k.standing && (s != hub.Flash || m.w.terms["victim"].Mode != "standing") {
		rt.Fatalf("released without consent: %+v", *k)
	}
	orgs := map[string]bool{}
	for person, org := range k.yes {
		if slices.Contains(inConflict, org) {
			rt.Fatalf("%s of %s approved", person, org)
		}
		if !a.Emergency() && k.called[person] {
			continue
		}
		if a.Emergency() && !k.called[person] {
			continue
		}
		orgs[org] = true
	}
	if len(orgs) < 2 {
		rt.Fatalf("released with approvals of %d organisations (emergency %v): %+v", len(orgs), a.Emergency(), *k)
	}
}

// What is delivered again after a lost answer changes nothing, also when a newer version
// came in between; a member may go back to what it sent first all the same.
func TestAnOlderReportComesAgain(t *testing.T) {
	s := newStory(t)
	first := Report{"r1", hub.Sum([]byte("report")), start, nil, nil}
	second := Report{"r2", hub.Sum([]byte("more")), start.Add(time.Hour), nil, nil}
	s.do(s.c.Receive("victim", second))
	again := first
	again.Number, again.Time = "r3", start.Add(time.Minute) // the same bytes, sent twice
	for _, r := range []Report{first, again, second} {
		if list, err := s.c.Receive("victim", r); err != nil || len(list) > 0 {
			t.Errorf("%s again gives %d events, %v", r.Number, len(list), err)
		}
	}
	again.Number, again.Time = "r4", start.Add(2*time.Hour)
	if s.do(s.c.Receive("victim", again)) != 1 {
		t.Error("a member can't go back to what it sent first")
	}
}

// TestNoWayToReleaseWithoutConsentAndTwoApprovals is the promise of the package.
func TestNoWayToReleaseWithoutConsentAndTwoApprovals(t *testing.T) {
	releases := 0
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{
			story: &story{t: rt, w: newWorld(rapid.Byte().Draw(rt, "seed")), c: new(Case), now: start}, rt: rt,
			stages: map[hub.Stage]*model{hub.Flash: {yes: map[string]string{}}, hub.Full: {yes: map[string]string{}}},
		}
		if rapid.Bool().Draw(rt, "standing") {
			m.w.join(Standing)
		}
		m.do(m.c.Receive("victim", Report{"r1", hub.Sum([]byte("report")), m.now, nil, nil}))
		step := func(f func(*rapid.T)) func(*rapid.T) {
			return func(rt *rapid.T) { m.rt = rt; f(rt) }
		}
		actions := map[string]func(*rapid.T){
			"draft": step(m.draft), "consent": step(m.consentBy), "phone": step(m.phone), "phone2": step(m.phone), "open": step(m.open),
			"object": step(m.object), "draw": step(m.drawMore), "draw2": step(m.drawMore),
			"call": step(m.call), "vote": step(m.vote), "vote2": step(m.vote), "vote3": step(m.vote),
			"no": step(m.no), "answer": step(m.answer), "hold": step(m.hold), "back": step(m.back),
			"terms": step(m.terms), "recheck": step(m.recheck), "leave": step(m.leave),
			"wait": step(m.wait), "publish": step(m.publish), "publish2": step(m.publish),
			"update": step(m.update), "update2": step(m.update),
		}
		for _, name := range []string{"on1", "on2", "on3", "on4", "on5", "on6", "on7", "on8"} {
			actions[name] = step(m.advance)
		}
		rt.Repeat(actions)
		m.replayed()
		releases += int(m.number)
	})
	t.Logf("%d entries were released", releases)
	if !testing.Short() && releases == 0 {
		t.Error("nothing was ever released: the test proves nothing")
	}
}
