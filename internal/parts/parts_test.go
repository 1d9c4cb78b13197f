package parts_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/parts"
	"isac/internal/signin"
)

// seen is what the inner part's pages are told of a request.
type seen struct {
	Host, Address, Path, Certificate string
	Header                           http.Header
}

// mine is the user of this process.
var mine = uint32(os.Geteuid())

// TestSocket asks a running hub as its outer part does.
func TestSocket(t *testing.T) {
	h, link := linked(t)
	t.Run("roles and no organisation", func(t *testing.T) { rolesAlone(t, h, link) })
	t.Run("a caller says nothing of itself", func(t *testing.T) { asItCame(t, link) })
	t.Run("only the released log", func(t *testing.T) { releasedAlone(t, h, link) })
}

// linked is a running hub as the inner part, with pages that say what they see.
func linked(t *testing.T) (*hubtest.Hub, *parts.Link) {
	t.Helper()
	h := hubtest.Start(t, 3)
	path := filepath.Join(t.TempDir(), "socket")
	l, err := parts.Listen(path, []uint32{mine}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	about := parts.About{Name: "hub", BaseURL: h.BaseURL, Origin: h.Signin.Origin(), Host: h.Signin.Host()}
	s := &http.Server{Handler: parts.Handler(parts.Inner{
		Signin: h.Signin, Log: h.Bus, About: func() parts.About { return about }, Ready: func(context.Context) error { return nil },
		News: func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "\n: here\n\n")
			return err
		},
		Pages: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			out := seen{Host: r.Host, Address: r.RemoteAddr, Path: r.RequestURI, Header: r.Header}
			if r.TLS != nil {
				out.Certificate = string(r.TLS.PeerCertificates[0].Raw)
			}
			_ = json.NewEncoder(w).Encode(out)
		}),
	})}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	if mode, err := os.Stat(path); err != nil || mode.Mode().Perm() != 0o660 {
		t.Errorf("mode of the socket: %v, %v", mode.Mode(), err)
	}
	return h, parts.Dial(path, []uint32{mine})
}

// rolesAlone wants the outer part to know roles, and no organisation.
func rolesAlone(t *testing.T, h *hubtest.Hub, link *parts.Link) {
	for _, one := range []struct {
		person hubtest.Person
		org    string
	}{{h.Person(0, hub.Reporter), "member"}, {h.Person(-1, hub.Secretariat), "hub"}} {
		inside, err := h.Signin.Access(t.Context(), one.person.Token)
		if err != nil {
			t.Fatal(err)
		}
		a, err := link.Access(t.Context(), one.person.Token)
		if err != nil || a.ID != one.person.ID || a.Org != one.org || len(a.Key) > 0 || a.Member != inside.Member || fmt.Sprint(a.Roles, a.Scopes) != fmt.Sprint(inside.Roles, inside.Scopes) {
			t.Errorf("by token: %+v, %v; inside: %+v", a, err, inside)
		}
		w := httptest.NewRecorder()
		if err := h.Signin.Begin(t.Context(), w, one.person.Person, signin.ByToken); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if _, ok, err := link.Who(r); ok || err != nil {
			t.Errorf("nobody is %v, %v", ok, err)
		}
		r.AddCookie(w.Result().Cookies()[0])
		s, ok, err := link.Who(r)
		if err != nil || !ok || s.ID != one.person.ID || s.Org != one.org || s.Proof != signin.ByToken || s.Member != inside.Member {
			t.Errorf("by cookie: %+v, %v, %v", s, ok, err)
		}
	}
	for _, token := range []string{"", "isac_nobodys"} {
		if _, err := link.Access(t.Context(), token); hub.KindOf(err) != hub.Unsigned {
			t.Errorf("a token of nobody's: %v", err)
		}
	}
	if _, err := link.AccessByCertificate(t.Context(), state("nobody's")); hub.KindOf(err) != hub.Unsigned {
		t.Errorf("a certificate of nobody's: %v", err)
	}
}

func state(certificate string) *tls.ConnectionState {
	return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte(certificate)}}}
}

// asItCame: which host, address and certificate a request came by is
// what the outer part saw, whatever the request says; and no request reaches a verb.
func asItCame(t *testing.T, link *parts.Link) {
	relay := link.Relay(log.New(io.Discard, "", 0), func(_ http.ResponseWriter, _ *http.Request, err error) { t.Error(err) })
	for _, certificate := range []string{"", "shown"} {
		r := httptest.NewRequest(http.MethodPost, "http://verbs/access?a=b;c", strings.NewReader("{}"))
		r.RemoteAddr = "203.0.113.9:77"
		for _, name := range []string{"Isac-Host", "Isac-Address", "Isac-Certificate"} {
			r.Header[name] = []string{"c3RvbGVu", "verbs"}
		}
		r.Header.Set("Connection", "Isac-Address, Isac-Host")
		r.Header.Set("Authorization", "Bearer x")
		if certificate != "" {
			r.TLS = state(certificate)
		}
		w := httptest.NewRecorder()
		w.Header().Set("Cache-Control", "the outer part's")
		relay.ServeHTTP(w, r)
		var got seen
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		for name := range got.Header {
			if strings.HasPrefix(name, "Isac-") || strings.HasPrefix(name, "X-Forwarded") {
				t.Errorf("the header %s came through", name)
			}
		}
		if got.Host != "verbs" || got.Address != "203.0.113.9:77" || got.Path != "/access?a=b;c" || got.Certificate != certificate || got.Header.Get("Authorization") != "Bearer x" {
			t.Errorf("inside it is %+v", got)
		}
		if w.Header().Get("Cache-Control") != "" {
			t.Error("headers of both parts are mixed")
		}
	}
}

// releasedAlone wants two streams to be readable and no other to be asked for.
func releasedAlone(t *testing.T, h *hubtest.Hub, link *parts.Link) {
	for _, stream := range natsbus.StreamNames() {
		err := link.Read(t.Context(), stream, ">", 0, func(natsbus.Message) error { return nil })
		_, last := link.Last(t.Context(), stream, ">")
		if stream != natsbus.Alerts && hub.KindOf(err) != hub.Forbidden || stream != natsbus.Told && hub.KindOf(last) != hub.Forbidden {
			t.Errorf("%s can be read: %v, %v", stream, err, last)
		}
	}
	var want, got []uint64
	for i := range 3 {
		seq, err := h.Bus.Append(t.Context(), fmt.Sprintf("alert.test%d", i), natsbus.AnySeq, nil, make([]byte, 3<<20)) // more than a page
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, seq)
	}
	err := link.Read(t.Context(), natsbus.Alerts, "alert.>", want[0]-1, func(m natsbus.Message) error { got = append(got, m.Seq); return nil })
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read %v of %v: %v", got, want, err)
	}
	if err := link.Read(t.Context(), natsbus.Alerts, "alert.>", want[2]+1, nil); hub.KindOf(err) != hub.Conflict {
		t.Errorf("a view that is ahead of the log: %v", err)
	}
}

// TestAnotherUserIsShutOut on either side of the socket.
func TestAnotherUserIsShutOut(t *testing.T) {
	for _, users := range [][2]uint32{{mine + 1, mine}, {mine, mine + 1}} {
		path := filepath.Join(t.TempDir(), "socket")
		l, err := parts.Listen(path, users[:1], slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		asked := false
		s := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true })}
		go func() { _ = s.Serve(l) }()
		err = parts.Dial(path, users[1:]).Ready(t.Context())
		if _ = s.Close(); hub.KindOf(err) != hub.Unavailable || asked {
			t.Errorf("let in inside %d, outside %d, this is %d: %v", users[0], users[1], mine, err)
		}
	}
}

// BenchmarkAccess is what knowing who asks costs by the socket.
func BenchmarkAccess(b *testing.B) {
	path := filepath.Join(b.TempDir(), "socket")
	h := hubtest.Start(b, 3)
	l, err := parts.Listen(path, []uint32{mine}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	s := &http.Server{Handler: parts.Handler(parts.Inner{Signin: h.Signin})}
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	link, token := parts.Dial(path, []uint32{mine}), h.Person(0, hub.Reader).Token
	for b.Loop() {
		if _, err := link.Access(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
