package roster

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"time"

	"isac/hub"
)

const (
	invitationOK = 7 * 24 * time.Hour // life of an invitation
	mostPasskeys = 20                 // of one person
)

// Invite returns a code with which a person makes the first passkey, once. An older
// code ends.
func (r *Roster) Invite(ctx context.Context, id string, now time.Time) (string, error) {
	p, err := r.present(id)
	if err != nil {
		return "", err
	}
	var raw [32]byte
	rand.Read(raw[:])
	code := base64.RawURLEncoding.EncodeToString(raw[:])
	p.Invitation, p.InvitedTo = hub.Sum([]byte(code)), now.Add(invitationOK)
	return code, r.storePerson(ctx, p)
}

// Invited returns the person whose invitation a code is, while it lasts.
func (r *Roster) Invited(code string, now time.Time) (hub.Person, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	want := hub.Sum([]byte(code))
	for _, p := range r.persons {
		if !p.Gone && !p.Invitation.IsZero() && p.Invitation == want && now.Before(p.InvitedTo) {
			return p.Person, true
		}
	}
	return hub.Person{}, false
}

// AddPasskey gives a person one more passkey. The invitation ends with it.
func (r *Roster) AddPasskey(ctx context.Context, id string, k hub.Passkey) error {
	p, err := r.present(id)
	if err != nil {
		return err
	}
	if _, taken := r.ByPasskey(k.ID); taken {
		return hub.E(hub.Conflict, "signin.passkey-taken")
	}
	if len(p.Passkeys) >= mostPasskeys {
		return hub.E(hub.Invalid, "signin.too-many-passkeys")
	}
	p.Passkeys = append(slices.Clone(p.Passkeys), k)
	p.Invitation, p.InvitedTo = hub.Digest{}, time.Time{}
	return r.storePerson(ctx, p)
}

// RemovePasskey takes a passkey away. Signatures that it
// made can't be checked afterwards, so what waits for them must be signed anew.
func (r *Roster) RemovePasskey(ctx context.Context, id string, passkey []byte) error {
	p, err := r.present(id)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(p.Passkeys), func(k hub.Passkey) bool { return bytes.Equal(k.ID, passkey) })
	if len(left) == len(p.Passkeys) {
		return hub.E(hub.NotFound, "error.not-found")
	}
	p.Passkeys = left
	return r.storePerson(ctx, p)
}

// ByPasskey returns the person whose passkey has this id.
func (r *Roster) ByPasskey(passkey []byte) (hub.Person, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, p := range r.persons {
		if !p.Gone && slices.ContainsFunc(p.Passkeys, func(k hub.Passkey) bool { return bytes.Equal(k.ID, passkey) }) {
			return p.Person, true
		}
	}
	return hub.Person{}, false
}

// present returns a person who is on the roster now.
func (r *Roster) present(id string) (person, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	p, ok := r.persons[id]
	if !ok || p.Gone {
		return person{}, hub.E(hub.NotFound, "error.not-found")
	}
	return p, nil
}
