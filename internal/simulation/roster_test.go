package simulation

import (
	"crypto/ed25519"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// roster is a small sector: "victim" reports, five organisations moderate.
type roster struct {
	orgs   map[string]hub.Organisation
	people []hub.Person
	byID   map[string]hub.Person
	keys   map[string]ed25519.PrivateKey
	terms  *review.Terms
}

func (r *roster) Person(id string) (hub.Person, bool) { p, ok := r.byID[id]; return p, ok }
func (r *roster) People() []hub.Person                { return r.people }

func (r *roster) Organisation(id string) (hub.Organisation, bool) { o, ok := r.orgs[id]; return o, ok }

func (r *roster) TermsOf(member string) (review.Terms, bool) {
	if r.terms == nil || member != "victim" {
		return review.Terms{}, false
	}
	return *r.terms, true
}

func keyOf(name string) ed25519.PrivateKey {
	seed := hub.Sum([]byte("key of " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func newRoster(standing bool) *roster {
	r := &roster{orgs: map[string]hub.Organisation{}, byID: map[string]hub.Person{}, keys: map[string]ed25519.PrivateKey{}}
	for _, id := range []string{"victim", "a", "b", "c"} {
		r.orgs[id] = hub.Organisation{ID: id, Operator: "op-" + id, Prefecture: "P", Municipality: "town-" + id, Vendor: "vendor-" + id, Member: true}
	}
	r.add("reporter", "victim", hub.Reporter)
	for _, id := range []string{"a", "b", "c"} {
		r.add("mod-"+id, id, hub.Moderator)
	}
	r.add("sec", review.Hub, hub.Secretariat)
	if standing {
		t := review.Terms{Member: "victim", Mode: string(review.Standing), Person: "reporter", Version: "1", Signed: start}
		t.Signature = ed25519.Sign(r.keys["reporter"], t.SigningBytes())
		r.terms = &t
	}
	return r
}

func (r *roster) add(id, org string, roles ...hub.Role) {
	key := keyOf(id)
	p := hub.Person{ID: id, Org: org, Roles: roles, Key: key.Public().(ed25519.PublicKey)}
	r.keys[id], r.byID[id] = key, p
	r.people = append(r.people, p)
}

func (r *roster) sign(person string, p review.Purpose, d hub.Digest) review.Signed {
	return review.Signed{Person: person, Signature: ed25519.Sign(r.keys[person], review.SigningBytes(p, d))}
}

var (
	start  = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	clocks = review.Clocks{
		Draft: 5 * time.Minute, FlashTarget: 8 * time.Hour, FlashLimit: 24 * time.Hour, FullLimit: 72 * time.Hour,
		ReleaseJitter:     4 * time.Hour,
		ConsentReminders:  []time.Duration{2 * time.Hour},
		ApprovalReminders: []time.Duration{2 * time.Hour, 4 * time.Hour, 8 * time.Hour},
		Emergency:         2 * time.Hour, EmergencyReview: 24 * time.Hour, Retention: 90 * 24 * time.Hour, LinkRetention: 180 * 24 * time.Hour,
		NextSlot: func(t time.Time) time.Time { return t.Truncate(6 * time.Hour).Add(6 * time.Hour) },
	}
)
