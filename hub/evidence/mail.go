package evidence

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"isac/hub"
	"isac/hub/prose"
)

const (
	deepest   = 6   // parts within parts
	mostParts = 200 // of one mail
)

// headerLine begins a mail that lost its name.
var headerLine = regexp.MustCompile(`^(?i:(received|return-path|delivered-to|message-id|from|mime-version|x-[a-z0-9-]+):)`)

func isMail(name string, begin []byte) bool {
	return strings.HasSuffix(strings.ToLower(name), ".eml") || headerLine.Match(begin)
}

// senders are the headers that tell where a mail came from. To whom it went is the
// victim's own.
var senders = []string{"From", "Sender", "Reply-To", "Return-Path", "Received", "X-Originating-Ip", "X-Sender-Ip", "X-Mailer"}

// mail reads a mail: who sent it and by what way, its texts, and the hashes of what is
// attached.
func (s *Search) mail(r io.Reader, depth int) error {
	m, err := mail.ReadMessage(r)
	if err != nil { // its text could quote a header
		return hub.E(hub.Invalid, "evidence.no-mail")
	}
	for _, name := range senders {
		for _, value := range m.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			s.take(decoded(value))
		}
	}
	parts := mostParts
	return s.part(textproto.MIMEHeader(m.Header), m.Body, depth, &parts)
}

// decoded reads the words of a header that are encoded.
func decoded(value string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		return value
	}
	return text
}

// part reads one part of a mail and those within it. What is deeper or more than any
// honest mail has is left.
func (s *Search) part(header textproto.MIMEHeader, body io.Reader, depth int, left *int) error {
	*left--
	if depth > deepest || *left < 0 {
		return nil
	}
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		return s.parts(multipart.NewReader(body, params["boundary"]), depth, left)
	}
	body = plain(header.Get("Content-Transfer-Encoding"), body)
	where, names, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	attached := where == "attachment" || names["filename"] != "" || params["name"] != ""
	switch {
	case kind == "message/rfc822":
		err := s.mail(body, depth+1)
		if hub.KindOf(err) == hub.Invalid {
			return nil
		}
		return err
	case attached || !strings.HasPrefix(kind, "text/"):
		return s.attached(body)
	case kind == "text/html":
		_ = s.html(body)
	default:
		_ = s.text(bufio.NewReaderSize(body, longestLine))
	}
	return nil // a part that is cut short, or isn't encoded as it says, counts as far as it goes
}

func (s *Search) parts(m *multipart.Reader, depth int, left *int) error {
	for *left > 0 {
		p, err := m.NextRawPart()
		if err != nil { // the end, or a mail that was cut short
			return nil
		}
		err = s.part(p.Header, p, depth+1, left)
		if err != nil {
			return err
		}
	}
	return nil
}

// plain undoes how a part is encoded for its way.
func plain(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}

// attached adds the hash of what is attached. It is not opened.
func (s *Search) attached(r io.Reader) error {
	sum := sha256.New()
	n, err := io.Copy(sum, r)
	if err != nil || n == 0 {
		return nil // cut short: its hash says nothing
	}
	s.add(prose.Pasted{Kind: hub.SHA256, Value: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// html reads a page: its links stand in attributes, where signs are written as names.
func (s *Search) html(r io.Reader) error {
	b := bufio.NewReaderSize(r, longestLine)
	for {
		line, err := b.ReadSlice('>')
		s.take(html.UnescapeString(string(bytes.ToValidUTF8(line, []byte(" ")))))
		switch err {
		case nil, bufio.ErrBufferFull:
		case io.EOF:
			return nil
		default:
			return fmt.Errorf("reading a mail: %w", err)
		}
	}
}
