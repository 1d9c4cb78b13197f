package signin

import (
	"context"
	"crypto/tls"
	"net/http"

	"isac/hub"
)

// Door knows who asks. A Signin does, and what asks a Signin of another process.
type Door interface {
	// Who returns the person whose browser sent a request.
	Who(r *http.Request) (Session, bool, error)
	// Access returns what an access token is good for.
	Access(ctx context.Context, token string) (Access, error)
	// AccessByCertificate is Access by the client certificate of a connection.
	AccessByCertificate(ctx context.Context, state *tls.ConnectionState) (Access, error)
	// Host is the host for which passkeys are made.
	Host() string
	// Origin is the address of the pages on which passkeys work.
	Origin() string
}

// SessionOf is what a browser sent to be known by, "" for nothing.
func SessionOf(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// member reports whether somebody is of a member.
func (s *Signin) member(p hub.Person) bool {
	org, ok := s.Roster.Organisation(p.Org)
	return ok && org.Member
}
