package gate

import (
	"slices"
	"sync"
	"unicode/utf8"
)

// A Vocabulary is a set of texts that the hub itself wrote: words of its closed
// vocabularies, sentences of its templates, labels, and what it issued with one
// output (its ids, instants, numbers). Where such a text stands in an output, letter
// by letter, it explains what stands there: a value of the report that is found
// wholly inside of such texts is no hit.
//
// It never explains a needle of the sector list. Names of malware, groups and tools
// that came from a report do not belong into it: they may be names of other things
// too ("Philadelphia").
type Vocabulary struct {
	texts   func() *matcher // made when it is first asked for: in most outputs nothing is to be explained
	exact   map[string]bool
	longest int // bytes
}

// NewVocabulary makes a vocabulary. It may be used by several goroutines.
func NewVocabulary(texts []string) *Vocabulary {
	texts = slices.Clone(texts)
	v := &Vocabulary{exact: make(map[string]bool, len(texts))}
	for _, t := range texts {
		v.exact[t], v.longest = true, max(v.longest, len(t))
	}
	v.texts = sync.OnceValue(func() *matcher {
		needles := make([]needle, 0, len(texts))
		for _, t := range texts {
			needles = append(needles, needle{text: squeeze(t), aux: t, rule: exact})
		}
		return newMatcher(needles)
	})
	return v
}

// An interval is a range of a source.
type interval struct{ start, end int }

// An explanation says which bytes of a source are the hub's own. It looks around the
// hits that it is asked about, and at all of the source where they are many.
type explanation struct {
	src   []byte
	own   []*Vocabulary
	asked int
	whole []interval
	done  bool
}

// fewHits is how many hits are looked at one by one.
const fewHits = 64

// covers reports whether the hub's own texts hold src[start:end].
func (e *explanation) covers(start, end int) bool {
	if e.done {
		return covers(e.src, e.whole, start, end)
	}
	reach := 0
	for _, o := range e.own {
		if o == nil {
			continue
		}
		if whole := (view{src: e.src}); o.exact[string(e.src[start:end])] && whole.bounded(start, end) {
			return true
		}
		reach = max(reach, o.longest)
	}
	e.asked++
	if e.asked > fewHits || 2*reach+end-start > len(e.src)/2 {
		e.whole, e.done = explained(e.src, 0, len(e.src), e.own), true
		return covers(e.src, e.whole, start, end)
	}
	lo, hi := max(0, start-reach), min(len(e.src), end+reach)
	return covers(e.src, explained(e.src, lo, hi, e.own), start, end)
}

// explained returns which bytes of src[lo:hi] are the hub's own, as sorted intervals.
func explained(src []byte, lo, hi int, vocabularies []*Vocabulary) []interval {
	for lo > 0 && !utf8.RuneStart(src[lo]) {
		lo--
	}
	for hi < len(src) && !utf8.RuneStart(src[hi]) {
		hi++
	}
	own := make([]bool, hi-lo)
	any := false
	v := views.Get().(*view)
	defer func() { v.src = nil; views.Put(v) }()
	v.reset(src[lo:hi])
	v.fill(4 * (hi - lo))
	whole := view{src: src} // what stands beside is looked at in the source
	for _, vocabulary := range vocabularies {
		if vocabulary == nil {
			continue
		}
		vocabulary.texts().find(v.text, len(v.text), func(n *needle, at int) {
			start, end := v.span(at, at+len(n.text))
			i, ok := around(src, lo+start, lo+end, n.aux)
			if ok && i >= lo && i+len(n.aux) <= hi && (whole.bounded(i, i+len(n.aux)) || behindEscape(src, i)) {
				for k := range len(n.aux) {
					own[i-lo+k] = true
				}
				any = true
			}
		})
	}
	if !any {
		return nil
	}
	out := intervals(own)
	for i := range out {
		out[i].start += lo
		out[i].end += lo
	}
	return out
}

// behindEscape reports whether the letter before start is that of an escape of JSON,
// as in a document read as it stands: "…。\nUpdate the devices".
func behindEscape(src []byte, start int) bool {
	return start >= 2 && src[start-2] == '\\' && (src[start-1] == 'n' || src[start-1] == 't' || src[start-1] == 'r')
}

// around finds text in src where its letters stand at start to end; signs at its
// ends may reach beyond.
func around(src []byte, start, end int, text string) (int, bool) {
	for i := start; i >= 0 && i+len(text) >= end; i-- {
		if i+len(text) <= len(src) && string(src[i:i+len(text)]) == text {
			return i, true
		}
		if start-i > 16 {
			break
		}
	}
	return 0, false
}

func intervals(own []bool) []interval {
	var out []interval
	for i := 0; i < len(own); i++ {
		if !own[i] {
			continue
		}
		j := i
		for j < len(own) && own[j] {
			j++
		}
		out = append(out, interval{i, j})
		i = j
	}
	return out
}

// covers reports whether one of the intervals holds start to end. Space and
// punctuation between the hub's own texts count as its own.
func covers(src []byte, own []interval, start, end int) bool {
	for _, iv := range own {
		if iv.end <= start {
			continue
		}
		for start < iv.start && start < end && plainSign(src[start]) {
			start++
		}
		if iv.start > start {
			return false
		}
		if start = iv.end; start >= end {
			return true
		}
	}
	for start < end && plainSign(src[start]) {
		start++
	}
	return start >= end
}

func plainSign(c byte) bool { return c < 0x80 && folding().ascii[c] == foldSpace }
