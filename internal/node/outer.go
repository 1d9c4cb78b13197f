package node

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/vocab"
	"isac/internal/api"
	"isac/internal/ballot"
	"isac/internal/feeds"
	"isac/internal/finder"
	"isac/internal/httpx"
	"isac/internal/overview"
	"isac/internal/parts"
	"isac/internal/projection"
	"isac/internal/reading"
	"isac/internal/store"
	"isac/internal/taxii"
	"isac/internal/webui"
)

// Outer is the part of a hub that has the network, where the hub runs as two processes
// (internal/parts). It serves what is released from a view of its own and hands on
// everything else. It has no key, no log and no credentials.
type Outer struct {
	Config
	URL      string // where it listens
	link     *parts.Link
	public   *store.Public
	view     *projection.Projection
	overview *overview.Overview
	live     httpx.Live
	face     atomic.Pointer[face]
	reached  atomic.Bool // the inner part is followed
	listener net.Listener
	server   *http.Server
	stop     context.CancelFunc
	done     sync.WaitGroup
	folder   *folder
}

// face is what an outer part serves, made of what it knows of its hub.
type face struct {
	http.Handler
	of      parts.About
	finder  *finder.Finder
	reading *reading.Room
}

// StartOuter listens. Until the inner part has answered, and the view is up to date by it,
// the answer is 503: something may have been recalled.
func StartOuter(ctx context.Context, c Config) (*Outer, error) {
	o := &Outer{Config: c.withDefaults(), link: parts.Dial(c.Socket, c.Peers)}
	err := o.open()
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	o.done.Go(func() { o.follow(ctx) })
	o.server = o.newServer(http.HandlerFunc(o.serve))
	o.server.RegisterOnShutdown(o.live.End)
	go func() { _ = o.server.Serve(o.listener) }() // ends with Close
	return o, nil
}

func (o *Outer) open() (err error) {
	o.folder, err = openOuterFolder(o.Dir, o.Now())
	if err != nil {
		return err
	}
	o.public, err = store.OpenPublic(filepath.Join(o.Dir, "public.db"), store.Synced)
	if err != nil {
		return err
	}
	o.view, o.overview = projection.NewPublic(o.link, o.public), overview.New(o.public)
	o.listener, err = o.listenHTTP()
	if err != nil {
		return err
	}
	o.URL = o.ownURL(o.listener)
	return nil
}

// Close stops everything, newest first.
func (o *Outer) Close() error {
	var errs []error
	if o.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		errs = append(errs, o.server.Shutdown(ctx))
		cancel()
	}
	if o.stop != nil {
		o.stop()
		o.done.Wait()
	}
	if f := o.face.Load(); f != nil {
		errs = append(errs, f.reading.Close())
	}
	if o.public != nil {
		errs = append(errs, o.public.Close())
	}
	if o.folder != nil {
		errs = append(errs, o.folder.close())
	}
	return errors.Join(errs...)
}

// follow keeps the view up to date until ctx ends, whenever the inner part runs.
func (o *Outer) follow(ctx context.Context) {
	said := hub.ErrorKind("")
	for ctx.Err() == nil {
		err := o.once(ctx, func() { said = "" })
		if err != nil {
			o.reached.Store(false)
		}
		if kind := hub.KindOf(err); kind != said && err != nil && ctx.Err() == nil { // once, not each second
			said = kind
			o.Log.Warn("inner part not followed", "class", string(kind))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second / 2):
		}
	}
}

// once follows the inner part as long as it runs.
func (o *Outer) once(ctx context.Context, reached func()) error {
	about, err := o.link.About(ctx)
	if err != nil {
		return err
	}
	f := o.face.Load()
	if f == nil || !same(f.of, about) {
		f = o.newFace(about)
	}
	return o.link.Follow(ctx, func() error {
		err := errors.Join(o.view.CatchUp(ctx), f.finder.CatchUp(ctx), o.overview.CatchUp(ctx))
		if err != nil {
			return err
		}
		if old := o.face.Swap(f); old != nil && old != f {
			err = old.reading.Close()
			if err != nil {
				return err
			}
		}
		if !o.reached.Swap(true) {
			reached()
			o.Log.Info("inner part followed")
		}
		o.live.Announce()
		return nil
	})
}

// same reports whether a hub is still what it was.
func same(a, b parts.About) bool {
	versions := [2]string{}
	for i, about := range []parts.About{a, b} {
		if about.Attack != nil {
			versions[i] = about.Attack.Version
		}
	}
	return a.Name == b.Name && a.BaseURL == b.BaseURL && a.Origin == b.Origin && a.Host == b.Host && versions[0] == versions[1]
}

// newFace makes all that is served.
func (o *Outer) newFace(about parts.About) *face {
	words := vocab.Default(o.Profile)
	if about.Attack != nil {
		words = vocab.With(o.Profile, *about.Attack)
	}
	find := finder.New(o.public, words)
	room := reading.New(reading.View{Public: o.public, Overview: o.overview, Finder: find}, words, parts.Sees)
	answers := ballot.New(ballot.Config{Public: o.public, Rules: Rules(o.Profile), Now: o.Now}) // to be read alone
	files := feeds.New(feeds.Config{
		Log: o.Log, Name: about.Name, URL: about.BaseURL, Reading: room, Signin: o.link, Vocab: words, Rules: Rules(o.Profile), Warnings: o.Warnings, Now: o.Now,
	})
	elsewhere := o.link.Relay(o.nameless(), o.refuse)
	limit := httpx.Limit(o.rate(), httpx.TooMany)
	r := chi.NewRouter()
	r.Use(httpx.Secure, taxii.Slashes)
	r.With(httpx.Limit(o.rate(), taxii.TooMany)).Mount("/taxii2", taxii.New(taxii.Config{
		Log: o.Log, Name: about.Name, Public: o.public, Signin: o.link, Now: o.Now, Elsewhere: elsewhere,
	}))
	r.With(limit).Mount("/api/v1", api.New(api.Config{
		Log: o.Log, Reading: room, Ballot: answers, Signin: o.link, Feeds: files, Live: &o.live, Now: o.Now, Elsewhere: elsewhere,
	}))
	r.With(limit).Mount("/feeds", files.Handler())
	r.Mount("/", webui.New(webui.Config{
		Log: o.Log, Name: about.Name, Reading: room, Ballot: answers, Door: o.link, Vocab: words, Profile: o.Profile, Warnings: o.Warnings,
		Library: o.Library, Shelf: o.Shelf, Font: o.Font, Now: o.Now, Live: &o.live, Elsewhere: elsewhere,
	}))
	return &face{r, about, find, room}
}

// serve answers everything.
func (o *Outer) serve(w http.ResponseWriter, r *http.Request) {
	f := o.face.Load()
	switch {
	case r.URL.Path == "/healthz":
		_, _ = w.Write([]byte("ok\n"))
	case r.URL.Path == "/readyz":
		o.readyz(w, r)
	case f == nil:
		o.refuse(w, r, hub.E(hub.Unavailable, "node.inner-away"))
	default:
		f.ServeHTTP(w, r)
	}
}

// readyz says whether both parts do what they are for.
func (o *Outer) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	_, err := o.public.Newest(ctx)
	ready := err == nil && o.reached.Load() && o.link.Ready(ctx) == nil
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(map[string]bool{"ready": ready})
}

// refuse says why there is no answer, to people as a page.
func (o *Outer) refuse(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Retry-After", "10")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		webui.Refuse(w, r, o.Name, err)
		return
	}
	httpx.WriteProblem(w, r, err, "")
}
