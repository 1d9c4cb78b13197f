package parts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/natsbus"
	"isac/internal/signin"
)

// Inner is what the inner part answers with; every field must be set.
type Inner struct {
	Signin *signin.Signin
	Log    Log
	About  func() About
	Ready  func(context.Context) error
	News   func(http.ResponseWriter, *http.Request) error // writes a line for each change
	Pages  http.Handler                                   // the whole face
}

// Handler answers the outer part.
func Handler(in Inner) http.Handler {
	verbs := http.NewServeMux()
	verbs.Handle("POST /access", verb(in.access))
	verbs.Handle("POST /session", verb(in.session))
	verbs.Handle("POST /entries", verb(in.entries))
	verbs.Handle("POST /about", verb(func(context.Context, struct{}) (About, error) { return in.About(), nil }))
	verbs.Handle("POST /ready", verb(func(ctx context.Context, _ struct{}) (struct{}, error) { return struct{}{}, in.Ready(ctx) }))
	verbs.HandleFunc("POST /news", func(w http.ResponseWriter, r *http.Request) { _ = in.News(w, r) }) // whoever followed comes again
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer drain(r.Body) // or who writes it fails, and the answer is lost
		switch r.Host {
		case verbsHost:
			verbs.ServeHTTP(w, r)
		case pagesHost:
			asItCame(r)
			in.Pages.ServeHTTP(w, r)
		default:
			http.Error(w, "no such host", http.StatusMisdirectedRequest)
		}
	})
}

// longestBody is more than any page takes, in bytes.
const longestBody = 256 << 20

// drain reads what was left of a body.
func drain(body io.Reader) { _, _ = io.Copy(io.Discard, io.LimitReader(body, longestBody)) }

// asItCame gives a request that was handed on the host, address and certificate with
// which it came.
func asItCame(r *http.Request) {
	r.Host, r.RemoteAddr = r.Header.Get(hostHeader), r.Header.Get(addressHeader)
	shown, err := base64.StdEncoding.DecodeString(r.Header.Get(certificateHeader))
	if err == nil && len(shown) > 0 {
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: shown}}}
	}
	for _, h := range []string{hostHeader, addressHeader, certificateHeader} {
		r.Header.Del(h)
	}
}

// longest is the longest question in bytes.
const longest = 1 << 20

// verb answers a question of one shape with an answer of another.
func verb[Q, A any](answer func(context.Context, Q) (A, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q Q
		var out reply[A]
		err := json.NewDecoder(io.LimitReader(r.Body, longest)).Decode(&q)
		if err != nil { // its text could quote a value
			err = hub.E(hub.Invalid, "http.bad-body")
		} else {
			out.Answer, err = answer(r.Context(), q)
		}
		out.Refused = hub.RefusalOf(err)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // who asked and left asks again
	})
}

func (in Inner) access(ctx context.Context, q credential) (a signin.Access, err error) {
	if q.Token == "" && len(q.Certificate) > 0 {
		a, err = in.Signin.AccessByCertificate(ctx, &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: q.Certificate}}})
	} else {
		a, err = in.Signin.Access(ctx, q.Token)
	}
	a.Person = known(a.Person, a.Member)
	return a, err
}

func (in Inner) session(ctx context.Context, q cookie) (signedIn, error) {
	s, ok, err := in.Signin.Session(ctx, q.Value)
	s.Person = known(s.Person, s.Member)
	return signedIn{ok, s}, err
}

// errEnough ends a page of the log.
var errEnough = errors.New("enough for a page")

func (in Inner) entries(ctx context.Context, q place) (out page, err error) {
	out.Last, err = in.Log.LastSeq(ctx, natsbus.Alerts)
	if err != nil {
		return out, err
	}
	size := 0
	err = in.Log.Read(ctx, natsbus.Alerts, "alert.>", q.After, func(m natsbus.Message) error {
		out.Entries = append(out.Entries, m)
		size += len(m.Data)
		if len(out.Entries) >= mostEntries || size >= mostBytes {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return out, err
	}
	out.Told, err = in.Log.Last(ctx, natsbus.Told, feedback.Subject)
	if hub.KindOf(err) == hub.NotFound {
		return out, nil
	}
	return out, err
}
