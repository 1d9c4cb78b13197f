package parts

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"isac/hub"
	"isac/internal/natsbus"
	"isac/internal/signin"
)

// Link is the outer part's way to the inner one. It knows who asks by asking there
// (signin.Door), reads the log there (projection.Log) and hands requests on.
type Link struct {
	asking  *http.Transport // keeps connections, since verbs can be asked again
	handing *http.Transport // doesn't: what was handed on once may have been done
	about   atomic.Pointer[About]
}

// Dial returns the way to the socket at path, at whose other end one of the users must be.
func Dial(path string, users []uint32) *Link {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "unix", path)
		if err != nil {
			return nil, err
		}
		err = isOf(c, users)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return c, nil
	}
	l := &Link{
		asking:  &http.Transport{DialContext: dial, DisableCompression: true, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute},
		handing: &http.Transport{DialContext: dial, DisableCompression: true, DisableKeepAlives: true},
	}
	l.about.Store(new(About))
	return l
}

// away is why there is no answer. What the other end said may hold a value.
func away(doing string) error {
	return &hub.Error{Kind: hub.Unavailable, Text: "node.inner-away", Err: errors.New(doing + ": no answer")}
}

// ask asks a verb.
func ask[A any](ctx context.Context, l *Link, name string, q any) (A, error) {
	var out reply[A]
	data, err := json.Marshal(q)
	if err != nil {
		return out.Answer, fmt.Errorf("asking the inner part: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+verbsHost+"/"+name, bytes.NewReader(data))
	if err != nil {
		return out.Answer, fmt.Errorf("asking the inner part: %w", err)
	}
	r.Header["X-Idempotency-Key"] = nil // to net/http: ask again where a kept connection has ended; isn't sent
	w, err := l.asking.RoundTrip(r)
	if err != nil {
		return out.Answer, away("asking the inner part")
	}
	defer w.Body.Close()
	err = json.NewDecoder(w.Body).Decode(&out)
	if err != nil {
		return out.Answer, away("reading the inner part's answer")
	}
	return out.Answer, out.Refused.Err()
}

// About asks what the outer part knows of its hub.
func (l *Link) About(ctx context.Context) (About, error) {
	a, err := ask[About](ctx, l, "about", struct{}{})
	if err == nil {
		l.about.Store(&a)
	}
	return a, err
}

// Ready refuses when the hub takes no reports.
func (l *Link) Ready(ctx context.Context) error {
	_, err := ask[struct{}](ctx, l, "ready", struct{}{})
	return err
}

// Host implements signin.Door, as far as About was asked.
func (l *Link) Host() string { return l.about.Load().Host }

// Origin implements signin.Door, as far as About was asked.
func (l *Link) Origin() string { return l.about.Load().Origin }

// Who implements signin.Door.
func (l *Link) Who(r *http.Request) (signin.Session, bool, error) {
	value := signin.SessionOf(r)
	if value == "" {
		return signin.Session{}, false, nil
	}
	s, err := ask[signedIn](r.Context(), l, "session", cookie{value})
	return s.Session, s.In, err
}

// Access implements signin.Door.
func (l *Link) Access(ctx context.Context, token string) (signin.Access, error) {
	return ask[signin.Access](ctx, l, "access", credential{Token: token})
}

// AccessByCertificate implements signin.Door.
func (l *Link) AccessByCertificate(ctx context.Context, state *tls.ConnectionState) (signin.Access, error) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return signin.Access{}, hub.E(hub.Unsigned, "error.unsigned")
	}
	return ask[signin.Access](ctx, l, "access", credential{Certificate: state.PeerCertificates[0].Raw})
}

// Read implements projection.Log for the stream ALERTS. A view that is ahead of the log is
// of another one.
func (l *Link) Read(ctx context.Context, stream, _ string, after uint64, each func(natsbus.Message) error) error {
	if stream != natsbus.Alerts {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	for {
		p, err := ask[page](ctx, l, "entries", place{after})
		if err != nil {
			return err
		}
		if after > p.Last {
			return hub.E(hub.Conflict, "node.view-ahead")
		}
		if len(p.Entries) == 0 {
			return nil
		}
		for _, m := range p.Entries {
			err := each(m)
			if err != nil {
				return err
			}
			after = m.Seq
		}
	}
}

// Last implements projection.Log for the stream TOLD.
func (l *Link) Last(ctx context.Context, stream, _ string) (natsbus.Message, error) {
	if stream != natsbus.Told {
		return natsbus.Message{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	p, err := ask[page](ctx, l, "entries", place{^uint64(0)})
	if err == nil && p.Told.Seq == 0 {
		err = hub.E(hub.NotFound, "error.not-found")
	}
	return p.Told, err
}

// Follow calls changed at once and whenever something may have changed, until the inner
// part ends it, which is no error, or dies, or changed fails.
func (l *Link) Follow(ctx context.Context, changed func() error) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+verbsHost+"/news", nil)
	if err != nil {
		return fmt.Errorf("following the inner part: %w", err)
	}
	w, err := l.handing.RoundTrip(r)
	if err != nil {
		return away("following the inner part")
	}
	defer w.Body.Close()
	lines := bufio.NewScanner(w.Body)
	for lines.Scan() {
		if lines.Text() == "" {
			continue
		}
		err := changed()
		if err != nil {
			return err
		}
	}
	if lines.Err() != nil {
		return away("following the inner part")
	}
	return nil
}

// Relay hands requests on to the inner part, and answers by refuse where it doesn't. What
// goes through is kept nowhere, and the memory by which answers are copied is overwritten.
func (l *Link) Relay(logger *log.Logger, refuse func(http.ResponseWriter, *http.Request, error)) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: handedOn, Transport: l.handing, BufferPool: new(wiped), ErrorLog: logger,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) { refuse(w, r, away("handing a request on")) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clear(w.Header()) // the inner part sets them
		proxy.ServeHTTP(w, r)
	})
}

func handedOn(p *httputil.ProxyRequest) {
	p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = "http", pagesHost, pagesHost
	p.Out.URL.RawQuery = p.In.URL.RawQuery
	p.Out.Header.Set(hostHeader, p.In.Host)
	p.Out.Header.Set(addressHeader, p.In.RemoteAddr)
	p.Out.Header.Del(certificateHeader)
	if p.In.TLS != nil && len(p.In.TLS.PeerCertificates) > 0 {
		p.Out.Header.Set(certificateHeader, base64.StdEncoding.EncodeToString(p.In.TLS.PeerCertificates[0].Raw))
	}
}

// wiped are buffers that are overwritten after use.
type wiped struct{ sync.Pool }

func (b *wiped) Get() []byte {
	have, ok := b.Pool.Get().(*[32 << 10]byte)
	if !ok {
		have = new([32 << 10]byte)
	}
	return have[:]
}

func (b *wiped) Put(buffer []byte) {
	clear(buffer)
	b.Pool.Put((*[32 << 10]byte)(buffer))
}
