// Package upstream fetches what others publish on vulnerabilities: documents at an address,
// collections of TAXII 2.1 servers, and files that somebody drops into a folder. What it
// reads goes to whoever it was given, as advisories, each time: it is for the taker to know
// what it has.
//
// It trusts no publisher. An address inside the hub's own networks isn't called unless the
// operator says so, redirects neither; an answer is read up to 32 MB, packed and unpacked,
// and for two minutes; a page that isn't of the form, a server that repeats itself, promises
// more and has nothing, or goes back in time is left for the next round, with the cursor
// where it was. The log has a source's name and a class, never an address nor a word.
//
//	f := upstream.New(upstream.Config{Sources: sources, Take: desk.TakeAdvisory, …})
//	f.Run(ctx)
package upstream

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/vocab"
	"isac/internal/outside"
)

// TAXII is the form of a source that is a collection of a TAXII 2.1 server.
const TAXII advisory.Form = "taxii"

// Source is one publisher. Exactly one of URL and Folder is set.
type Source struct {
	Name   string        // for people, and in the advisories: lower case letters, digits and hyphens
	Form   advisory.Form // one of advisory.Forms, TAXII, or "" for what the document is
	URL    string        // of the document, or of the TAXII collection
	Folder string        // in which documents are dropped
	TLP    hub.TLP       // of what isn't labelled; clear when ""
	Every  time.Duration // an hour when 0
	Age    time.Duration // what was changed longer ago isn't taken; 30 days when 0
	User   string        // HTTP Basic
	Secret string        // password; without a user a bearer token
	outside.Rule
}

const (
	usualEvery = time.Hour
	leastEvery = 5 * time.Minute
	lookEvery  = time.Minute // whether this node leads by now
	usualAge   = 30 * 24 * time.Hour
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check refuses a source that can't be fetched.
func (s Source) Check() error {
	bad := func(what string) error { return hub.E(hub.Invalid, "upstream.bad-source", s.Name, what) }
	forms := append(advisory.Forms(), advisory.Any, TAXII)
	labels := []hub.TLP{"", hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict}
	switch {
	case !nameForm.MatchString(s.Name):
		return bad("name")
	case !slices.Contains(forms, s.Form):
		return bad("form")
	case !slices.Contains(labels, s.TLP):
		return bad("tlp")
	case (s.URL == "") == (s.Folder == ""), s.Folder != "" && s.Form == TAXII:
		return bad("url")
	case s.Every != 0 && s.Every < leastEvery:
		return bad("every")
	case s.Age < 0:
		return bad("days")
	case s.User != "" && s.Secret == "":
		return bad("secret_file")
	}
	if s.URL != "" && s.Rule.Check(s.URL) != nil {
		return bad("url")
	}
	return nil
}

// Config is all that a Fetcher needs; every field must be set but where it says otherwise.
type Config struct {
	Sources []Source
	Vocab   func() *vocab.Vocab
	// Take is given each notice. A hub.TooOften error says that it wants no more now.
	Take func(context.Context, advisory.Advisory) (taken bool, err error)
	// Cursor and Keep hold how far a source has been read, and under "state.SOURCE" how that
	// went, over restarts and for every node of a hub.
	Cursor func(ctx context.Context, source string) ([]byte, error)
	Keep   func(ctx context.Context, source string, cursor []byte) error
	// Leads tells whether this node fetches, of several of a hub; a single one does (nil).
	Leads func() bool
	Now   func() time.Time
	Log   *slog.Logger
}

// Fetcher fetches. It is safe for concurrent use.
type Fetcher struct{ Config }

// New returns a Fetcher.
func New(c Config) *Fetcher { return &Fetcher{c} }

// States are those of the sources, in their order, whichever node fetches them.
func (f *Fetcher) States(ctx context.Context) ([]advisory.SourceState, error) {
	var out []advisory.SourceState
	for _, s := range f.Sources {
		st, err := f.state(ctx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// stated is the name under which the state of a source is kept: no source has a dot.
func stated(s Source) string { return "state." + s.Name }

func (f *Fetcher) state(ctx context.Context, s Source) (advisory.SourceState, error) {
	data, err := f.Cursor(ctx, stated(s))
	if err != nil {
		return advisory.SourceState{}, err
	}
	var st advisory.SourceState
	if json.Unmarshal(data, &st) != nil {
		st = advisory.SourceState{} // as if it hadn't been tried
	}
	st.Name = s.Name
	return st, nil
}

// told keeps how a round went.
func (f *Fetcher) told(ctx context.Context, s Source, class string, taken int) error {
	st, err := f.state(ctx, s)
	if err != nil {
		return err
	}
	st.At, st.Class, st.Taken = f.Now(), class, taken
	if class == "ok" {
		st.Good = st.At
	}
	data, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("keeping state: %w", err)
	}
	return f.Keep(ctx, stated(s), data)
}

// Run fetches every source as often as it says, until ctx ends.
func (f *Fetcher) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, s := range f.Sources {
		all.Go(func() {
			for ctx.Err() == nil {
				every := lookEvery
				if f.Leads == nil || f.Leads() {
					_ = f.Once(ctx, s) // its class is logged
					every = cmp.Or(s.Every, usualEvery)
				}
				select {
				case <-ctx.Done():
				case <-time.After(every):
				}
			}
		})
	}
}

// Once fetches a source once.
func (f *Fetcher) Once(ctx context.Context, s Source) error {
	r := &round{f: f, s: s}
	err := r.run(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	class := "ok"
	if err != nil {
		class = string(hub.KindOf(err))
	}
	f.Log.Info("source fetched", "source", s.Name, "class", class, "taken", r.taken)
	unkept := f.told(ctx, s, class, r.taken)
	if unkept != nil && ctx.Err() == nil {
		f.Log.Warn("state of a source not kept", "source", s.Name, "class", string(hub.KindOf(unkept)))
	}
	return err
}

// cursor is how far a source has been read.
type cursor struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	After    string `json:"after,omitempty"` // added_after
	Next     string `json:"next,omitempty"`
}

// round is one time that a source is fetched.
type round struct {
	f     *Fetcher
	s     Source
	c     cursor
	kept  cursor
	taken int
}

func (r *round) run(ctx context.Context) error {
	if r.s.Folder != "" {
		return r.folder(ctx)
	}
	data, err := r.f.Cursor(ctx, r.s.Name)
	if err != nil {
		return err
	}
	if json.Unmarshal(data, &r.c) != nil {
		r.c = cursor{} // from the beginning
	}
	r.kept = r.c
	if r.s.Form == TAXII {
		return r.collection(ctx)
	}
	return r.document(ctx)
}

// keep stores the cursor where it has moved.
func (r *round) keep(ctx context.Context) error {
	if r.c == r.kept {
		return nil
	}
	data, err := json.Marshal(r.c)
	if err != nil {
		return fmt.Errorf("keeping cursor: %w", err)
	}
	err = r.f.Keep(ctx, r.s.Name, data)
	if err == nil {
		r.kept = r.c
	}
	return err
}

// document fetches what is at an address, unless it is the same as before.
func (r *round) document(ctx context.Context) error {
	a, err := r.get(ctx, r.s.URL, "application/json, application/xml, application/rss+xml, application/atom+xml, text/xml, */*;q=0.1")
	if err != nil || a.unchanged {
		return err
	}
	err = r.take(ctx, a.body, r.s.Form)
	if err != nil {
		return err
	}
	r.c.ETag, r.c.Modified = a.etag, a.modified
	return r.keep(ctx)
}

// take gives on the notices of a document that are new enough.
func (r *round) take(ctx context.Context, document []byte, form advisory.Form) error {
	if form == TAXII {
		form = advisory.STIX
	}
	list, err := advisory.Read(document, advisory.Source{Name: r.s.Name, Form: form, TLP: r.s.TLP}, r.f.Vocab())
	if err != nil {
		return err
	}
	age := r.s.Age
	if age == 0 {
		age = usualAge
	}
	since := r.f.Now().Add(-age)
	for _, a := range list {
		if !a.Updated.IsZero() && a.Updated.Before(since) {
			continue
		}
		taken, err := r.f.Take(ctx, a)
		if err != nil {
			return err
		}
		if taken {
			r.taken++
		}
	}
	return nil
}

// wrong is what a server does that it must not.
func wrong(text string) error { return hub.E(hub.Invalid, "upstream."+text) }

// first is the part of a header before a semicolon, in lower case.
func first(header string) string {
	header, _, _ = strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(header))
}
