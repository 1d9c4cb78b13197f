package gate

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
	texts *matcher
}

// NewVocabulary makes a vocabulary. It may be used by several goroutines.
func NewVocabulary(texts []string) *Vocabulary {
	needles := make([]needle, 0, len(texts))
	for _, t := range texts {
		needles = append(needles, needle{text: squeeze(t), aux: t, rule: exact})
	}
	return &Vocabulary{newMatcher(needles)}
}

// An interval is a range of a source.
type interval struct{ start, end int }

// explained returns which bytes of src are the hub's own, as sorted intervals.
func explained(src []byte, vocabularies []*Vocabulary) []interval {
	own := make([]bool, len(src))
	any := false
	var v view
	for _, vocabulary := range vocabularies {
		if vocabulary == nil {
			continue
		}
		v.reset(src)
		v.fill(4 * len(src))
		vocabulary.texts.find(v.text, len(v.text), func(n *needle, at int) {
			start, end := v.span(at, at+len(n.text))
			if i, ok := around(src, start, end, n.aux); ok && (v.bounded(i, i+len(n.aux)) || behindEscape(src, i)) {
				for k := range len(n.aux) {
					own[i+k] = true
				}
				any = true
			}
		})
	}
	if !any {
		return nil
	}
	return intervals(own)
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
