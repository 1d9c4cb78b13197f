// Package machine is what a member does to its own machine credentials when an intruder
// may have copied them: rotate them, or go quiet. In quiet mode no machine of the member
// comes in, no access token of its people is good, only their passkeys open pages, and
// nothing live is sent to them: an intruder in the member's network, mail or identity
// provider reads nothing and learns nothing from the hub. The way back gives new
// credentials; the old ones never come back.
//
// It trusts its caller for having asked a reporter's passkey. Nobody else is told: it
// leaves no act that the secretariat reads, and what it stores says neither whose it is
// nor what it means without the hub's link key.
//
//	err := machines.GoQuiet(ctx, "SYN00042")
//	creds, err := machines.Back(ctx, "SYN00042")
package machine

import (
	"context"
	"time"

	"isac/hub"
	"isac/internal/keyring"
	"isac/internal/member"
	"isac/internal/roster"
	"isac/internal/store"
)

// Config is what Machines need; every field must be set.
type Config struct {
	Roster   *roster.Roster
	Ring     *keyring.Ring
	Sessions *store.Sessions
	Hub      func() member.Hub // what credentials files carry
	Now      func() time.Time
}

// Machines is safe for concurrent use.
type Machines struct{ Config }

// New returns the machines of all members.
func New(c Config) *Machines { return &Machines{c} }

const (
	on  = "quiet on"
	off = "quiet off"
)

// Quiet reports whether a member is in quiet mode.
func (m *Machines) Quiet(org string) bool {
	return m.Roster.QuietWord(m.Ring.LinkName("quiet", org)) == m.Ring.LinkName(on, org)
}

// say keeps a word of a member. Every change keeps one, so that an entry alone doesn't
// tell that somebody went quiet.
func (m *Machines) say(ctx context.Context, org, word string) error {
	return m.Roster.SetQuiet(ctx, m.Ring.LinkName("quiet", org), m.Ring.LinkName(word, org))
}

// Good returns how many machine credentials of a member are good.
func (m *Machines) Good(org string) int { return len(m.Roster.ActiveKeys(org, m.Now())) }

// Rotate makes a new credentials file, which exists nowhere else, and shuts out every
// older credential.
func (m *Machines) Rotate(ctx context.Context, org string) ([]byte, error) {
	if m.Quiet(org) {
		return nil, hub.E(hub.Conflict, "machine.quiet")
	}
	err := m.say(ctx, org, off)
	if err != nil {
		return nil, err
	}
	return m.rotate(ctx, org)
}

func (m *Machines) rotate(ctx context.Context, org string) ([]byte, error) {
	creds, err := m.Roster.Rotate(ctx, org, m.Now())
	if err != nil {
		return nil, err
	}
	return member.Write(creds, m.Hub())
}

// GoQuiet shuts out every machine credential of a member and signs all of its people
// out. What died on the way is done when it is called again.
func (m *Machines) GoQuiet(ctx context.Context, org string) error {
	o, ok := m.Roster.Organisation(org)
	if !ok || !o.Member {
		return hub.E(hub.NotFound, "member.unknown")
	}
	err := m.say(ctx, org, on)
	if err != nil {
		return err
	}
	if m.Good(org) > 0 {
		_, err = m.Roster.Revoke(ctx, org, m.Now())
	}
	for _, p := range m.Roster.People() {
		if err == nil && p.Org == org {
			err = m.Sessions.EndAll(ctx, p.ID)
		}
	}
	return err
}

// Back ends quiet mode with a new credentials file.
func (m *Machines) Back(ctx context.Context, org string) ([]byte, error) {
	if !m.Quiet(org) {
		return nil, hub.E(hub.Conflict, "machine.not-quiet")
	}
	creds, err := m.rotate(ctx, org)
	if err != nil {
		return nil, err
	}
	return creds, m.say(ctx, org, off)
}
