// Package feeds gives all released indicators as files that other programs fetch: block
// lists, rules, tables, a feed for MISP.
//
// It reads the released view alone, as far as who asks may read it and some rows at a time, so
// that a million need no more memory than one. It trusts nothing of a request; who asks is known by an access token: in
// the header, or, for a firewall that knows addresses alone, in the address. There only a
// token is taken that is good for feeds and nothing else, since addresses lie in logs and
// histories. No path is ever logged here.
//
//	router.Mount("/feeds", feeds.New(cfg).Handler())
package feeds

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"isac/hub"
	"isac/hub/export"
	"isac/hub/feedback"
	"isac/hub/vocab"
	"isac/hub/warning"
	"isac/internal/httpx"
	"isac/internal/reading"
	"isac/internal/signin"
	"isac/internal/store"
)

// Config is what the feeds need.
type Config struct {
	Log      *slog.Logger
	Name     string // of the hub
	URL      string // of the hub as members see it, may be empty
	Reading  *reading.Room
	Signin   signin.Door
	Vocab    *vocab.Vocab
	Rules    feedback.Rules
	Warnings *warning.Lists // the hub's own table when nil
	Now      func() time.Time
}

// Feeds answers requests for files.
type Feeds struct{ Config }

// file is one request: the released view as far as who asks may read it.
type file struct {
	*Feeds
	public *store.Public
}

func (f *Feeds) of(who hub.Person) file { return file{f, f.Reading.Of(who).Public} }

// handler answers a request of somebody whose token is good for it.
type handler func(file, http.ResponseWriter, *http.Request) error

// New returns the feeds.
func New(c Config) *Feeds { return &Feeds{c} }

// Handler answers everything below /feeds.
func (f *Feeds) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.GetHead, middleware.Compress(5, "text/plain", "text/csv", "application/jsonl", "application/json"))
	get := func(path string, h handler) {
		r.Get(path, httpx.Handle(f.Log, f.byHeader(h)))
		r.Get("/token/{token}"+path, httpx.Handle(f.Log, f.byAddress(h)))
	}
	get("/{form}", file.indicators)
	get("/misp/manifest.json", plain(file.mispManifest))
	get("/misp/hashes.csv", plain(file.mispHashes))
	get("/misp/{event}.json", plain(file.mispEvent))
	r.NotFound(httpx.Handle(f.Log, func(http.ResponseWriter, *http.Request) error { return hub.E(hub.NotFound, "error.not-found") }))
	r.MethodNotAllowed(httpx.NotAllowed(f.Log, r))
	return r
}

// plain is a file that knows no parameters.
func plain(h handler) handler {
	return func(f file, w http.ResponseWriter, r *http.Request) error {
		_, err := httpx.ReadQuery(r, nil)
		if err != nil {
			return err
		}
		return h(f, w, r)
	}
}

// byHeader wants a token as a bearer, or as the password of HTTP Basic, as firewalls and
// MISP send it.
func (f *Feeds) byHeader(h handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
		if strings.EqualFold(scheme, "basic") {
			_, token, _ = r.BasicAuth()
		} else if !strings.EqualFold(scheme, "bearer") && !strings.EqualFold(scheme, "token") {
			token = ""
		}
		access, err := f.Signin.Access(r.Context(), strings.TrimSpace(token))
		if err != nil {
			w.Header().Add("WWW-Authenticate", `Basic realm="isac", charset="UTF-8"`)
			return err
		}
		if !access.May(hub.FeedScope) {
			err = access.Allow(hub.ReadScope)
			if err != nil {
				return err
			}
		}
		return h(f.of(access.Person), w, r)
	}
}

// byAddress wants a token in the address that is good for feeds alone.
func (f *Feeds) byAddress(h handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		access, err := f.Signin.Access(r.Context(), chi.URLParam(r, "token"))
		if hub.KindOf(err) == hub.Unavailable {
			return err // a firewall that was told of nothing there would drop its list
		}
		if err != nil {
			return hub.E(hub.NotFound, "error.not-found") // nobody can sign in to an address
		}
		if access.Ends.IsZero() || len(access.Scopes) != 1 || access.Scopes[0] != hub.FeedScope {
			return hub.E(hub.Forbidden, "feeds.token-not-for-addresses")
		}
		w.Header().Set("Referrer-Policy", "no-referrer")
		return h(f.of(access.Person), w, r)
	}
}

// asked is what a request wants of a file.
type asked struct {
	form       export.Form
	query      store.ExportQuery
	confidence int
	all        bool // ended ones too
}

// kinds are short words for types in addresses.
var kinds = map[string][]hub.Kind{
	"ip": {hub.IPv4, hub.IPv6}, "ipv4": {hub.IPv4}, "ipv6": {hub.IPv6}, "domain": {hub.Domain}, "url": {hub.URL}, "mail": {hub.Mail},
	"hash": {hub.MD5, hub.SHA1, hub.SHA256, hub.SHA512}, "md5": {hub.MD5}, "sha1": {hub.SHA1}, "sha256": {hub.SHA256}, "sha512": {hub.SHA512}, "file": {hub.FileName},
}

// parameters are those of a file.
var parameters = []string{"type", "min_confidence", "since", "all"}

// ask reads form=…?type=ip&min_confidence=50&since=…&all=true; a name may end like a file.
func ask(name string, r *http.Request) (asked, error) {
	name, _, _ = strings.Cut(name, ".")
	form, ok := export.FormOf(name)
	if !ok {
		return asked{}, hub.E(hub.NotFound, "export.no-form", export.Names())
	}
	q, err := httpx.ReadQuery(r, parameters)
	if err != nil {
		return asked{}, err
	}
	a := asked{form: form, confidence: int(q.Number("min_confidence", 0, 100)), all: q.Bool("all")}
	a.query = store.ExportQuery{ByValue: form.Distinct, Since: q.Time("since")}
	wanted := form.Kinds
	if word := q.Text("type"); word != "" {
		wanted = kindsOf(word, form)
		if len(wanted) == 0 { // what a form can't say would be an empty file
			q.Refuse("http.bad-word", "type", strings.Join(words(form), ", "))
		}
	}
	for _, k := range wanted {
		a.query.Types = append(a.query.Types, string(k))
	}
	return a, q.Err()
}

// words are the types that a file of a form can be asked for.
func words(form export.Form) []string {
	var out []string
	for word := range kinds {
		if len(kindsOf(word, form)) > 0 {
			out = append(out, word)
		}
	}
	for _, k := range hub.Kinds() {
		if form.Says(k) {
			out = append(out, string(k))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// kindsOf are the kinds of a word that a form can say.
func kindsOf(word string, form export.Form) []hub.Kind {
	list, ok := kinds[word]
	if !ok && slices.Contains(hub.Kinds(), hub.Kind(word)) {
		list = []hub.Kind{hub.Kind(word)}
	}
	var out []hub.Kind
	for _, k := range list {
		if form.Says(k) {
			out = append(out, k)
		}
	}
	return out
}

// File answers somebody with all indicators that she may read, in the form that the path
// names.
func (f *Feeds) File(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	return f.of(who).indicators(w, r)
}

func (f file) indicators(w http.ResponseWriter, r *http.Request) error {
	a, err := ask(chi.URLParam(r, "form"), r)
	if err != nil {
		return err
	}
	now := f.Now().UTC()
	fresh, err := f.unchanged(w, r, now)
	if err != nil || fresh {
		return err
	}
	told, err := f.told(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", a.form.Media)
	w.Header().Set("Content-Disposition", `attachment; filename="isac`+a.form.Ext+`"`)
	if r.Method == http.MethodHead {
		return nil
	}
	out, err := export.To(w, a.form.Name, export.Head{Hub: f.Name, URL: f.URL, Made: now.Truncate(24 * time.Hour)})
	if err != nil {
		return err
	}
	s := sieve{asked: a, feeds: f.Feeds, told: told, now: now, out: out}
	err = f.public.EachIndicator(r.Context(), a.query, s.take)
	if err == nil {
		err = s.end()
	}
	if err != nil {
		panic(http.ErrAbortHandler) // half a list must not look like a whole one
	}
	return nil
}

// unchanged says when a file last changed, and answers who has it. What indicators are
// worth changes by the day.
func (f file) unchanged(w http.ResponseWriter, r *http.Request, now time.Time) (bool, error) {
	stamp, err := f.public.Stamp(r.Context())
	if err != nil {
		return false, err
	}
	tag := fmt.Sprintf(`W/"%s-%d"`, stamp, now.Unix()/86400)
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Accept-Encoding, Authorization")
	for list := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(list), "W/") == strings.TrimPrefix(tag, "W/") {
			w.WriteHeader(http.StatusNotModified)
			return true, nil
		}
	}
	return false, nil
}

// told is what is told of indicators, by topic.
func (f file) told(r *http.Request) (map[feedback.Topic][]feedback.Count, error) {
	counts, err := f.public.Told(r.Context(), "")
	if err != nil {
		return nil, err
	}
	out := map[feedback.Topic][]feedback.Count{}
	for _, c := range counts {
		out[c.Topic] = append(out[c.Topic], c)
	}
	return out, nil
}

// sieve lets through what a file asks for.
type sieve struct {
	asked
	feeds *Feeds
	told  map[feedback.Topic][]feedback.Count
	now   time.Time
	out   *export.Writer
	held  export.Indicator // the best of equal values so far
	any   bool
}

func (s *sieve) take(r store.ExportRow) error {
	standing := s.feeds.Rules.Stand(r.Stated(), s.told[feedback.OfIndicator(r.StixID)], s.now)
	if !s.all && !standing.ValidUntil.After(s.now) || standing.Confidence < s.confidence {
		return nil
	}
	i := indicatorOf(r, standing)
	if !s.form.Distinct {
		return s.out.Put(i)
	}
	if s.feeds.Warnings.Judge(i.Kind, i.Value) != warning.None {
		return nil // what many use would be blocked for all of them
	}
	same := s.any && s.held.Kind == i.Kind && store.Lookup(s.held.Value) == store.Lookup(i.Value)
	if same && s.held.Confidence >= i.Confidence {
		return nil
	}
	var err error
	if s.any && !same {
		err = s.out.Put(s.held)
	}
	s.held, s.any = i, true
	return err
}

func (s *sieve) end() error {
	if s.any {
		err := s.out.Put(s.held)
		if err != nil {
			return err
		}
	}
	return s.out.End()
}

func indicatorOf(r store.ExportRow, s feedback.Standing) export.Indicator {
	return export.Indicator{
		Row: r.Row, ID: r.StixID, Kind: hub.Kind(r.Type), Value: r.Value, Confidence: s.Confidence, From: r.ValidFrom, Until: s.ValidUntil,
		Alert: r.AlertID, Number: r.Number, Severity: r.Severity, TLP: r.TLP,
	}
}
