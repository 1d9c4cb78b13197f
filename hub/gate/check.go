package gate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
)

// Limits of one check. Beyond any of them there is no verdict, and nothing passes.
const (
	maxOutput    = 64 << 20 // bytes of an output
	maxLeftOut   = 200_000  // values left out
	maxDepth     = 8        // encodings inside of each other
	maxHits      = 1000     // hits that are told; the first is enough to hold an output
	growth       = 16       // bytes read in all, per byte of the output …
	growthAtOnce = 4 << 20  // … and beyond that
	perReading   = 128      // bytes that a reading counts for at least
)

var (
	errTooLarge = errors.New("output or values left out beyond their limit")
	errTooDeep  = errors.New("output encoded too deep")
)

// Passed is an output that the gate has let through. Only Check and CheckAgain make valid ones;
// every writer to the outside must refuse one that is not.
type Passed struct {
	data     []byte
	register [32]byte
	valid    bool
}

// Valid reports whether the gate has passed p.
func (p Passed) Valid() bool { return p.valid }

// Bytes returns a copy of what has passed, nil where nothing has.
func (p Passed) Bytes() []byte { return bytes.Clone(p.data) }

// Len returns the length of what has passed, in bytes.
func (p Passed) Len() int { return len(p.data) }

// WriteTo writes what has passed, and refuses where nothing has.
func (p Passed) WriteTo(w io.Writer) (int64, error) {
	if !p.valid {
		return 0, errors.New("writing an output: the gate has not passed it")
	}
	n, err := w.Write(p.data)
	if err != nil {
		return int64(n), fmt.Errorf("writing an output: %w", err)
	}
	return int64(n), nil
}

// Register returns the digest of the register that p was checked against.
func (p Passed) Register() [32]byte { return p.register }

// The sources of needles.
const (
	FromRegister = "register"
	FromReport   = "report"
)

// A Hit is a needle found in an output. Value is the spelling it derives from, for
// the builder's next draft only: it must not be logged or shown, and fmt doesn't.
type Hit struct {
	Class      string // name, place, domain, mail, phone, postal, address, network, host, vendor, operator, id, other; value, date, prose
	Source     string // FromRegister or FromReport
	Value      string
	Start, End int // bytes of the output that hold it: exact, or the JSON string or encoded run it stands in
}

// String tells class and place, never the value.
func (h Hit) String() string {
	return h.Source + " " + h.Class + " at " + strconv.Itoa(h.Start) + "-" + strconv.Itoa(h.End)
}

// GoString is String.
func (h Hit) GoString() string { return h.String() }

// Format hides the value from every verb.
func (h Hit) Format(f fmt.State, _ rune) { io.WriteString(f, h.String()) }

// MarshalText hides the value from encoders.
func (h Hit) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Check searches an output for every spelling of the sector list and for every value
// that was left out of the report it comes from (nil where it comes from released
// bundles only). It fails closed: Passed is valid only if there are neither hits nor
// an error. own are texts that the hub wrote itself; see Vocabulary.
func (r *Register) Check(out []byte, left []string, own ...*Vocabulary) (Passed, []Hit, error) {
	return r.CheckReport(out, NewReport(left), own...)
}

// A Report is the values left out of one report, made ready to be searched for in all
// outputs that are made of it. It may be used by several goroutines.
type Report struct {
	left    *leftOut
	needles *matcher
	tooMany bool
}

// NewReport makes values ready. More of them than the gate can search for let nothing pass.
func NewReport(left []string) *Report {
	if len(left) > maxLeftOut {
		return &Report{tooMany: true}
	}
	l := newLeftOut(left)
	return &Report{left: l, needles: newMatcher(l.needles)}
}

// CheckReport is Check with values that were made ready before.
func (r *Register) CheckReport(out []byte, report *Report, own ...*Vocabulary) (Passed, []Hit, error) {
	return r.check(out, report, nil, own)
}

// CheckAgain is Check for an output that was made of a released one and of nothing
// else: what is found in both was let through with the register of its day. Whoever
// has joined since must not be seen by what isn't updated any more.
func (r *Register) CheckAgain(out, released []byte, own ...*Vocabulary) (Passed, []Hit, error) {
	none := NewReport(nil)
	before, err := r.hits(released, none, own)
	if err != nil || len(before) >= maxHits {
		return Passed{}, before, err
	}
	return r.check(out, none, before, own)
}

// check leaves hits out that were there before.
func (r *Register) check(out []byte, report *Report, before []Hit, own []*Vocabulary) (Passed, []Hit, error) {
	data := bytes.Clone(out)
	hits, err := r.hits(data, report, own)
	if err == nil && len(hits) < maxHits {
		hits = slices.DeleteFunc(hits, func(h Hit) bool {
			return slices.ContainsFunc(before, func(b Hit) bool { return b.Class == h.Class && b.Source == h.Source && b.Value == h.Value })
		})
	}
	if err != nil || len(hits) > 0 {
		return Passed{}, hits, err
	}
	return Passed{data: data, register: r.digest, valid: true}, nil, nil
}

// hits searches an output.
func (r *Register) hits(out []byte, report *Report, own []*Vocabulary) ([]Hit, error) {
	if r == nil || r.needles == nil {
		return nil, errors.New("checking an output: no register")
	}
	if report == nil || !report.tooMany && (report.left == nil || report.needles == nil) {
		return nil, errors.New("checking an output: no values left out were made ready")
	}
	if len(out) > maxOutput || report.tooMany {
		return nil, fmt.Errorf("checking an output: %w", errTooLarge)
	}
	s := &search{
		register: r, left: report.left, report: report.needles, own: own,
		budget: growth*len(out) + growthAtOnce,
		v6:     r.nets.v6 || report.left.nets.v6,
		seen:   map[Hit]bool{},
		dull:   map[string]bool{},
		dull85: map[string]bool{},
		view:   views.Get().(*view),
		heads:  heads.Get().(*[1 << 16]byte),
	}
	defer func() { s.view.reset(nil); views.Put(s.view); heads.Put(s.heads) }()
	r.needles.joinHeads(s.heads, s.report)
	err := s.output(out)
	if err != nil {
		return s.hits, fmt.Errorf("checking an output: %w", err)
	}
	return s.hits, nil
}

// A search is one check on its way.
type search struct {
	register *Register
	left     *leftOut
	report   *matcher
	own      []*Vocabulary
	budget   int // bytes still to be read
	v6       bool
	hits     []Hit
	seen     map[Hit]bool
	dull     map[string]bool // runs in which nothing was found
	short    [256]shortDull  // the same, short ones
	dull85   map[string]bool // tokens that aren't base85
	view     *view           // scratch
	letters  []byte          // the same: a word with its digits as letters, and where they stand
	places   []int32
	heads    *[1 << 16]byte // of the matchers of register and report
}

// read searches one reading for all needles.
func (s *search) read(t reading, depth int) error {
	if err := s.raw(t); err != nil {
		return err
	}
	p := &pass{search: s, t: t}
	p.left.shingles.findWords(t.data, func(raw string, start, end int) { p.reportHit("prose", raw, start, end) })
	plain := narrow(t.data)
	p.addresses(plain)
	return s.tokens(p, plain, depth)
}

// raw is read without addresses and runs of words, and without some intervals of t.
func (s *search) raw(t reading, skip ...interval) error {
	if s.budget -= len(t.data) + perReading; s.budget < 0 {
		return errExpansion
	}
	p := &pass{search: s, t: t}
	p.run(skip)
	return nil
}

// A pass is the search of one reading.
type pass struct {
	*search
	t   reading
	why explanation
}

// chunk is how much squeezed text is searched at once, and tail how much of it is
// kept for needles and context that reach over its end.
const (
	chunk = 48 << 10
	tail  = 2 << 10
)

func (p *pass) run(skip []interval) {
	v := p.view
	v.reset(p.t.data, skip...)
	for {
		done := v.fill(chunk)
		limit := len(v.text)
		if !done {
			limit -= tail
		}
		p.register.needles.search(p.heads, p.report, v.text, limit, func(n *needle, at int) {
			if p.register.counts(v, n, at) {
				start, end := v.span(at, at+len(n.text))
				p.hit(n.class, FromRegister, n.raw, start, end)
			}
		}, func(n *needle, at int) {
			if p.register.counts(v, n, at) {
				start, end := v.span(at, at+len(n.text))
				p.reportHit(n.class, n.raw, start, end)
			}
		})
		if !p.left.shingles.empty() {
			p.left.shingles.find(v, func(raw string, start, end int) { p.reportHit("prose", raw, start, end) })
		}
		if done {
			break
		}
		v.drop(limit)
	}
}

// addresses looks for addresses in a reading that was made narrow.
func (p *pass) addresses(plain []byte) {
	if len(p.register.nets.ranges)+len(p.left.nets.ranges) == 0 {
		return
	}
	addresses(plain, p.v6, func(a netip.Addr, start, end int) {
		if raw, ok := p.register.nets.find(a); ok {
			p.hit("network", FromRegister, raw, start, end)
		}
		if raw, ok := p.left.nets.find(a); ok {
			p.reportHit("network", raw, start, end)
		}
	})
}

// reportHit enters a hit of the report unless the hub's own words explain it.
func (p *pass) reportHit(class, raw string, start, end int) {
	if len(p.own) > 0 {
		if p.why.src == nil {
			p.why = explanation{src: p.t.data, own: p.own}
		}
		if p.why.covers(start, end) {
			return
		}
	}
	p.hit(class, FromReport, raw, start, end)
}

func (p *pass) hit(class, source, raw string, start, end int) {
	start, end = min(start, len(p.t.data)), min(end, len(p.t.data))
	start, end = locate(p.t.segs, start, end)
	h := Hit{Class: class, Source: source, Value: raw, Start: start, End: end}
	if !p.seen[h] && len(p.hits) < maxHits {
		p.seen[h] = true
		p.hits = append(p.hits, h)
	}
}
