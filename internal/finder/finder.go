// Package finder answers what analysts ask of released alerts. It keeps an index
// (hub/find) in step with the released view and asks the view for values and sentences.
// It reads released alerts alone, remembers nothing that is asked, and trusts the view.
//
//	f := finder.New(public, vocabulary)
//	found, err := f.Ask(ctx, find.Question{Text: "T1133 病院"}, finder.Page{Limit: 50})
package finder

import (
	"context"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/find"
	"isac/hub/sector"
	"isac/hub/stix/pattern"
	"isac/hub/vocab"
	"isac/internal/store"
)

// batch is how many entries are read at a time.
const batch = 500

// Finder is safe for concurrent use.
type Finder struct {
	public *store.Public
	vocab  *vocab.Vocab

	reading sync.Mutex
	after   uint64 // the number up to which the index is complete

	mu    sync.RWMutex
	index *find.Index
}

// New returns a finder in a view. It reads when it is first asked.
func New(public *store.Public, v *vocab.Vocab) *Finder {
	return &Finder{public: public, vocab: v, index: find.New()}
}

// Page is which part of what is found is wanted, the newest first.
type Page struct {
	Below uint64 // news below this number; 0 for all
	Limit int
}

// Found is what a question finds.
type Found struct {
	Numbers []uint64 // of the page's alerts
	More    bool
	Alerts  sector.Band
	Facets  map[string][]find.Facet // by class
}

// Classes are what alerts can be narrowed by, in the order in which pages show them.
func Classes() []string {
	return []string{"severity", "month", string(hub.Technique), string(hub.Family), "type", "tlp"}
}

// mostFacets is how many of a class are shown.
const mostFacets = 20

// Ask answers a question.
func (f *Finder) Ask(ctx context.Context, q find.Question, p Page) (Found, error) {
	var out Found
	err := f.CatchUp(ctx)
	if err != nil {
		return out, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	set, err := f.matching(ctx, q)
	if err != nil {
		return out, err
	}
	out.Numbers = f.index.Newest(set, p.Below, p.Limit+1)
	if len(out.Numbers) > p.Limit {
		out.Numbers, out.More = out.Numbers[:p.Limit], true
	}
	out.Alerts, out.Facets = f.index.Band(set), f.index.Facets(set, Classes(), mostFacets)
	return out, nil
}

// Newest is the news of the newest alert that a question finds, 0 when there is none.
func (f *Finder) Newest(ctx context.Context, q find.Question) (uint64, error) {
	err := f.CatchUp(ctx)
	if err != nil {
		return 0, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	set, err := f.matching(ctx, q)
	return f.index.News(set), err
}

// matching is which alerts a question finds.
func (f *Finder) matching(ctx context.Context, q find.Question) (find.Set, error) {
	set := f.index.All()
	for _, n := range q.Only {
		set = set.And(f.index.Named(n))
	}
	if q.Text == "" {
		return set, nil
	}
	var said find.Set
	var err error
	if find.IsPattern(q.Text) {
		said, err = f.pattern(ctx, q.Text)
	} else {
		said, err = f.text(ctx, q.Text)
	}
	return set.And(said), err
}

// text finds alerts in which every term of what was typed stands, or all of it as one
// value or name.
func (f *Finder) text(ctx context.Context, text string) (find.Set, error) {
	whole, err := f.term(ctx, text)
	terms := find.Terms(text)
	if err != nil || len(terms) < 2 {
		return whole, err
	}
	all := f.index.All()
	for _, term := range terms {
		set, err := f.term(ctx, term)
		if err != nil {
			return nil, err
		}
		all = all.And(set)
	}
	return whole.Or(all), nil
}

// namesOf are the classes by whose names people ask.
var namesOf = []hub.Class{hub.Technique, hub.CVE, hub.Family, hub.Group, hub.Tool, hub.Product, hub.Route, hub.Weakness, hub.Impact}

// term finds alerts that have a value, name something so, or say it.
func (f *Finder) term(ctx context.Context, term string) (find.Set, error) {
	numbers, err := f.public.WithValue(ctx, "", find.Refanged(term))
	if err != nil {
		return nil, err
	}
	set := f.index.Numbered(numbers)
	for _, class := range namesOf {
		if value, ok := f.vocab.Canonical(class, term); ok {
			set = set.Or(f.index.Named(find.Name{Class: string(class), Value: value}))
		}
	}
	phrase := find.Phrase(term)
	if phrase == "" {
		return set, nil
	}
	rows, err := f.public.Saying(ctx, phrase)
	if err != nil {
		return nil, err
	}
	return set.Or(f.index.Saying(rows)), nil
}

// pattern finds alerts whose indicators together fulfil a pattern, whatever it says of
// time and number.
func (f *Finder) pattern(ctx context.Context, text string) (find.Set, error) {
	p, err := pattern.Parse(text)
	if err != nil {
		return nil, hub.E(hub.Invalid, "search.bad-pattern")
	}
	return f.observed(ctx, p.Root)
}

func (f *Finder) observed(ctx context.Context, o pattern.Observation) (find.Set, error) {
	switch o := o.(type) {
	case *pattern.Test:
		return f.compared(ctx, o.Expr)
	case *pattern.Compound:
		return join(f, o.Op, o.Parts, func(part pattern.Observation) (find.Set, error) { return f.observed(ctx, part) })
	}
	return nil, nil
}

func (f *Finder) compared(ctx context.Context, e pattern.Expression) (find.Set, error) {
	switch e := e.(type) {
	case *pattern.Junction:
		return join(f, e.Op, e.Parts, func(part pattern.Expression) (find.Set, error) { return f.compared(ctx, part) })
	case *pattern.Comparison:
		v, ok := find.ValuesOf(e)
		if !ok {
			return nil, hub.E(hub.Invalid, "search.open-pattern")
		}
		return f.values(ctx, v)
	}
	return nil, nil
}

func join[P any](f *Finder, op pattern.Op, parts []P, each func(P) (find.Set, error)) (find.Set, error) {
	out := f.index.All()
	if op == pattern.Or {
		out = nil
	}
	for _, part := range parts {
		set, err := each(part)
		if err != nil {
			return nil, err
		}
		if op == pattern.Or {
			out = out.Or(set)
		} else {
			out = out.And(set)
		}
	}
	return out, nil
}

func (f *Finder) values(ctx context.Context, v find.Values) (find.Set, error) {
	if v.Any {
		return f.index.Named(find.Name{Class: "type", Value: v.Type}), nil
	}
	if v.Keep != nil {
		numbers, err := f.public.WithPrefix(ctx, v.Type, v.Prefix, v.Keep)
		return f.index.Numbered(numbers), err
	}
	var all []uint64
	for _, value := range v.Equal {
		numbers, err := f.public.WithValue(ctx, v.Type, value)
		if err != nil {
			return nil, err
		}
		all = append(all, numbers...)
	}
	return f.index.Numbered(all), nil
}

// CatchUp brings the index in step with the view.
func (f *Finder) CatchUp(ctx context.Context) error {
	f.reading.Lock()
	defer f.reading.Unlock()
	for {
		rows, err := f.public.Searched(ctx, f.after, batch)
		if err != nil {
			return err
		}
		f.take(rows)
		if len(rows) < batch {
			return nil
		}
	}
}

func (f *Finder) take(rows []store.SearchedRow) {
	if len(rows) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rows {
		f.after = r.Number
		if r.Kind.Back() {
			f.index.Remove(r.ID)
			continue
		}
		f.index.Put(find.Alert{ID: r.ID, Number: r.Number, News: r.News, Names: namesIn(r), Sentences: r.Sentences})
	}
}

// tokyo is where months begin.
var tokyo = time.FixedZone("JST", 9*60*60)

// namesIn are all names by which an alert is found or narrowed.
func namesIn(r store.SearchedRow) []find.Name {
	names := []find.Name{
		{Class: "severity", Value: string(r.Severity)},
		{Class: "stage", Value: string(r.Stage)},
		{Class: "tlp", Value: string(r.TLP)},
		{Class: "month", Value: r.Published.In(tokyo).Format("2006-01")},
	}
	for _, n := range r.Names {
		names = append(names, find.Name{Class: n.Class, Value: n.Value})
	}
	for _, typ := range r.Types {
		names = append(names, find.Name{Class: "type", Value: typ})
	}
	return names
}
