package roster

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// AddPerson puts a person on the roster and returns the access token, which is
// stored nowhere. Key is the person's Ed25519 public key. Only the hub's own people are
// of the secretariat or of a desk: the one may open drafts of every member, the other
// is told who calls for help.
func (r *Roster) AddPerson(ctx context.Context, org string, roles []hub.Role, key []byte) (hub.Person, string, error) {
	if org != "hub" {
		if o, ok := r.Organisation(org); !ok || !o.Member {
			return hub.Person{}, "", hub.E(hub.NotFound, "member.unknown")
		}
	}
	err := checkRoles(org, roles)
	if err != nil {
		return hub.Person{}, "", err
	}
	var raw [48]byte
	rand.Read(raw[:])
	token := "isac_" + base64.RawURLEncoding.EncodeToString(raw[:32])
	p := person{
		Person: hub.Person{ID: hex.EncodeToString(raw[32:]), Org: org, Roles: roles, Key: key},
		Token:  hub.Sum([]byte(token)),
	}
	err = r.storePerson(ctx, p)
	if err != nil {
		return hub.Person{}, "", err
	}
	return p.Person, token, nil
}

// PutAtDesk says at which desk a helper answers.
func (r *Roster) PutAtDesk(ctx context.Context, id, desk string) error {
	p, err := r.present(id)
	if err != nil {
		return err
	}
	p.Desk = desk
	return r.storePerson(ctx, p)
}

// SetPartner says for which organisation a relay partner is, and what it is given.
func (r *Roster) SetPartner(ctx context.Context, id string, of hub.Partner) error {
	p, err := r.present(id)
	if err != nil {
		return err
	}
	if !p.Has(hub.RelayPartner) || strings.TrimSpace(of.Name) == "" || of.Edition != hub.TLPClear && of.Edition != hub.TLPGreen {
		return hub.E(hub.Invalid, "member.partner")
	}
	p.Partner = &of
	return r.storePerson(ctx, p)
}

func checkRoles(org string, roles []hub.Role) error {
	for _, role := range roles {
		if !slices.Contains(hub.Roles(), role) {
			return hub.E(hub.Invalid, "member.unknown-role", string(role), rolesInWords())
		}
		if role == hub.Secretariat && org != "hub" {
			return hub.E(hub.Invalid, "member.secretariat")
		}
		if role == hub.RelayPartner && (org != "hub" || len(roles) != 1) {
			return hub.E(hub.Invalid, "member.partner")
		}
	}
	return nil
}

// SetRoles gives a person other roles, and a desk to a helper. What the person signed in
// a role that is taken away can't be checked afterwards: joining terms and what isn't
// released yet must be signed anew, by another.
func (r *Roster) SetRoles(ctx context.Context, id string, roles []hub.Role, desk string) error {
	p, err := r.present(id)
	if err != nil {
		return err
	}
	err = checkRoles(p.Org, roles)
	if err != nil {
		return err
	}
	p.Roles, p.Desk = slices.Clone(roles), desk
	return r.storePerson(ctx, p)
}

// InvitedTo is until when an invitation of the person is good, zero where there is none.
func (r *Roster) InvitedTo(id string, now time.Time) time.Time {
	p, err := r.present(id)
	if err != nil || p.Invitation.IsZero() || !now.Before(p.InvitedTo) {
		return time.Time{}
	}
	return p.InvitedTo
}

func rolesInWords() string {
	var names []string
	for _, role := range hub.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// RemovePerson takes a person off the roster; the token ends at once.
func (r *Roster) RemovePerson(ctx context.Context, id string) error {
	r.mu.RLock()
	p, ok := r.persons[id]
	r.mu.RUnlock()
	if !ok || p.Gone {
		return hub.E(hub.NotFound, "error.not-found")
	}
	p.Gone = true
	return r.storePerson(ctx, p)
}

func (r *Roster) storePerson(ctx context.Context, p person) error {
	return r.storeJSON(ctx, personPrefix+p.ID, p)
}

// ByToken returns the person who holds an access token of the secretariat's.
func (r *Roster) ByToken(token string) (hub.Person, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	id, ok := r.tokens[hub.Sum([]byte(token))]
	if !ok {
		return hub.Person{}, false
	}
	return r.persons[id].Person, true
}

// Sees are the labels of what somebody may read.
func (r *Roster) Sees(p hub.Person) []hub.TLP {
	o, ok := r.Organisation(p.Org)
	return p.Sees(ok && o.Member)
}

// People returns everyone on the roster now, by id.
func (r *Roster) People() []hub.Person {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []hub.Person
	for _, p := range r.persons {
		if !p.Gone {
			out = append(out, p.Person)
		}
	}
	slices.SortFunc(out, func(a, b hub.Person) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Person returns a person by id, also one who has left: old signatures stay checkable.
func (r *Roster) Person(id string) (hub.Person, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	p, ok := r.persons[id]
	return p.Person, ok
}

// SetTerms records the joining terms that a member signed.
func (r *Roster) SetTerms(ctx context.Context, t review.Terms) error {
	return r.storeJSON(ctx, termsPrefix+t.Member, t)
}

// TermsOf returns the joining terms of a member.
func (r *Roster) TermsOf(member string) (review.Terms, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t, ok := r.terms[member]
	return t, ok
}
