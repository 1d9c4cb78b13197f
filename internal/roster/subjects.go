package roster

import (
	"context"
	"time"

	"isac/hub"
)

// Subject is who a person is at the identity provider of the organisation. It is never a
// mail address, which can pass to somebody else.
type Subject struct {
	Issuer string `json:"issuer"`
	ID     string `json:"id"`
}

// BindSubject makes a subject that of the person whose invitation a code is, in place of
// one before, and ends the invitation. A subject is one person's.
func (r *Roster) BindSubject(ctx context.Context, code, org string, s Subject, now time.Time) (hub.Person, error) {
	r.binding.Lock()
	defer r.binding.Unlock()
	invited, ok := r.Invited(code, now)
	if !ok || invited.Org != org || s.Issuer == "" || s.ID == "" {
		return hub.Person{}, hub.E(hub.Forbidden, "signin.not-invited")
	}
	other, ok := r.BySubject(s)
	if ok && other.ID != invited.ID {
		return hub.Person{}, hub.E(hub.Conflict, "signin.subject-taken")
	}
	p, err := r.present(invited.ID)
	if err != nil {
		return hub.Person{}, err
	}
	p.Subject, p.Invitation, p.InvitedTo = &s, hub.Digest{}, time.Time{}
	return p.Person, r.storePerson(ctx, p)
}

// BySubject returns the person who was bound to a subject.
func (r *Roster) BySubject(s Subject) (hub.Person, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, p := range r.persons {
		if !p.Gone && p.Subject != nil && *p.Subject == s {
			return p.Person, true
		}
	}
	return hub.Person{}, false
}
