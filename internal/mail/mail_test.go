package mail_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/hubtest"
	"isac/internal/locale"
	"isac/internal/mail"
)

var (
	at     = time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC)
	writer = notice.Writer{Words: locale.Text, Zone: time.UTC, Base: "https://hub.example.jp", Hub: "ISAC"}
)

func send(t *testing.T, s mail.Settings, to string, n notice.Mail) error {
	t.Helper()
	server, err := mail.New(s)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := server.Dial(t.Context())
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Send(to, n)
}

// TestOneMessageToOnePerson: over TLS, with both forms of the text, and apart from To the
// same bytes for everybody.
func TestOneMessageToOnePerson(t *testing.T) {
	b := hubtest.OpenMailbox(t)
	s := mail.Settings{Server: b.Addr, Roots: b.Roots, From: "業界 ISAC <alerts@isac.example.jp>", Return: "bounces@isac.example.jp"}
	server, err := mail.New(s)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := server.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := writer.Test("x", at, "ja")
	people := []string{"a@one.example.jp", "b@two.example.jp"}
	for _, to := range people {
		err := conn.Send(to, m)
		if err != nil {
			t.Fatal(err)
		}
	}
	conn.Close()
	got := b.Letters()
	if len(got) != 2 {
		t.Fatalf("%d letters, want 2", len(got))
	}
	for i, l := range got {
		if l.From != "bounces@isac.example.jp" || !slices.Equal(l.To, people[i:i+1]) {
			t.Errorf("envelope from %s to %v", l.From, l.To)
		}
		if bytes.Contains(l.Data, []byte(people[1-i])) {
			t.Error("one person's mail names the other")
		}
	}
	if !bytes.Equal(got[0].Data, bytes.ReplaceAll(got[1].Data, []byte(people[1]), []byte(people[0]))) {
		t.Errorf("the mails differ in more than To:\n%s\n%s", got[0].Data, got[1].Data)
	}
	read, err := netmail.ReadMessage(bytes.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	for name := range read.Header {
		if !slices.Contains([]string{"From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Content-Language", "Auto-Submitted"}, name) {
			t.Errorf("header %s", name)
		}
	}
	if got := read.Header.Get("Message-Id"); got != "<test-x@isac.example.jp>" {
		t.Errorf("Message-ID %s", got)
	}
	when, err := read.Header.Date()
	if err != nil || !when.Equal(at) {
		t.Errorf("date %v, %v: not the notice's", when, err)
	}
	if got := got[0].Parts(); !slices.Equal(got, []string{m.Text, m.HTML}) {
		t.Errorf("parts are %q", got)
	}
}

func TestServersRefuse(t *testing.T) {
	b := hubtest.OpenMailbox(t)
	b.Judge(func(to string) error {
		switch {
		case strings.HasPrefix(to, "gone"):
			return hubtest.Refusal(550)
		case strings.HasPrefix(to, "busy"):
			return hubtest.Refusal(451)
		}
		return nil
	})
	good := mail.Settings{Server: b.Addr, Roots: b.Roots, From: "alerts@isac.example.jp"}
	m := writer.Test("x", at, "en")
	var r *mail.Refusal
	if err := send(t, good, "gone@one.example.jp", m); !errors.As(err, &r) || !r.Person || r.Class != "address" || strings.Contains(err.Error(), "gone") {
		t.Errorf("a mailbox that isn't there: %v", err)
	}
	if err := send(t, good, "busy@one.example.jp", m); !errors.As(err, &r) || r.Person || r.Class != "busy" {
		t.Errorf("grey-listing: %v", err)
	}
	strange := good
	strange.Roots = nil
	if err := send(t, strange, "a@one.example.jp", m); !errors.As(err, &r) || r.Class != "server" {
		t.Errorf("a certificate of nobody's: %v", err)
	}
	gone := good
	gone.Server = "127.0.0.1:1"
	if err := send(t, gone, "a@one.example.jp", m); !errors.As(err, &r) || r.Class != "server" {
		t.Errorf("no server: %v", err)
	}
	if len(b.Letters()) != 0 {
		t.Error("something was taken")
	}
}

// TestSettingsRefused: what would send in the clear, or from nobody.
func TestSettingsRefused(t *testing.T) {
	good := mail.Settings{Server: "smtp.example.jp:587", From: "ISAC <alerts@example.jp>"}
	if _, err := mail.New(good); err != nil {
		t.Fatal(err)
	}
	for why, spoil := range map[string]func(*mail.Settings){
		"no port":           func(s *mail.Settings) { s.Server = "smtp.example.jp" },
		"nobody":            func(s *mail.Settings) { s.From = "ISAC" },
		"two senders":       func(s *mail.Settings) { s.From = "a@example.jp, b@example.jp" },
		"in the clear":      func(s *mail.Settings) { s.Security = mail.Plain },
		"unheard of":        func(s *mail.Settings) { s.Security = "ssl" },
		"a key of nothing":  func(s *mail.Settings) { s.DKIMDomain, s.DKIMSelector, s.DKIMKey = "example.jp", "a", []byte("x") },
		"DKIM without key":  func(s *mail.Settings) { s.DKIMDomain = "example.jp" },
		"bounces to a name": func(s *mail.Settings) { s.Return = "x\r\ny@example.jp" },
	} {
		s := good
		spoil(&s)
		if _, err := mail.New(s); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v, want invalid", why, err)
		}
	}
}

// TestNoAddressIsTwoLines: whatever somebody types, either it is refused or it is one
// address and the mail's headers are those of the mail.
func TestNoAddressIsTwoLines(t *testing.T) {
	for _, bad := range []string{"", "a", "a@b", "@b.jp", "a@", "a@b.jp\r\nBcc: x@y.jp", "a@b.jp, c@d.jp", "A <a@b.jp>", "a b@c.jp", `"a b"@c.jp`, "a@b.jp ", "a@[127.0.0.1]", "a@b.jp\x00", "あ@b.jp", "a@.jp", "a@b.jp.", strings.Repeat("a", 65) + "@b.jp", "a@" + strings.Repeat("b.", 130) + "jp"} {
		if mail.Usable(bad) {
			t.Errorf("usable: %q", bad)
		}
	}
	for _, good := range []string{"a@b.jp", "first.last+isac@dept.hospital.example.jp", "o'brien@x.example"} {
		if !mail.Usable(good) {
			t.Errorf("not usable: %q", good)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab@.,;<>\"\\ \r\n:あ\x00+-")), 1, 24, -1).Draw(rt, "address")
		if !mail.Usable(text) {
			return
		}
		list, err := netmail.ParseAddressList(text)
		if err != nil || len(list) != 1 || list[0].Address != text || strings.ContainsAny(text, "\r\n \x00") {
			rt.Fatalf("usable: %q", text)
		}
	})
}

// TestSignedByDKIM: another implementation verifies the signature.
func TestSignedByDKIM(t *testing.T) {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(crypto.Signer(key))
	if err != nil {
		t.Fatal(err)
	}
	b := hubtest.OpenMailbox(t)
	s := mail.Settings{
		Server: b.Addr, Roots: b.Roots, From: "ISAC <alerts@isac.example.jp>", DKIMDomain: "isac.example.jp", DKIMSelector: "hub1",
		DKIMKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	}
	err = send(t, s, "a@one.example.jp", writer.Test("x", at, "ja"))
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) ([]string, error) {
		if name != "hub1._domainkey.isac.example.jp" {
			return nil, errors.New("no such name")
		}
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)}, nil
	}
	checks, err := dkim.VerifyWithOptions(bytes.NewReader(b.Letters()[0].Data), &dkim.VerifyOptions{LookupTXT: lookup})
	if err != nil || len(checks) != 1 || checks[0].Err != nil || checks[0].Domain != "isac.example.jp" {
		t.Fatalf("%+v, %v", checks, err)
	}
	changed := bytes.Replace(b.Letters()[0].Data, []byte("Subject: "), []byte("Subject: x"), 1)
	checks, err = dkim.VerifyWithOptions(bytes.NewReader(changed), &dkim.VerifyOptions{LookupTXT: lookup})
	if err == nil && len(checks) == 1 && checks[0].Err == nil {
		t.Error("a changed subject verifies")
	}
}
