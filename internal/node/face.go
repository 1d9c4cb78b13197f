package node

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/internal/api"
	"isac/internal/feeds"
	"isac/internal/httpx"
	"isac/internal/locale"
	"isac/internal/parts"
	"isac/internal/receipts"
	"isac/internal/signin"
	"isac/internal/taxii"
	"isac/internal/webui"
)

// listen takes the HTTP address, so that a port in use is known before anything
// else starts.
func (n *Node) listen() error {
	err := n.listenPrivate()
	if err != nil {
		return err
	}
	if n.Socket != "" {
		n.listener, err = parts.Listen(n.Socket, n.Peers, n.Log)
	} else if n.Listen != "" {
		n.listener, err = n.Config.listenHTTP()
	}
	if err != nil || n.listener == nil {
		return err
	}
	if n.BaseURL == "" {
		n.BaseURL = n.Config.ownURL(n.listener)
	}
	n.Signin, err = signin.New(signin.Config{Sessions: n.sessions, Roster: n.Roster, BaseURL: n.BaseURL, Quiet: n.quiet, Now: n.Now})
	if err != nil {
		return err
	}
	for _, p := range n.Providers {
		err := n.Signin.Trust(p)
		if err != nil {
			return err
		}
	}
	return nil
}

// listenHTTP takes the address where people and programs come.
func (c Config) listenHTTP() (net.Listener, error) {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, listenError(err)
	}
	if c.TLS != nil {
		return tls.NewListener(l, c.asking()), nil
	}
	return l, nil
}

// ownURL is the address of a listener.
func (c Config) ownURL(l net.Listener) string {
	scheme := "http"
	if c.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + l.Addr().String()
}

// asking is TLS that asks for client certificates at the name where programs come. Which
// they are good for isn't its business: any whose key the client has is taken.
func (c Config) asking() *tls.Config {
	if c.ClientCertificates == "" {
		return c.TLS
	}
	asks := c.TLS.Clone()
	asks.ClientAuth = tls.RequestClientCert
	if c.ClientCertificates == "*" {
		return asks
	}
	by := c.TLS.Clone()
	by.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if strings.EqualFold(hello.ServerName, c.ClientCertificates) {
			return asks, nil
		}
		return nil, nil // the one that doesn't ask
	}
	return by
}

// PagesURL is where people's browsers find the pages, and passkeys work.
func (n *Node) PagesURL() string {
	if n.Signin == nil {
		return n.BaseURL
	}
	return n.Signin.Origin()
}

// listenPrivate serves the metrics on a listener of their own.
func (n *Node) listenPrivate() error {
	if n.Private == "" {
		return nil
	}
	l, err := net.Listen("tcp", n.Private)
	if err != nil {
		return listenError(err)
	}
	n.operator = &http.Server{Handler: n.Metrics.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: n.nameless()}
	go func() { _ = n.operator.Serve(l) }() // ends with Close
	return nil
}

// serveHTTP answers until Close.
func (n *Node) serveHTTP() {
	if n.listener == nil {
		return
	}
	h := n.Handler()
	if n.Socket != "" {
		h = parts.Handler(parts.Inner{
			Signin: n.Signin, Log: n.Bus, About: n.about, Ready: n.ready, Pages: h,
			News: func(w http.ResponseWriter, r *http.Request) error { return n.live.Stream(w, r, n.released) },
		})
	}
	n.server = n.Config.newServer(h)
	n.server.RegisterOnShutdown(n.live.End)
	go func() { _ = n.server.Serve(n.listener) }() // ends with Close
}

// released rises with everything that is released or told, what takes back included.
func (n *Node) released(ctx context.Context) (uint64, error) {
	log, told, err := n.Public.State(ctx)
	return log + told, err
}

// about is what an outer part knows of this hub.
func (n *Node) about() parts.About {
	return parts.About{Name: n.Name, BaseURL: n.BaseURL, Origin: n.Signin.Origin(), Host: n.Signin.Host(), Attack: n.Roster.Attack()}
}

func (c Config) newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: c.nameless(),
	}
}

// nameless takes what net/http has to say of connections, which names the caller's
// address: only that one failed is logged.
func (c Config) nameless() *log.Logger { return log.New(failed{c.Log}, "", 0) }

type failed struct{ log *slog.Logger }

func (f failed) Write(text []byte) (int, error) {
	f.log.Debug("connection failed")
	return len(text), nil
}

// quiet reports whether a member is in quiet mode.
func (n *Node) quiet(org string) bool { return n.Machines.Quiet(org) }

// Handler is the whole HTTP face.
func (n *Node) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(httpx.Secure, taxii.Slashes)
	r.With(httpx.Limit(n.rate(), taxii.TooMany)).Mount("/taxii2", taxii.New(taxii.Config{
		Log: n.Log, Name: n.Name, Public: n.Public, Signin: n.Signin, Desk: n.Desk, Ring: n.Ring, Statuses: n.sessions, Now: n.Now,
	}))
	files := feeds.New(feeds.Config{
		Log: n.Log, Name: n.Name, URL: n.BaseURL, Reading: n.reading, Signin: n.Signin, Vocab: n.Desk.Vocabulary(), Rules: Rules(n.Profile), Warnings: n.Warnings, Now: n.Now,
	})
	limit := httpx.Limit(n.rate(), httpx.TooMany)
	r.With(limit).Mount("/api/v1", api.New(api.Config{Log: n.Log, Reading: n.reading, Roster: n.Roster, Desk: n.Desk, Ballot: n.Ballot, Signin: n.Signin, Feeds: files, Notices: n.Notices, Receipts: n.receipts(), Live: &n.live, Now: n.Now}))
	r.With(limit).Mount("/feeds", files.Handler())
	r.With(limit).Get("/ledger", n.checkpoint)
	r.Get("/healthz", n.healthz)
	r.Get("/readyz", n.readyz)
	r.Mount("/", webui.New(webui.Config{
		Log: n.Log, Name: n.Name, Reading: n.reading, Receipts: n.receipts(), Book: n.book, Drafts: n.drafts, Machines: n.Machines, Postbox: n.Postbox, Roster: n.Roster, Desk: n.Desk, Ballot: n.Ballot,
		Help: n.Help, Door: n.Signin, Signin: n.Signin, Vocab: n.Desk.Vocabulary(), Office: n.Office, Notices: n.Notices, Profile: n.Profile, Warnings: n.Warnings, Library: n.Library, Font: n.Font, Now: n.Now, Live: &n.live,
		Shelf: n.Shelf, Exercise: n.Exercise,
	}))
	return r
}

// receipts is what is relayed to partners.
func (n *Node) receipts() receipts.Desk {
	return receipts.Desk{Reading: n.reading, Roster: n.Roster, Now: n.Now}
}

// usualRate is how many requests a second one credential may send where the operator says
// nothing.
const usualRate = 10_000

func (c Config) rate() int {
	if c.Rate > 0 {
		return c.Rate
	}
	return usualRate
}

// healthz says whether the hub is alive: its clocks turn. One that isn't should be
// restarted; one that lives and isn't ready, as on a full disk, needn't be.
func (n *Node) healthz(w http.ResponseWriter, _ *http.Request) {
	if n.alive() != nil {
		http.Error(w, "stalled", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// checkpoint is the state of the ledger, for everybody: who fetches it by another way
// than members do can tell whether they are shown the same.
func (n *Node) checkpoint(w http.ResponseWriter, r *http.Request) {
	text, err := n.Desk.Checkpoint(r.Context())
	if err != nil {
		http.Error(w, locale.Error(httpx.Language(r), err), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, text)
}

// readyz says whether the hub takes reports: the streams store, there is room, the
// view can be read, and the clocks turn.
func (n *Node) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	ready := n.ready(ctx) == nil
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]bool{"ready": ready})
}
