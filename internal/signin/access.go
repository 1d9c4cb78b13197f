package signin

import (
	"context"
	"crypto/tls"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/roster"
)

// Access is what a program may do with an access token: what its scopes and the roles of
// its person allow, whichever is less.
type Access struct {
	hub.Person
	Scopes []hub.Scope
	Ends   time.Time // zero of a token of the secretariat's
	Member bool      // the person's organisation is a member
}

// May reports whether the token is good for a scope.
func (a Access) May(s hub.Scope) bool { return slices.Contains(a.Scopes, s) }

// Access returns what an access token is good for. A token that isn't known, has ended
// or was revoked gives one answer, and so does one of an organisation in quiet mode.
func (s *Signin) Access(ctx context.Context, token string) (Access, error) {
	p, ok := s.Roster.ByToken(token)
	if ok && s.comesIn(p, ByToken) {
		return Access{Person: p, Scopes: p.Scopes(), Member: s.member(p)}, nil
	}
	p, t, ok := s.Roster.ByOwnToken(token, s.Now())
	return s.own(ctx, p, t, ok)
}

// AccessByCertificate is Access by the client certificate of a connection.
func (s *Signin) AccessByCertificate(ctx context.Context, state *tls.ConnectionState) (Access, error) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return Access{}, hub.E(hub.Unsigned, "error.unsigned")
	}
	p, t, ok := s.Roster.ByCertificate(state.PeerCertificates[0].Raw, s.Now())
	return s.own(ctx, p, t, ok)
}

// own is what something that its person made is good for.
func (s *Signin) own(ctx context.Context, p hub.Person, t roster.Token, ok bool) (Access, error) {
	if !ok || !s.comesIn(p, ByToken) {
		return Access{}, hub.E(hub.Unsigned, "error.unsigned")
	}
	a := Access{Person: p, Ends: t.Ends, Member: s.member(p)}
	for _, scope := range p.Scopes() {
		if slices.Contains(t.Scopes, scope) {
			a.Scopes = append(a.Scopes, scope)
		}
	}
	return a, s.use(ctx, t.ID)
}

// Allow refuses what a token that its person made isn't good for. With one of the
// secretariat's the roles alone decide, where something is asked for; but a partner is
// held to what was chosen for it.
func (a Access) Allow(s hub.Scope) error {
	// A webhook outlives the token by which it was made: that one was asked for by passkey.
	if s == hub.NotifyScope && a.Ends.IsZero() {
		return hub.E(hub.Forbidden, "signin.token-not-for", string(s))
	}
	if a.May(s) || a.Ends.IsZero() && !a.Has(hub.RelayPartner) {
		return nil
	}
	return hub.E(hub.Forbidden, "signin.token-not-for", string(s))
}

// use notes the week in which a token is used, by its Monday: never the day, and only the
// last week.
func (s *Signin) use(ctx context.Context, token string) error {
	day := monday(s.Now()).Format(time.DateOnly)
	s.mu.Lock()
	known := s.used[token] == day
	s.mu.Unlock()
	if known {
		return nil
	}
	err := s.Sessions.Used(ctx, token, day)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.used[token] = day
	s.mu.Unlock()
	return nil
}

// monday begins the ISO week of an instant.
func monday(t time.Time) time.Time {
	t = t.UTC()
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// LastUsed is the Monday of the week in which a token was last used, "" where it wasn't.
func (s *Signin) LastUsed(ctx context.Context, token string) (string, error) {
	return s.Sessions.LastUsed(ctx, token)
}

// Confirmation is what a passkey signs before something is done that changes who may
// come in. It is good for one purpose and one nonce.
func Confirmation(purpose, nonce string) []byte {
	return []byte("isac confirm v1\n" + purpose + "\n" + nonce + "\n")
}

// Confirm wants the person's passkey to have signed a nonce for a purpose.
func (s *Signin) Confirm(p hub.Person, purpose, nonce string, assertion []byte) error {
	if !s.answered(nonce) || !review.PasskeySigned(p, Confirmation(purpose, nonce), assertion) {
		return hub.E(hub.Unsigned, "signin.not-confirmed")
	}
	return nil
}
