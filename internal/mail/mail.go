// Package mail sends notices by SMTP: one message to one person, over TLS. What a message
// says was written by hub/notice; here it gets an address and an envelope, and headers that
// are the same for everybody: nothing tells which machine made it, when it was sent, nor
// who else got one.
//
// It trusts its settings. An address is checked before anything is done with it, and a
// server's answer is told as a class: neither an address nor the server's words are in an
// error's text.
//
//	s, err := mail.New(mail.Settings{Server: "smtp.example.jp:587", From: "ISAC <alerts@example.jp>"})
//	conn, err := s.Dial(ctx)
//	err = conn.Send(ctx, "somebody@example.jp", message)
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"isac/hub"
	"isac/hub/notice"
)

// The ways to encrypt.
const (
	StartTLS = "starttls" // after the first words, and never without
	TLS      = "tls"      // from the first byte
	Plain    = "none"     // to this machine only
)

// Settings say by which server mails go out, and from whom.
type Settings struct {
	Server   string // "smtp.example.jp:587"
	Security string // StartTLS when ""
	User     string // "" for none
	Password string
	From     string         // "ISAC <alerts@example.jp>"
	Return   string         // where bounces go, From's address when ""
	Roots    *x509.CertPool // the system's when nil
	// DKIM signs when all three are set: Key is PEM, of RSA or Ed25519.
	DKIMDomain, DKIMSelector string
	DKIMKey                  []byte
}

// Server is where mails are sent. It is safe for concurrent use.
type Server struct {
	host    string
	options []mail.Option
	from    *netmail.Address
	back    string
	domain  string // of From
	signer  *mail.DKIMSigner
}

// patience is how long one step with the server may take.
const patience = 30 * time.Second

// New checks settings.
func New(s Settings) (*Server, error) {
	host, port, err := net.SplitHostPort(s.Server)
	number, badPort := strconv.Atoi(port)
	if err != nil || badPort != nil || host == "" {
		return nil, hub.E(hub.Invalid, "mail.bad-server")
	}
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, hub.E(hub.Invalid, "mail.bad-from")
	}
	back := s.Return
	if back == "" {
		back = from.Address
	}
	if !Usable(from.Address) || !Usable(back) {
		return nil, hub.E(hub.Invalid, "mail.bad-from")
	}
	out := &Server{host: host, from: from, back: back, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}
	// The greeting names the domain of the sender, not the machine.
	out.options = []mail.Option{mail.WithPort(number), mail.WithTimeout(patience), mail.WithHELO(out.domain)}
	err = out.secure(s)
	if err != nil {
		return nil, err
	}
	if s.User != "" {
		out.options = append(out.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	if s.DKIMDomain != "" || s.DKIMSelector != "" || len(s.DKIMKey) > 0 {
		key, err := mail.PrivKeyFromPEM(s.DKIMKey)
		if err != nil || s.DKIMDomain == "" || s.DKIMSelector == "" {
			return nil, hub.E(hub.Invalid, "mail.bad-dkim") // its own text could quote the key
		}
		out.signer = mail.NewDKIMSigner(s.DKIMDomain, s.DKIMSelector, key)
	}
	return out, nil
}

func (s *Server) secure(set Settings) error {
	switch set.Security {
	case StartTLS, "":
		s.options = append(s.options, mail.WithTLSPolicy(mail.TLSMandatory))
	case TLS:
		s.options = append(s.options, mail.WithSSL())
	case Plain:
		ip := net.ParseIP(s.host)
		if s.host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return hub.E(hub.Invalid, "mail.plain")
		}
		s.options = append(s.options, mail.WithTLSPolicy(mail.NoTLS))
		return nil
	default:
		return hub.E(hub.Invalid, "mail.bad-security")
	}
	s.options = append(s.options, mail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: set.Roots, MinVersion: tls.VersionTLS12}))
	return nil
}

// longest is how long an address may be, by RFC 5321.
const longest = 254

// Usable reports whether a text is one plain address of a mailbox on the internet, with
// nothing around it and nothing in it that could be a second line or a second address.
func Usable(address string) bool {
	if len(address) > longest || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),:;<>[\]`, r) }) {
		return false
	}
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" {
		return false
	}
	local, domain, _ := strings.Cut(address, "@")
	return local != "" && len(local) <= 64 && strings.Contains(domain, ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

// Refusal says that a mail wasn't taken.
type Refusal struct {
	// Person says that it is for good and the address's fault: nothing that is sent to it
	// will arrive.
	Person bool
	// Class is a word for it: "address", "content", "busy", "server".
	Class string
	err   error
}

func (r *Refusal) Error() string { return "sending mail: refused: " + r.Class }

// Unwrap gives the cause, whose text may hold an address: it isn't to be logged.
func (r *Refusal) Unwrap() error { return r.err }

// Conn is a connection to the server.
type Conn struct {
	s *Server
	c *mail.Client
}

// Dial connects and signs in.
func (s *Server) Dial(ctx context.Context) (*Conn, error) {
	c, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return nil, &Refusal{Class: "server", err: err}
	}
	err = c.DialWithContext(ctx)
	if err != nil {
		return nil, &Refusal{Class: "server", err: err}
	}
	return &Conn{s, c}, nil
}

// Close ends the connection.
func (c *Conn) Close() { _ = c.c.Close() } // it is done with

// Send sends one message to one address. Its error is a *Refusal.
func (c *Conn) Send(to string, n notice.Mail) error {
	m, err := c.s.message(to, n)
	if err != nil {
		return err
	}
	err = c.c.Send(m)
	if err == nil || m.IsDelivered() { // taken, though the server said nothing sensible after
		return nil
	}
	return refusal(err)
}

func refusal(err error) *Refusal {
	var s *mail.SendError
	if !errors.As(err, &s) {
		return &Refusal{Class: "server", err: err}
	}
	code := s.ErrorCode()
	switch {
	case code < 500: // for a while, or nothing was said at all
		return &Refusal{Class: "busy", err: err}
	case s.Reason == mail.ErrSMTPRcptTo:
		return &Refusal{Person: true, Class: "address", err: err}
	case s.Reason == mail.ErrSMTPData || s.Reason == mail.ErrSMTPDataClose:
		return &Refusal{Class: "content", err: err}
	}
	return &Refusal{Class: "server", err: err}
}

// message puts a notice into an envelope. Of all its headers only To differs from one
// person to the next.
func (s *Server) message(to string, n notice.Mail) (*mail.Msg, error) {
	if !Usable(to) {
		return nil, &Refusal{Person: true, Class: "address"}
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingB64), mail.WithBoundary(boundary(n)))
	m.FromMailAddress(s.from)
	err := errors.Join(m.EnvelopeFrom(s.back), m.To(to))
	if err != nil {
		return nil, &Refusal{Person: true, Class: "address", err: err}
	}
	m.SetMessageIDWithValue(n.ID + "@" + s.domain)
	m.SetDateWithValue(n.Date.UTC())
	m.Subject(n.Subject)
	m.SetGenHeader(mail.HeaderContentLang, n.Lang)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no machine answers
	m.SetBodyString(mail.TypeTextPlain, n.Text)
	m.AddAlternativeString(mail.TypeTextHTML, n.HTML)
	m.SetDKIM(s.signer)
	return m, nil
}

// boundary is the same for everybody, and begins no line of a part: base64 has no "_".
func boundary(n notice.Mail) string { return "_" + hub.Sum([]byte(n.ID)).String()[:40] }
