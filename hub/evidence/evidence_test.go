package evidence_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"isac/hub"
	"isac/hub/evidence"
)

func values(t *testing.T, name, text string) []string {
	t.Helper()
	var s evidence.Search
	if err := s.Read(name, iotest.OneByteReader(strings.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range s.Found() {
		out = append(out, f.Value)
	}
	return out
}

// Logs of several shapes, as proxies, firewalls and servers write them.
func TestLogs(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("接続先 203.0.113.9\r\nhttp://bad.example.net/a\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"1668128400.123 45 10.1.2.3 TCP_MISS/200 512 GET http://bad.example.net/gate.php - DIRECT/203.0.113.9 text/html": {"http://bad.example.net/gate.php", "203.0.113.9"},
		`date=2026-11-02 srcip=192.168.1.4 dstip=203.0.113.9 dstport=443 hostname="c2.example.net"`:                      {"203.0.113.9", "c2.example.net"},
		`{"src":"10.0.0.1","dst":"203.0.113.9","sni":"c2.example.net"}`:                                                  {"203.0.113.9", "c2.example.net"},
		"Nov  2 06:40:01 sv sshd[311]: Failed password for root from 203.0.113.9 port 53122 ssh2":                        {"203.0.113.9"},
		"a.exe,44d88612fea8a8f36de82e1278abb02f,203[.]0[.]113[.]9":                                                       {"44d88612fea8a8f36de82e1278abb02f", "203.0.113.9"},
		utf16: {"203.0.113.9", "http://bad.example.net/a"},
		"":    nil,
		"10.0.0.1 -> 192.168.3.4 \x82\xcc\x83\x4d": nil,
	} {
		got := values(t, "x.log", text)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%.40q gives %q, without %s", text, got, w)
			}
		}
		if len(got) > len(want)+1 { // a file name may look like a domain
			t.Errorf("%.40q gives %q", text, got)
		}
	}
}

const letter = `Return-Path: <bounce@mailer.example.net>
Received: from relay.example.net (unknown [203.0.113.77]) by mx.hospital.example.jp
From: =?utf-8?B?57WM55CG?= <billing@fake-vendor.example.net>
To: staff@hospital.example.jp
Subject: invoice
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="out"

--out
Content-Type: multipart/alternative; boundary="in"

--in
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

see https://drop.example.net/a?b=3D1 =
now
--in
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

%s
--in--
--out
Content-Type: application/zip; name="invoice.zip"
Content-Disposition: attachment; filename="invoice.zip"
Content-Transfer-Encoding: base64

%s
--out
Content-Type: message/rfc822

From: inner@deep.example.net

203.0.113.88
--out--
`

func TestAMail(t *testing.T) {
	page := base64.StdEncoding.EncodeToString([]byte(`<a href="http://link.example.net/x?a=1&amp;b=2">here</a>`))
	attached := base64.StdEncoding.EncodeToString([]byte("attached bytes"))
	text := strings.ReplaceAll(fmt.Sprintf(letter, page, attached), "\n", "\r\n")
	sum := hub.Sum([]byte("attached bytes"))
	for _, name := range []string{"x.eml", "without-a-name"} {
		got := values(t, name, text)
		for _, want := range []string{
			"bounce@mailer.example.net", "203.0.113.77", "billing@fake-vendor.example.net", "https://drop.example.net/a?b=1",
			"http://link.example.net/x?a=1&b=2", hex.EncodeToString(sum[:]), "inner@deep.example.net", "203.0.113.88",
		} {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %q is missing in %q", name, want, got)
			}
		}
		if slices.Contains(got, "staff@hospital.example.jp") {
			t.Error("to whom it went is shown")
		}
	}
}

// What is cut short, nested without end or no mail at all ends, and is no panic.
func TestBrokenMails(t *testing.T) {
	text := fmt.Sprintf(letter, "!!!", "AAAA")
	for n := 0; n < len(text); n += 37 {
		var s evidence.Search
		if err := s.Read("x.eml", strings.NewReader(text[:n])); err != nil && hub.KindOf(err) != hub.Invalid {
			t.Fatal(err)
		}
	}
	deep := strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 10_000)
	var s evidence.Search
	if err := s.Read("x.eml", strings.NewReader(deep)); err != nil && hub.KindOf(err) != hub.Invalid {
		t.Fatal(err)
	}
	if err := s.Read("x.eml", strings.NewReader("\x00\x01 no mail")); hub.KindOf(err) != hub.Invalid {
		t.Errorf("no mail: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x.eml", fmt.Sprintf(letter, "QQ==", "QQ=="))
	f.Add("x.log", "GET http://bad.example.net/ 203.0.113.9")
	f.Fuzz(func(t *testing.T, name, text string) {
		var s evidence.Search
		err := s.Read(name, strings.NewReader(text))
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Error(err)
		}
	})
}

// endless writes lines that are all different.
type endless struct{ n, left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	e.n++
	n := copy(p, fmt.Sprintf("host%d.example.net %s\n", e.n, strings.Repeat("x", 200)))
	e.left -= n
	return n, nil
}

// A file of any size costs a bounded amount of memory.
func TestMemoryIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	var s evidence.Search
	runtime.GC()
	runtime.ReadMemStats(&before)
	if err := s.Read("x.log", &endless{left: 32 << 20}); err != nil {
		t.Fatal(err)
	}
	if err := s.Read("y.log", io.LimitReader(zeros{}, 32<<20)); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 16<<20 {
		t.Errorf("%d MiB are held", held>>20)
	}
	if !s.Dropped || len(s.Found()) != 20_000 {
		t.Errorf("%d values, dropped %v", len(s.Found()), s.Dropped)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestIsOwn(t *testing.T) {
	o := hub.Organisation{Domain: "hospital.example.jp", Mail: "info@clinic.example.jp", IPv4: "198.51.100.0/28"}
	for value, own := range map[string]bool{
		"198.51.100.3": true, "198.51.100.33": false, "mx.Hospital.example.jp": true, "nothospital.example.jp": false,
		"a@clinic.example.jp": true, "https://www.hospital.example.jp/x": true, "https://198.51.100.3/": true, "https://hospital.example.jp.evil.example/": false,
	} {
		kind := hub.Domain
		switch {
		case strings.Contains(value, "://"):
			kind = hub.URL
		case strings.Contains(value, "@"):
			kind = hub.Mail
		case value[0] == '1':
			kind = hub.IPv4
		}
		if evidence.IsOwn(o, kind, value) != own {
			t.Errorf("%s is own: %v, want %v", value, !own, own)
		}
	}
	if evidence.IsOwn(hub.Organisation{}, hub.Domain, "x.example") {
		t.Error("an organisation without a domain owns one")
	}
}

func BenchmarkRead(b *testing.B) {
	log := strings.Repeat("1668128400.123 45 10.1.2.3 TCP_MISS/200 512 GET http://bad.example.net/gate.php - DIRECT/203.0.113.9 text/html\n", 10_000)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		var s evidence.Search
		if err := s.Read("x.log", strings.NewReader(log)); err != nil {
			b.Fatal(err)
		}
	}
}
