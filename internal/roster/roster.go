// Package roster knows who is who at the hub: the sector list, the machine keys of
// members, the people and their tokens, the joining terms that members signed, the
// versions of the partition into cells, the members' cards of one-time codes, and the
// changes of the hub's key of alerts.
// All of it stands in the stream REGISTER; this package holds the folded state in
// memory.
//
// It trusts the stream. Tokens are stored as SHA-256 only and shown once; the
// private keys of people never come here.
//
//	r, err := roster.Open(ctx, bus)
//	org, ok := r.MemberOf(nkey)
package roster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/review"
	"isac/hub/succession"
	"isac/hub/vocab"
	"isac/internal/natsbus"
)

const (
	listSubject   = "register.list"
	keyPrefix     = "register.key."
	personPrefix  = "register.person."
	termsPrefix   = "register.terms."
	maxListBytes  = 64 << 20
	credentialsOK = 365 * 24 * time.Hour // longest life of credentials
)

// Roster is the folded stream REGISTER. It is safe for concurrent use.
type Roster struct {
	bus *natsbus.Bus

	binding sync.Mutex // one subject is bound at a time

	mu        sync.RWMutex
	seq       uint64 // of the last message of the stream that is folded
	list      *register.Register
	index     *register.Index
	keys      map[string]MemberKey    // by public nkey
	persons   map[string]person       // by person id
	tokens    map[hub.Digest]string   // from the secretariat, to person ids
	made      map[string]Token        // by people, by token id
	madeBy    map[hub.Digest]string   // to token ids
	terms     map[string]review.Terms // by member id
	exploited vocab.Exploited
	unfixed   []string
	attack    *vocab.Attack
	parts     partitions
	did       acts
	cards     map[string]card       // by card id
	codes     map[hub.Digest]string // card id by digest of a code
	quiet     map[string]string     // keyed words by keyed names
	steps     []succession.Step
	fits      func(*register.Register) error
	changed   []func()
}

// MemberKey is one machine identity of a member.
type MemberKey struct {
	Key     string    `json:"key"` // public nkey
	Member  string    `json:"member"`
	Issued  time.Time `json:"issued"`
	Expires time.Time `json:"expires"`
	Revoked bool      `json:"revoked,omitempty"`
}

type person struct {
	hub.Person
	Token      hub.Digest `json:"token"`               // SHA-256 of the token
	Invitation hub.Digest `json:"invitation,omitzero"` // SHA-256 of the code
	InvitedTo  time.Time  `json:"invited_to,omitzero"`
	Subject    *Subject   `json:"subject,omitempty"` // at the organisation's identity provider
	Gone       bool       `json:"gone,omitempty"`
}

// Open folds the stream REGISTER.
func Open(ctx context.Context, bus *natsbus.Bus) (*Roster, error) {
	r := &Roster{
		bus: bus, keys: map[string]MemberKey{}, persons: map[string]person{},
		tokens: map[hub.Digest]string{}, made: map[string]Token{}, madeBy: map[hub.Digest]string{}, terms: map[string]review.Terms{},
		cards: map[string]card{}, codes: map[hub.Digest]string{}, quiet: map[string]string{},
	}
	r.list = &register.Register{}
	r.index = register.NewIndex(r.list)
	err := r.catchUp(ctx)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// catchUp folds what was stored since.
func (r *Roster) catchUp(ctx context.Context) error {
	r.mu.RLock()
	after := r.seq
	r.mu.RUnlock()
	err := r.bus.Read(ctx, natsbus.Register, "register.>", after, r.take)
	if err != nil {
		return fmt.Errorf("reading roster: %w", err)
	}
	return nil
}

// take folds a message, unless it is folded already.
func (r *Roster) take(m natsbus.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.Seq <= r.seq {
		return nil
	}
	err := r.apply(m.Subject, m.Data)
	if err == nil {
		r.seq = m.Seq
	}
	return err
}

// Follow folds what other nodes of the hub store, until ctx ends.
func (r *Roster) Follow(ctx context.Context, failed func(error)) {
	r.mu.RLock()
	after := r.seq
	r.mu.RUnlock()
	r.bus.Follow(ctx, natsbus.Register, "register.>", after, func(m natsbus.Message) error {
		err := r.take(m)
		r.tell()
		return err
	}, failed)
}

func (r *Roster) apply(subject string, data []byte) error {
	switch {
	case subject == listSubject:
		return r.applyList(data)
	case strings.HasPrefix(subject, keyPrefix):
		return decode(data, func(k MemberKey) { r.keys[k.Key] = k })
	case strings.HasPrefix(subject, personPrefix):
		return decode(data, r.applyPerson)
	case strings.HasPrefix(subject, tokenPrefix):
		return decode(data, r.applyToken)
	case strings.HasPrefix(subject, termsPrefix):
		return decode(data, func(t review.Terms) { r.terms[t.Member] = t })
	case subject == exploitedSubject:
		return r.applyExploited(data)
	case subject == attackSubject:
		return r.applyAttack(data)
	case subject == unfixedSubject:
		return decode(data, func(cves []string) { r.unfixed = cves })
	case strings.HasPrefix(subject, partitionPrefix):
		return r.applyPartition(data)
	case strings.HasPrefix(subject, actPrefix):
		return r.applyAct(data)
	case strings.HasPrefix(subject, cardPrefix):
		return decode(data, r.applyCard)
	case strings.HasPrefix(subject, quietPrefix):
		return decode(data, func(k keyed) { r.quiet[k.Name] = k.Word })
	case strings.HasPrefix(subject, stepPrefix):
		return decode(data, func(s succession.Step) { r.steps = append(r.steps, s) })
	case strings.HasPrefix(subject, spentPrefix):
		return nil // asked for by name alone
	}
	return fmt.Errorf("reading roster: unknown subject kind")
}

func decode[T any](data []byte, use func(T)) error {
	var v T
	err := json.Unmarshal(data, &v)
	if err != nil {
		return fmt.Errorf("reading roster entry: %w", err)
	}
	use(v)
	return nil
}

func (r *Roster) applyPerson(p person) {
	if old, ok := r.persons[p.ID]; ok {
		delete(r.tokens, old.Token)
	}
	r.persons[p.ID] = p
	if !p.Gone {
		r.tokens[p.Token] = p.ID
	}
}

func (r *Roster) applyList(packed []byte) error {
	data, err := unpack(packed)
	if err != nil {
		return fmt.Errorf("unpacking sector list: %w", err)
	}
	return r.use(data)
}

// use makes csv the current sector list.
func (r *Roster) use(csv []byte) error {
	list, err := register.Read(bytes.NewReader(csv))
	if err != nil {
		return err
	}
	r.list, r.index = list, register.NewIndex(list)
	return nil
}

// Within makes lists refused for which fits has a reason. It tells whether the list of now
// is one of them, which stays.
func (r *Roster) Within(fits func(*register.Register) error) error {
	r.mu.Lock()
	r.fits = fits
	list := r.list
	r.mu.Unlock()
	return fits(list)
}

// Import replaces the sector list. On any error nothing changes.
func (r *Roster) Import(ctx context.Context, csv []byte) error {
	list, err := register.Read(bytes.NewReader(csv))
	if err != nil {
		return err
	}
	r.mu.RLock()
	fits := r.fits
	r.mu.RUnlock()
	if fits != nil {
		err = fits(list)
	}
	if err != nil {
		return err
	}
	packed, err := pack(csv)
	if err != nil {
		return fmt.Errorf("packing sector list: %w", err)
	}
	return r.store(ctx, listSubject, packed)
}

// storeJSON stores a value as the newest of its subject.
func (r *Roster) storeJSON(ctx context.Context, subject string, value any) error {
	return r.storeJSONAt(ctx, subject, natsbus.AnySeq, value)
}

// storeJSONAt is storeJSON where the last message of the subject is the one expected.
func (r *Roster) storeJSONAt(ctx context.Context, subject string, last uint64, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("storing in the roster: %w", err)
	}
	return r.storeAt(ctx, subject, last, data)
}

// store appends to the stream, then folds.
func (r *Roster) store(ctx context.Context, subject string, data []byte) error {
	return r.storeAt(ctx, subject, natsbus.AnySeq, data)
}

// storeAt is store where the last message of the subject is the one expected.
func (r *Roster) storeAt(ctx context.Context, subject string, last uint64, data []byte) error {
	seq, err := r.bus.Append(ctx, subject, last, nil, data)
	if err != nil {
		return err
	}
	err = r.fold(ctx, natsbus.Message{Subject: subject, Seq: seq, Data: data})
	r.tell()
	return err
}

// fold takes a message that this node has stored, and before it what others did.
func (r *Roster) fold(ctx context.Context, m natsbus.Message) error {
	r.mu.RLock()
	behind := m.Seq > r.seq+1
	r.mu.RUnlock()
	if behind {
		return r.catchUp(ctx)
	}
	return r.take(m)
}

// tell tells those who want to know of changes.
func (r *Roster) tell() {
	r.mu.RLock()
	told := r.changed
	r.mu.RUnlock()
	for _, f := range told {
		f()
	}
}

// OnChange calls f after every change.
func (r *Roster) OnChange(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = append(r.changed, f)
}

// List returns the current sector list and its index.
func (r *Roster) List() (*register.Register, *register.Index) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.list, r.index
}

// Organisation returns a row of the sector list.
func (r *Roster) Organisation(id string) (hub.Organisation, bool) {
	list, _ := r.List()
	return list.ByID(id)
}
