package learned

import "unicode/utf8"

// Feature is one thing seen in a sentence, by its hash, and where it stands.
type Feature struct {
	Hash       uint32
	Start, End int32
}

// Kinds of features, hashed with what they name.
const (
	letters  = iota // 2 to 4 letters of a Japanese sentence
	stem            // an English word without its ending
	couple          // two words that follow each other
	apart           // two words with one between them
	inside          // 4 or 5 letters of an English word
	Set             // a word of a set that patterns name
	Before          // the same in the sentence before
	Mark            // a word that takes back or weakens
	Told            // a fact that a sentence before states
	Here            // a fact that patterns read in the sentence
	run             // two runs of kanji, katakana or Latin letters that follow each other
	runApart        // two with one between them
)

const prime = 16777619

// Hash is the feature of a kind for what is named.
func Hash(kind uint32, name []byte) uint32 {
	h := begun(kind)
	for _, b := range name {
		h = (h ^ uint32(b)) * prime
	}
	return h
}

// begun is the hash of a kind before anything is named.
func begun(kind uint32) uint32 { return (uint32(2166136261) ^ kind) * prime }

// Letters adds the features of Japanese text: each 2, 3 and 4 letters in a row.
func Letters(out []Feature, text []byte) []Feature {
	var starts [4]int    // of the last letters
	var hashes [4]uint32 // of all that stands from each of them on
	n := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r <= ' ' || r == 0x3001 || r == 0x3002 || r == 0x3000 || r == ',' || r == '.' {
			n = 0
			i += size
			continue
		}
		copy(starts[:], starts[1:])
		copy(hashes[:], hashes[1:])
		starts[3], hashes[3] = i, begun(letters)
		for _, b := range text[i : i+size] {
			for k, h := range hashes {
				hashes[k] = (h ^ uint32(b)) * prime
			}
		}
		n++
		i += size
		for k := 2; k <= min(n, 4); k++ {
			out = append(out, Feature{hashes[4-k], int32(starts[4-k]), int32(i)})
		}
		if n == 1 && r > 0x3400 {
			out = append(out, Feature{hashes[3], int32(starts[3]), int32(i)})
		}
	}
	return out
}

// script is that of a letter.
type script int

// Scripts whose letters bear the meaning of Japanese text.
const (
	other script = iota
	kanji
	katakana
	latin
)

func scriptOf(r rune) script {
	switch {
	case r >= 0x3400 && r <= 0x9fff || r == 0x3005:
		return kanji
	case r >= 0x30a1 && r <= 0x30fa || r == 0x30fc:
		return katakana
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return latin
	}
	return other
}

// Runs adds the features of runs of one script in Japanese text: two that follow each
// other, whatever stands between them, and two with one between them.
func Runs(out []Feature, text []byte) []Feature {
	var last [2]token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		of := scriptOf(r)
		if of == other {
			i += size
			continue
		}
		start := i
		for i < len(text) {
			r, size = utf8.DecodeRune(text[i:])
			if scriptOf(r) != of {
				break
			}
			i += size
		}
		w := token{Hash(run, text[start:i]), int32(start), int32(i)}
		out = append(out, Feature{w.hash, w.start, w.end})
		out = w.with(w.with(out, run, last[1]), runApart, last[0])
		last[0], last[1] = last[1], w
	}
	return out
}

// Words adds the features of English text: each word without its ending, two that
// follow each other, and two with one between them.
func Words(out []Feature, text []byte) []Feature {
	var last [2]token
	for i := 0; i < len(text); {
		if !part(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && part(text[i]) {
			i++
		}
		w := token{Hash(stem, plain(text[start:i])), int32(start), int32(i)}
		out = append(out, Feature{w.hash, w.start, w.end})
		for k := 4; k <= 5; k++ {
			for j := start; j+k <= i; j++ {
				out = append(out, Feature{Hash(inside, text[j:j+k]), int32(j), int32(j + k)})
			}
		}
		out = w.with(w.with(out, couple, last[1]), apart, last[0])
		last[0], last[1] = last[1], w
	}
	return out
}

// Earlier is the feature of the sentence after that one which has a feature.
func Earlier(hash uint32) uint32 { return pair(Before, hash, 0) }

// token is a part of a text, by the hash of what it says.
type token struct {
	hash       uint32
	start, end int32
}

// with adds the feature of a token and one before it, if there is one.
func (t token) with(out []Feature, kind uint32, before token) []Feature {
	if before.end == 0 {
		return out
	}
	return append(out, Feature{pair(kind, before.hash, t.hash), before.start, t.end})
}

func pair(kind, a, b uint32) uint32 {
	h := (uint32(2166136261) ^ kind) * prime
	h = (h ^ a) * prime
	h = (h ^ a>>16) * prime
	h = (h ^ b) * prime
	return (h ^ b>>16) * prime
}

func part(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= utf8.RuneSelf
}

// endings are cut off English words, so that the forms of a word are one.
var endings = []string{"ations", "ation", "ating", "ated", "ings", "ing", "ied", "ies", "ed", "ers", "er", "es", "ly", "s", "e"}

const shortestRoot = 4

// plain cuts the ending off an English word.
func plain(w []byte) []byte {
	for _, e := range endings {
		if len(w) >= len(e)+shortestRoot-1 && string(w[len(w)-len(e):]) == e {
			w = w[:len(w)-len(e)]
			break
		}
	}
	if len(w) > 3 && w[len(w)-1] == w[len(w)-2] {
		w = w[:len(w)-1]
	}
	return w
}
