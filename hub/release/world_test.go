package release_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/hub/vocab"
)

var (
	born  = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	start = time.Date(2026, 9, 14, 3, 20, 0, 0, time.UTC)
)

func seeded(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

// sector is what all tests share: a list of invented organisations, and what is
// made of it once.
type sector struct {
	orgs []hub.Organisation
	a    *anonymize.Anonymizer
	gate release.Gate
	v    *vocab.Vocab
}

var shared = sync.OnceValues(func() (*sector, error) {
	orgs := synthetic.Register(200, 11)
	reg, err := register.New(orgs)
	if err != nil {
		return nil, err
	}
	p := profile.HealthcareJP()
	v := vocab.Default(p)
	compiled, err := gate.Compile(reg.Header(), reg.Rows())
	if err != nil {
		return nil, err
	}
	return &sector{
		orgs: orgs, v: v,
		a:    anonymize.New(anonymize.Config{Register: register.NewIndex(reg), RegisterDigest: reg.Digest(), Profile: p, Vocab: v}),
		gate: release.Gate{Register: compiled, Own: release.OwnTexts(v, p)},
	}, nil
})

func theSector(t testing.TB) *sector {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// draft makes a draft of facts, as the anonymizer would have written it.
func (s *sector) draft(t testing.TB, stage hub.Stage, facts []hub.Fact, malwareTypes ...string) anonymize.Draft {
	t.Helper()
	for i := range facts {
		facts[i].Confirmed = true
	}
	if malwareTypes == nil {
		malwareTypes = []string{}
	}
	p := profile.HealthcareJP()
	b := anonymize.Body{
		Format: 1, Stage: stage, TLP: p.TLP, Record: hub.Sum([]byte("record")), Profile: p.ID, ProfileVersion: p.Version,
		Facts: facts, Suggested: []hub.Fact{}, MalwareTypes: malwareTypes, Salt: hub.Sum([]byte("salt")).String(),
		Analysis: analysis.Write(analysis.Input{Stage: stage, Facts: facts, Profile: p, Vocab: s.v}),
	}
	b.Severity = b.Analysis.Severity
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		t.Fatal(err)
	}
	d, err := s.a.Decode(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
	if err != nil {
		t.Fatal(err)
	}
	d, err = s.a.Without(d, nil, seeded(3)) // with the anonymizer's own versions and digests
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// room is the hub's side of the log: its entries, and the lasting objects in them.
type room struct {
	*sector
	pub     ed25519.PublicKey
	key     ed25519.PrivateKey
	roster  *roster
	now     time.Time
	entries []deliver.Entry
	known   map[string]stix.Object
	chain   deliver.Chain
	random  *rand.ChaCha8
}

func newRoom(t testing.TB) *room {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	return &room{
		sector: theSector(t), pub: key.Public().(ed25519.PublicKey), key: key, roster: newRoster(), now: start,
		known: map[string]stix.Object{}, random: seeded(1),
	}
}

func (r *room) params() release.Params {
	n := uint64(len(r.entries))
	p := release.Params{
		Number: n + 1, Published: r.now, FirstNumber: n + 1, FirstPublished: r.now,
		Hub:     release.Identity{ID: stix.NameID("identity", "test"), Name: "Sector ISAC", Created: born},
		BaseURL: "https://hub.example.org", Vocab: r.v,
		Known: func(id string) (stix.Object, bool) { o, ok := r.known[id]; return o, ok },
	}
	if n > 0 {
		last := r.entries[n-1]
		p.Previous, p.PreviousID = last.Digest, last.ID
	}
	return p
}

// later is params for a further version of the alert of a number.
func (r *room) later(first uint64) release.Params {
	p := r.params()
	p.FirstNumber, p.FirstPublished = first, r.entries[first-1].Published
	return p
}

// entry signs a bulletin.
func (r *room) entry(t testing.TB, b release.Bulletin) deliver.Entry {
	t.Helper()
	e, err := b.Entry(func(data []byte) ([]byte, error) { return ed25519.Sign(r.key, data), nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// store signs a bulletin, checks all that must hold of every entry, and appends it.
func (r *room) store(t testing.TB, b release.Bulletin) deliver.Entry {
	t.Helper()
	e := r.entry(t, b)
	checkEntry(t, r.pub, e)
	chain, err := r.chain.Next(e)
	if err != nil {
		t.Fatal(err)
	}
	r.chain, r.entries = chain, append(r.entries, e)
	for _, o := range objects(t, e.Bundle) {
		if release.Lasting(o) {
			r.known[o.ID()] = o
		}
	}
	return e
}

func objects(t testing.TB, bundle []byte) []stix.Object {
	t.Helper()
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	return b.Objects
}

// roster is a small working group: who reports, and two who moderate.
type roster struct {
	people []hub.Person
	keys   map[string]ed25519.PrivateKey
}

func newRoster() *roster {
	r := &roster{keys: map[string]ed25519.PrivateKey{}}
	for _, p := range []hub.Person{
		{ID: "reporter", Org: "victim", Roles: []hub.Role{hub.Reporter}},
		{ID: "one", Org: "a", Roles: []hub.Role{hub.Moderator}},
		{ID: "two", Org: "b", Roles: []hub.Role{hub.Moderator}},
	} {
		seed := hub.Sum([]byte(p.ID))
		r.keys[p.ID] = ed25519.NewKeyFromSeed(seed[:])
		p.Key = r.keys[p.ID].Public().(ed25519.PublicKey)
		r.people = append(r.people, p)
	}
	return r
}

func (r *roster) Person(id string) (hub.Person, bool) {
	for _, p := range r.people {
		if p.ID == id {
			return p, true
		}
	}
	return hub.Person{}, false
}
func (r *roster) People() []hub.Person { return r.people }
func (r *roster) Organisation(id string) (hub.Organisation, bool) {
	return hub.Organisation{ID: id, Operator: "of " + id, Municipality: "town of " + id, Vendor: "vendor of " + id, Member: true}, true
}
func (r *roster) TermsOf(string) (review.Terms, bool) { return review.Terms{}, false }

func (r *roster) sign(person string, p review.Purpose, d hub.Digest) review.Signed {
	return review.Signed{Person: person, Signature: ed25519.Sign(r.keys[person], review.SigningBytes(p, d))}
}

// file is one case in review.
type file struct {
	*room
	t testing.TB
	c *review.Case
}

func (r *room) open(t testing.TB) *file {
	f := &file{r, t, new(review.Case)}
	f.do(f.c.Receive("victim", review.Report{Number: "r1", Digest: hub.Sum([]byte("report")), Time: r.now}))
	return f
}

func (f *file) do(list []review.Event, err error) {
	f.t.Helper()
	if err == nil {
		err = f.c.Apply(list...)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// approve takes a draft through consent and two approvals.
func (f *file) approve(d anonymize.Draft) review.Approved {
	f.t.Helper()
	s, digest := d.Body().Stage, d.Digest()
	thin := d.Body().Analysis.Thin
	f.do(f.c.TakeDraft(f.now, s, review.Draft{Bytes: d.Encode(), Thin: thin}, f.roster, f.random))
	f.do(f.c.Consent(f.now, s, digest, f.roster.sign("reporter", review.ToConsent, digest), f.roster))
	if len(f.c.Seats(s)) == 0 {
		f.do(f.c.Draw(f.now, s, 2, f.roster, f.random))
	}
	purpose := review.ToApprove
	if thin {
		purpose = review.ToApproveThin
	}
	for _, seat := range f.c.Seats(s) {
		vote := review.Vote{Review: seat.Review, Digest: digest, By: f.roster.sign(seat.Person, purpose, digest), Thin: thin}
		f.do(f.c.Approve(f.now, vote, f.roster, review.Clocks{}, f.random))
	}
	f.do(f.c.Begin(f.now, s, f.roster))
	ok, err := f.c.Approved(s, f.roster)
	if err != nil {
		f.t.Fatal(err)
	}
	return ok
}

// release brings an approved draft out.
func (f *file) release(d anonymize.Draft) deliver.Entry {
	f.t.Helper()
	ok := f.approve(d)
	p := f.params()
	if out, again := f.c.Out(d.Body().Stage); again {
		p = f.later(f.firstOf(out.Alert.ID))
	}
	b, err := release.Build(f.a, ok, p, f.gate)
	if err != nil {
		f.t.Fatal(err)
	}
	e := f.store(f.t, b)
	proof, err := deliver.ProofOf(e.Bundle)
	body := d.Body()
	if err != nil || proof != (deliver.Proof{PolicyVersion: body.PolicyVersion, Policy: body.PolicyDigest, Record: body.Record}) {
		f.t.Errorf("the alert says of its making %+v, %v", proof, err)
	}
	f.do(f.c.NoteRelease(f.now, d.Body().Stage, e.Alert))
	return e
}

func (f *file) firstOf(id string) uint64 {
	for _, e := range f.entries {
		if e.ID == id {
			return e.Number
		}
	}
	f.t.Fatal("no such alert")
	return 0
}
