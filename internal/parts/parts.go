// Package parts lets a hub run as two processes under two users. The inner part has the
// keys, the log and private.db, and does all that a report needs; the outer part has the
// network: it serves what is released from a view of its own, and hands on everything
// else. Between them is one Unix socket, on which the outer part may ask a few things
// and no other:
//
//	access   what is a token, or a certificate, good for?
//	session  whom does a browser's cookie sign in?
//	entries  the released log after a number, and the newest telling of answers
//	about    how is the hub called, where is it, which ATT&CK does it go by?
//	ready    does the hub take reports?
//	news     wakes whoever follows the log
//
// and requests for pages and endpoints that are the inner part's, as they came. Of who
// asks, the outer part is told roles and passkeys, and not of which organisation.
//
// The inner part trusts the outer one for no more than a browser: what people decide is
// signed by them. But it believes it from which address and with which certificate a
// request came. Who may open the socket is said by its mode and checked by the kernel's
// word for who is at the other end (SO_PEERCRED).
//
//	http.Serve(listener, parts.Handler(parts.Inner{…}))   // inside
//	link := parts.Dial(path, peers)                       // outside
package parts

import (
	"context"
	"time"

	"isac/hub"
	"isac/hub/vocab"
	"isac/internal/natsbus"
	"isac/internal/signin"
)

// Hosts of requests on the socket. Which one a request has is the outer part's doing and
// no caller's.
const (
	verbsHost = "verbs"
	pagesHost = "pages"
)

// Headers that the outer part sets on what it hands on, in place of any that came.
const (
	hostHeader        = "Isac-Host"
	addressHeader     = "Isac-Address"
	certificateHeader = "Isac-Certificate" // DER in base64
)

// About is what the outer part knows of its hub.
type About struct {
	Name    string // as creator of alerts
	BaseURL string
	Origin  string        // of the pages on which passkeys work
	Host    string        // for which they are made
	Attack  *vocab.Attack // that was imported, nil for the program's own
}

// credential is what a program shows: a token, or else a certificate (DER).
type credential struct {
	Token       string `json:"token,omitempty"`
	Certificate []byte `json:"certificate,omitempty"`
}

// cookie is what a browser shows.
type cookie struct {
	Value string `json:"value"`
}

// signedIn is whom a cookie signs in, if anybody.
type signedIn struct {
	In      bool           `json:"in"`
	Session signin.Session `json:"session"`
}

// place is how far a view has come.
type place struct {
	After uint64 `json:"after"`
}

// page is a part of the log. Last is the sequence of its last entry.
type page struct {
	Entries []natsbus.Message `json:"entries"`
	Last    uint64            `json:"last"`
	Told    natsbus.Message   `json:"told"` // of sequence 0 where nothing was told yet
}

// A page ends with the entry by which it has as much.
const (
	mostEntries = 500
	mostBytes   = 4 << 20
)

// reply is an answer, or why there is none.
type reply[A any] struct {
	Refused *hub.Refusal `json:"refused,omitempty"`
	Answer  A            `json:"answer"`
}

// Log is the released log.
type Log interface {
	Read(ctx context.Context, stream, subject string, after uint64, each func(natsbus.Message) error) error
	Last(ctx context.Context, stream, subject string) (natsbus.Message, error)
	LastSeq(ctx context.Context, stream string) (uint64, error)
}

// known is what the outer part is told of a person: enough for what it shows. Whether she
// is of the hub or of a member stays, and of which organisation she is doesn't.
func known(p hub.Person, member bool) hub.Person {
	org := "other"
	switch {
	case p.Org == "hub":
		org = p.Org
	case member:
		org = "member"
	}
	return hub.Person{ID: p.ID, Org: org, Roles: p.Roles, Passkeys: p.Passkeys, Partner: p.Partner}
}

// Sees are the labels of what somebody may read of whom the outer part was told.
func Sees(p hub.Person) []hub.TLP { return p.Sees(p.Org == "member") }

// answersWithin is how long a verb may take.
const answersWithin = 20 * time.Second
