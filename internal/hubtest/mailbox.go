package hubtest

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Mailbox is a real SMTP server on this machine that keeps what it takes.
type Mailbox struct {
	Addr  string
	Roots *x509.CertPool // of its certificate
	CA    []byte         // the same as PEM
	mu    sync.Mutex
	got   []Letter
	judge func(to string) error
}

// Letter is a message as it came.
type Letter struct {
	From string
	To   []string
	Data []byte
}

// OpenMailbox starts a mailbox that wants encryption.
func OpenMailbox(t testing.TB) *Mailbox {
	t.Helper()
	config, ca := Certificate(t)
	b := &Mailbox{Roots: x509.NewCertPool(), CA: ca}
	b.Roots.AppendCertsFromPEM(ca)
	s := smtp.NewServer(mailboxBackend{b})
	s.Domain, s.TLSConfig, s.ErrorLog = "mx.example.jp", config, log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.Addr = l.Addr().String()
	go func() { _ = s.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return b
}

// Judge says what is answered to an address, from now on; nil takes it.
func (b *Mailbox) Judge(f func(to string) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.judge = f
}

// Refusal is an answer of a server.
func Refusal(code int) error { return &smtp.SMTPError{Code: code, Message: "refused by the test"} }

// Letters are what was taken, in order.
func (b *Mailbox) Letters() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.got)
}

// To are the letters to an address.
func (b *Mailbox) To(address string) []Letter {
	return slices.DeleteFunc(b.Letters(), func(l Letter) bool { return !slices.Contains(l.To, address) })
}

// Header reads a header of a letter.
func (l Letter) Header(name string) string {
	m, err := netmail.ReadMessage(bytes.NewReader(l.Data))
	if err != nil {
		return ""
	}
	text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		return ""
	}
	return text
}

// Parts are the texts of a letter: plain, then HTML.
func (l Letter) Parts() (out []string) {
	m, err := netmail.ReadMessage(bytes.NewReader(l.Data))
	if err != nil {
		return nil
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return nil
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return out
		}
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			return out
		}
		out = append(out, strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
}

type mailboxBackend struct{ b *Mailbox }

func (m mailboxBackend) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailboxSession{b: m.b}, nil
}

type mailboxSession struct {
	b *Mailbox
	Letter
}

func (s *mailboxSession) Mail(from string, _ *smtp.MailOptions) error {
	s.From = from
	return nil
}

func (s *mailboxSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.b.judge != nil {
		err := s.b.judge(to)
		if err != nil {
			return err
		}
	}
	s.To = append(s.To, to)
	return nil
}

func (s *mailboxSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.got = append(s.b.got, Letter{s.From, s.To, data})
	return nil
}

func (s *mailboxSession) Reset()      { s.Letter = Letter{} }
func (*mailboxSession) Logout() error { return nil }
