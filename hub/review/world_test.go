package review

import (
	"crypto/ed25519"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"isac/hub"
)

// world is a small sector. Organisation "victim" reports; "sibling" has the same
// operator, "neighbour" the same municipality, "customer" the same vendor.
type world struct {
	orgs   map[string]hub.Organisation
	people []hub.Person
	gone   []hub.Person
	terms  map[string]Terms
	keys   map[string]ed25519.PrivateKey
	random *rand.ChaCha8
}

func (w *world) Person(id string) (hub.Person, bool) {
	for _, p := range slices.Concat(w.people, w.gone) {
		if p.ID == id {
			return p, true
		}
	}
	return hub.Person{}, false
}
func (w *world) People() []hub.Person { return w.people }
func (w *world) Organisation(id string) (hub.Organisation, bool) {
	o, ok := w.orgs[id]
	return o, ok
}

func (w *world) TermsOf(member string) (Terms, bool) {
	t, ok := w.terms[member]
	return t, ok
}

func newWorld(seed byte) *world {
	w := &world{orgs: map[string]hub.Organisation{}, terms: map[string]Terms{}, keys: map[string]ed25519.PrivateKey{}, random: rand.NewChaCha8([32]byte{seed})}
	add := func(id, operator, municipality, vendor string) {
		w.orgs[id] = hub.Organisation{ID: id, Operator: operator, Prefecture: "P", Municipality: municipality, Vendor: vendor, Member: true}
	}
	add("victim", "op-1", "town-1", "vendor-1")
	add("sibling", "op-1", "town-2", "vendor-2")
	add("neighbour", "op-3", "town-1", "vendor-3")
	add("customer", "op-4", "town-4", "vendor-1")
	for _, id := range []string{"a", "b", "c", "d"} {
		add(id, "op-"+id, "town-"+id, "vendor-"+id)
	}
	w.person("reporter", "victim", hub.Reporter)
	w.person("reader", "victim", hub.Reader)
	for _, org := range []string{"victim", "sibling", "neighbour", "customer", "a", "b", "c"} {
		w.person("mod-"+org, org, hub.Moderator)
	}
	w.person("mod2-a", "a", hub.Moderator)
	w.person("oncall", "d", hub.Moderator, hub.DutyOfficer)
	w.person("officer", "hub", hub.DutyOfficer)
	w.person("officer-victim", "victim", hub.DutyOfficer)
	w.person("sec-1", "hub", hub.Secretariat)
	w.person("sec-2", "hub", hub.Secretariat)
	w.person("reporter-a", "a", hub.Reporter)
	return w
}

func (w *world) person(id, org string, roles ...hub.Role) {
	seed := hub.Sum([]byte("key of " + id))
	key := ed25519.NewKeyFromSeed(seed[:])
	w.keys[id] = key
	w.people = append(w.people, hub.Person{ID: id, Org: org, Roles: roles, Key: key.Public().(ed25519.PublicKey)})
}

// leave takes a person off the roster.
func (w *world) leave(id string) {
	i := slices.IndexFunc(w.people, func(p hub.Person) bool { return p.ID == id })
	if i < 0 {
		return
	}
	w.gone = append(w.gone, w.people[i])
	w.people = slices.Delete(slices.Clone(w.people), i, i+1)
}

// join signs the member's terms.
func (w *world) join(mode Mode) {
	t := Terms{Member: "victim", Mode: string(mode), Person: "reporter", Version: "1", Signed: start}
	t.Signature = ed25519.Sign(w.keys["reporter"], t.SigningBytes())
	w.terms["victim"] = t
}

func (w *world) sign(person string, p Purpose, d hub.Digest) Signed {
	key, ok := w.keys[person]
	if !ok {
		return Signed{Person: person}
	}
	return Signed{person, ed25519.Sign(key, SigningBytes(p, d))}
}

var (
	start  = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	clocks = Clocks{
		Draft: 5 * time.Minute, FlashTarget: 8 * time.Hour, FlashLimit: 24 * time.Hour, FullLimit: 72 * time.Hour,
		ReleaseJitter:     4 * time.Hour,
		ConsentReminders:  []time.Duration{2 * time.Hour, 8 * time.Hour, 12 * time.Hour},
		ApprovalReminders: []time.Duration{2 * time.Hour, 4 * time.Hour, 8 * time.Hour},
		Emergency:         2 * time.Hour,
		EmergencyReview:   24 * time.Hour, Retention: 90 * 24 * time.Hour, LinkRetention: 180 * 24 * time.Hour,
		NextSlot: func(t time.Time) time.Time { return t.Truncate(6 * time.Hour).Add(6 * time.Hour) },
	}
)

// story drives one case and keeps its log.
type story struct {
	t interface {
		Helper()
		Fatalf(string, ...any)
	}
	w   *world
	c   *Case
	log []Event
	now time.Time
}

func newStory(t *testing.T) *story {
	s := &story{t: t, w: newWorld(1), c: new(Case), now: start}
	s.do(s.c.Receive("victim", Report{"r1", hub.Sum([]byte("report")), s.now, nil, nil}))
	return s
}

// do folds the events of a command, which must succeed.
func (s *story) do(list []Event, err error) int {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("command refused: %v", err)
	}
	s.apply(list)
	return len(list)
}

// apply folds what a command gave: it must always fold.
func (s *story) apply(list []Event) {
	s.t.Helper()
	if err := s.c.Apply(list...); err != nil {
		s.t.Fatalf("a command's own events don't fold: %v", err)
	}
	s.log = append(s.log, list...)
}

// refused wants a command to be refused with a kind of error and to change nothing.
func (s *story) refused(want hub.ErrorKind, list []Event, err error) {
	s.t.Helper()
	if hub.KindOf(err) != want || len(list) > 0 {
		s.t.Fatalf("got %v (%s) with %d events, want %s", err, hub.KindOf(err), len(list), want)
	}
}

func (s *story) draft(stage hub.Stage, text string) hub.Digest {
	s.t.Helper()
	s.do(s.c.TakeDraft(s.now, stage, Draft{Bytes: []byte(text)}, s.w, s.w.random))
	return hub.Sum([]byte(text))
}

func (s *story) consent(stage hub.Stage) {
	s.t.Helper()
	_, d := s.c.Draft(stage)
	s.do(s.c.Consent(s.now, stage, d, s.w.sign("reporter", ToConsent, d), s.w))
}

func (s *story) draw(stage hub.Stage) []Seat {
	s.t.Helper()
	s.do(s.c.Draw(s.now, stage, 2, s.w, s.w.random))
	return s.open(stage)
}

func (s *story) open(stage hub.Stage) []Seat {
	return slices.DeleteFunc(s.c.Seats(stage), func(x Seat) bool { return x.State != Open || x.Duty != "" })
}

func (s *story) vote(seat Seat, stage hub.Stage) Vote {
	_, d := s.c.Draft(stage)
	return Vote{Review: seat.Review, Digest: d, By: s.w.sign(seat.Person, seat.purpose(), d)}
}

func (s *story) approve(stage hub.Stage, seat Seat) {
	s.t.Helper()
	s.do(s.c.Approve(s.now, s.vote(seat, stage), s.w, clocks, s.w.random))
}

// approved goes from nothing to two approvals.
func (s *story) approved(stage hub.Stage) {
	s.t.Helper()
	s.draft(stage, "draft of "+string(stage))
	if s.c.Phase(stage) == Asking {
		s.consent(stage)
	}
	for _, seat := range s.draw(stage) {
		s.approve(stage, seat)
	}
}

func (s *story) release(stage hub.Stage, number uint64) hub.Alert {
	s.t.Helper()
	if at := s.c.ReleaseAt(stage); at.After(s.now) {
		s.now = at
	}
	s.do(s.c.Begin(s.now, stage, s.w))
	a, err := s.c.Approved(stage, s.w)
	if err != nil || !a.Valid() {
		s.t.Fatalf("approved: %v, valid %v", err, a.Valid())
	}
	alert := hub.Alert{Number: number, ID: a.AlertID(), Version: a.Version(), Kind: a.Kind(), Stage: stage, Published: s.now, Digest: hub.Sum([]byte{byte(number)})}
	s.do(s.c.NoteRelease(s.now, stage, alert))
	return alert
}

// replayed folds the log as read back from JSON and compares.
func (s *story) replayed() {
	s.t.Helper()
	data, err := json.Marshal(s.log)
	if err != nil {
		s.t.Fatalf("writing log: %v", err)
	}
	var log []Event
	if err := json.Unmarshal(data, &log); err != nil {
		s.t.Fatalf("reading log: %v", err)
	}
	again, err := Fold(log)
	if err != nil || !reflect.DeepEqual(again, s.c) {
		s.t.Fatalf("the log doesn't give the same case again: %v", err)
	}
	var o Outline
	for _, e := range log {
		e.Data = nil
		if err := o.Apply(e); err != nil {
			s.t.Fatalf("folding heads: %v", err)
		}
	}
	if o != s.c.Outline() {
		s.t.Fatalf("the heads alone give another outline")
	}
}
