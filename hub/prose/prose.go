// Package prose learns facts from the sentences of a report, in Japanese and
// English, by closed vocabularies alone. It copies nothing: what comes out is a
// value of the vocabulary or a checked attacker-side value.
//
// A sentence states a fact when its words match a pattern and nothing around them
// takes it back: negation, condition, plan, prevention, advice. Words such as
// 可能性が高い or "may have" set the confidence. The data of package vocab holds the
// patterns; markers.toml here holds the words that take back or weaken.
//
// Patterns name only the words that somebody thought of. Beside them stands a reader
// that learned from labelled sentences (package learned; folder training): it adds what
// it is sure of, passes what it finds through the same judgement, and takes back what
// a pattern found in a sentence that tells of something else. It sees what was told in
// the sentences before. What it is less sure of comes out apart, as hints: questions to
// whoever wrote the text (Read), and no facts without a yes.
//
// The text is a report's and is not trusted: time is linear in its length and
// nothing panics. The reporter, who may see the sentence, confirms each fact.
//
//	found := prose.Extract(v, "VPN装置の脆弱性を悪用され侵入された可能性が高い。", "ja")
//	// route vpn-appliance, technique T1133, technique T1190; all likely
package prose

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"isac/hub"
	"isac/hub/prose/learned"
	"isac/hub/vocab"
)

// Found is a fact and where it was found: the sentence's span in bytes of the text.
type Found struct {
	Fact       hub.Fact
	Start, End int
}

// Extractor finds the facts of one vocabulary. It never changes once made and may
// be shared.
type Extractor struct {
	vocab    *vocab.Vocab
	terms    *trie
	patterns []pattern
	anchored [][]int32 // by set: the patterns to try where a word of it stands
	sets     []uint32  // by set: its feature
	lists    []uint32  // by set: its feature in the next sentence, or 0
	lessons  lessons
	names    []vocab.Name
	titles   []vocab.Technique
	phases   map[string]int // by technique
	free     sync.Pool      // of *memory
}

var last atomic.Pointer[Extractor]

// Extract returns the facts that text states, each once, in the order of the text.
// lang is "ja", "en" or "": it decides for scraps only, since a sentence shows its
// language itself and reports mix both. It keeps the extractor of the last
// vocabulary, so that only the first call with a vocabulary prepares one.
func Extract(v *vocab.Vocab, text, lang string) []Found {
	x := last.Load()
	if x == nil || x.vocab != v {
		x = New(v)
		last.Store(x)
	}
	return x.Extract(text, lang)
}

// Extract is the method behind the function of the same name.
func (x *Extractor) Extract(text, lang string) []Found {
	found, _ := x.extract(text, lang, true)
	return found
}

// Read is Extract, and gives besides what the text may state. Whoever wrote it can say
// whether it does; without a yes a hint is no fact.
func (x *Extractor) Read(text, lang string) ([]Found, []Hint) {
	return x.extract(text, lang, true)
}

// Name returns the facts that a name states, by patterns alone: what was learned was
// learned from sentences, and takes a name of what there is for a deed.
func (x *Extractor) Name(text, lang string) []Found {
	found, _ := x.extract(text, lang, false)
	return found
}

func (x *Extractor) extract(text, lang string, learned bool) ([]Found, []Hint) {
	m := x.memory()
	defer x.release(m)
	r := run{x: x, lang: lang, memory: m, learned: learned}
	r.take(text)
	for _, s := range sentences(r.folded.s) {
		r.sentence(s)
	}
	asks := func(start, end int) bool { return heading(text[start:end]) }
	found := slices.DeleteFunc(r.result(), func(f Found) bool { return asks(f.Start, f.End) })
	return found, slices.DeleteFunc(r.hints(), func(h Hint) bool { return asks(h.Start, h.End) })
}

// longestHeading is how many bytes a heading has at most.
const longestHeading = 120

// heading reports whether a line is the heading of a form, "■ How they may have got in":
// it asks, and states nothing.
func heading(line string) bool {
	text, is := strings.CutPrefix(strings.TrimSpace(line), "■ ")
	return is && len(text) <= longestHeading && !strings.ContainsAny(text, "。．.:：、，,0123456789")
}

// take takes a text.
func (r *run) take(text string) {
	f := fold(text)
	f.put('\n', len(text)) // the last line ends like any other
	f.at = append(f.at, int32(len(text)))
	r.text, r.folded, r.found, r.maybe = text, f, nil, nil
}

// stated is one fact as one sentence states it.
type stated struct {
	fact     hub.Fact
	at       int // place in the folded text
	place    int // what is told at one place has no order of its own
	heading  bool
	sentence span
}

// run is the extraction of one text.
type run struct {
	x       *Extractor
	text    string
	folded  folded
	lang    string
	found   []stated
	maybe   []maybe
	steps   []step
	context context
	learned bool // what was learned is used
	header  bool // the last line was a heading for attacker-side indicators
	*memory
}

// memory is what the reading of sentences needs besides: of one text after the other,
// since the sets are many and most texts short.
type memory struct {
	scene    scene // the current sentence
	words    []wordHit
	apart    []span
	spans    [][]span          // by set: its words, where a pattern of it may be full
	seen     []uint64          // by set: the last sentence with a word of it
	wanted   []uint64          // by set: the last sentence in which a pattern of it may be full
	nth      uint64            // number of the current sentence, which no text before has had
	touched  []setHit          // sets with a word in the current sentence
	full     []*pattern        // patterns of which every set has one
	arena    []span            // of the windows' words
	features []learned.Feature // of the current sentence
	may      []bool            // by label: whether the current sentence may state it
	scores   *learned.Scores
}

// release lets another reading use the memory, in which nothing of the text stays.
func (x *Extractor) release(m *memory) {
	m.scene.text = nil
	x.free.Put(m)
}

// memory returns one that no other reading uses.
func (x *Extractor) memory() *memory {
	m, ok := x.free.Get().(*memory)
	if !ok {
		sets := len(x.anchored)
		m = &memory{
			spans: make([][]span, sets), seen: make([]uint64, sets), wanted: make([]uint64, sets),
			scores: x.lessons.model.Scores(),
		}
	}
	return m
}

// result returns each fact once: with its best confidence, at the first sentence
// that states it so. A heading names what whole sentences are sure of or not.
func (r *run) result() []Found {
	r.number()
	slices.SortStableFunc(r.found, func(a, b stated) int { return a.at - b.at })
	best := map[string]int{}
	var out []Found
	var headings []bool
	for _, s := range r.found {
		f := Found{Fact: s.fact, Start: r.folded.origin(s.sentence.start), End: r.folded.origin(s.sentence.end)}
		f.Start, f.End = trim(r.text, f.Start, f.End)
		at, seen := best[s.fact.Key()]
		switch {
		case !seen:
			best[s.fact.Key()] = len(out)
			out, headings = append(out, f), append(headings, s.heading)
		case headings[at] == s.heading && rank(f.Fact.Confidence) > rank(out[at].Fact.Confidence), headings[at] && !s.heading:
			out[at], headings[at] = f, s.heading
		}
	}
	gone := map[string]bool{}
	for less, more := range outdone {
		at, told := best[more]
		gone[less] = told && out[at].Fact.Confidence == hub.Confirmed
	}
	return slices.DeleteFunc(out, func(f Found) bool { return gone[f.Fact.Key()] })
}

func rank(c hub.Confidence) int {
	switch c {
	case hub.Confirmed:
		return 3
	case hub.Likely:
		return 2
	case hub.Possible:
		return 1
	}
	return 0
}

// trim moves the ends of a span inwards over white space.
func trim(text string, start, end int) (int, int) {
	s := text[start:end]
	start += len(s) - len(strings.TrimLeft(s, " \t\r\n\u3000"))
	return start, start + len(strings.TrimSpace(s))
}
