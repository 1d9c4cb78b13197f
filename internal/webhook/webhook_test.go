package webhook_test

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"isac/internal/webhook"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// TestSignature: what another implementation of HMAC makes of the same message.
func TestSignature(t *testing.T) {
	secret := []byte{0x31, 0xf2, 0x9d, 0xb5, 0x2b, 0x95, 0x4c, 0xcb, 0x20, 0xb6, 0x39, 0xf6, 0x1d, 0x87, 0x58, 0x9b}
	body := []byte(`{"a":1}`)
	got := webhook.Signature(secret, "msg_1", "1614265330", body)
	if got != "v1,BOS20871bK11nsRgnt9oEK8BoS89fjtaOq9ZaDNfCGY=" || got == webhook.Signature(secret, "msg_2", "1614265330", body) ||
		got == webhook.Signature(secret, "msg_1", "1614265331", body) || got == webhook.Signature(secret[1:], "msg_1", "1614265330", body) {
		t.Errorf("signature %s", got)
	}
}

// TestPost: a real server over TLS gets the signed message and its answers are told apart.
func TestPost(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	var got *http.Request
	var body []byte
	status := http.StatusNoContent
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		if status == http.StatusFound {
			w.Header().Set("Location", "http://169.254.169.254/latest/meta-data/")
		}
		w.WriteHeader(status)
	}))
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	sender := webhook.New(webhook.Settings{Allow: loopback, Roots: roots})
	call := webhook.Call{URL: s.URL + "/x", ID: "msg_7", Secret: secret, Body: []byte(`{"type":"test"}`), At: time.Unix(1700000000, 0)}
	err := sender.Post(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Webhook-Id") != "msg_7" || got.Header.Get("Webhook-Timestamp") != "1700000000" || string(body) != `{"type":"test"}` ||
		got.Header.Get("Webhook-Signature") != webhook.Signature(secret, "msg_7", "1700000000", body) {
		t.Errorf("got %v %s", got.Header, body)
	}
	for code, class := range map[int]string{http.StatusGone: "gone", http.StatusNotFound: "refused", http.StatusBadGateway: "failed", http.StatusFound: "failed"} {
		status = code
		var r *webhook.Refusal
		err := sender.Post(t.Context(), call)
		if !errors.As(err, &r) || r.Class != class || strings.Contains(err.Error(), "127") {
			t.Errorf("%d: %v, want %s", code, err, class)
		}
	}
}

// TestNothingInsideIsCalled: by address, by a name that leads there, and in whatever form.
func TestNothingInsideIsCalled(t *testing.T) {
	called := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	sender := webhook.New(webhook.Settings{Plain: true})
	for _, url := range []string{
		s.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, "http://127.1:" + port, "http://2130706433:" + port,
		"http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.100.100.200/",
		"http://[fe80::1%25eth0]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::]:" + port,
	} {
		var r *webhook.Refusal
		err := sender.Post(t.Context(), webhook.Call{URL: url, ID: "x", At: time.Unix(1, 0)})
		if !errors.As(err, &r) || r.Class != "inside" && r.Class != "unreachable" {
			t.Errorf("%s: %v", url, err)
		}
	}
	if called {
		t.Fatal("this machine was called")
	}
	if err := sender.Post(t.Context(), webhook.Call{URL: "http://localhost:" + port, ID: "x", At: time.Unix(1, 0)}); err == nil || err.Error() != "calling a webhook: inside" {
		t.Errorf("a name that leads inside: %v", err)
	}
	open := webhook.New(webhook.Settings{Plain: true, Allow: append(loopback, netip.MustParsePrefix("::1/128"))})
	if err := open.Post(t.Context(), webhook.Call{URL: s.URL, ID: "x", At: time.Unix(1, 0)}); err != nil || !called {
		t.Errorf("an allowed one: %v", err)
	}
}

func TestAddressesRefused(t *testing.T) {
	s := webhook.New(webhook.Settings{})
	for _, bad := range []string{"", "x", "http://example.jp/", "ftp://example.jp/", "https://", "https://user:pass@example.jp/", "https://example.jp/\r\nX: y", "https://example.jp/#x", "https://例え.jp/", "https://127.0.0.1/", "file:///etc/passwd", "https:example.jp", "https://example.jp/" + strings.Repeat("a", 2000)} {
		if s.Check(bad) == nil {
			t.Errorf("taken: %q", bad)
		}
	}
	for _, good := range []string{"https://hooks.slack.com/services/T0/B0/x", "https://example.jp:8443/a?b=c", "https://8.8.8.8/x"} {
		if err := s.Check(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}
