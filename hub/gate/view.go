package gate

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// A view is one reading of an output: its bytes, and piece by piece their squeezed
// form with the way back. Every byte text[i] was folded from the rune at src[from[i]].
type view struct {
	src  []byte
	next int // what of src is not folded yet
	skip []interval
	text []byte
	from []int32
	own  []byte // scratch of squeeze
}

// reset begins to read src, without some intervals of it, in their order: in their
// places text has a byte that no needle has.
func (v *view) reset(src []byte, skip ...interval) {
	v.src, v.next, v.skip = src, 0, skip
	v.text, v.from = v.text[:0], v.from[:0]
}

// fill folds more of the source until text holds at least size bytes or all is
// folded, and says whether all is.
func (v *view) fill(size int) bool {
	t := folding()
	src, i, end := v.src, v.next, v.pause()
	for i < len(src) && len(v.text) < size {
		if i == end {
			v.text, v.from = append(v.text, skipped), append(v.from, int32(i))
			i, v.skip = v.skip[0].end, v.skip[1:]
			end = v.pause()
			continue
		}
		if src[i] < utf8.RuneSelf {
			i = v.ascii(t, i, min(end, i+size-len(v.text)))
			continue
		}
		if v.kanji(t, i) {
			i += 3
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		v.fold(t, r, i)
		i += n
	}
	v.next = i
	return i == len(src)
}

// skipped is the byte of text in the place of what is skipped.
const skipped = 0

// pause returns where the next skipped interval begins, or the end of the source.
func (v *view) pause() int {
	if len(v.skip) == 0 {
		return len(v.src)
	}
	return v.skip[0].start
}

// ascii appends what the ASCII bytes from src[i] on fold to, up to end at most, and
// returns where it stopped.
func (v *view) ascii(t *foldTable, i, end int) int {
	src := v.src[:min(len(v.src), end)]
	n := len(v.text)
	text := slices.Grow(v.text, len(src)-i)[:n+len(src)-i]
	from := slices.Grow(v.from, len(src)-i)[:n+len(src)-i]
	for ; i < len(src) && src[i] < utf8.RuneSelf; i++ {
		text[n], from[n] = t.ascii[src[i]], int32(i)
		if text[n] > foldInvisible {
			n++
		}
	}
	v.text, v.from = text[:n], from[:n]
	return i
}

// kanji appends the rune at src[i] if it is kana or kanji that folds to itself, as most
// of a Japanese text does, and says whether it is.
func (v *view) kanji(t *foldTable, i int) bool {
	if i+2 >= len(v.src) {
		return false
	}
	a, b, c := v.src[i], v.src[i+1], v.src[i+2]
	if a < 0xe3 || a > 0xe9 || b&0xc0 != 0x80 || c&0xc0 != 0x80 {
		return false
	}
	r := uint16(a&0x0f)<<12 | uint16(b&0x3f)<<6 | uint16(c&0x3f)
	if t.one[r] != r || r == voiced || r == halfVoiced || r == iteration {
		return false
	}
	v.text = append(v.text, a, b, c)
	v.from = append(v.from, int32(i), int32(i), int32(i))
	return true
}

// fold appends what r folds to.
func (v *view) fold(t *foldTable, r rune, at int) {
	if r < 1<<16 {
		f := rune(t.one[r])
		if f <= foldInvisible {
			return
		}
		if (f < 0xd800 || f >= 0xe000) && f != voiced && f != halfVoiced && f != iteration {
			v.append(f, at)
			return
		}
	}
	var buf [1]rune
	out, _ := t.fold(r, &buf)
	for _, f := range out {
		switch f {
		case voiced, halfVoiced:
			if !v.endsInKana() {
				continue
			}
		case iteration:
			if n := len(v.text); n >= 3 && v.text[n-1] >= utf8.RuneSelf {
				f, _ = utf8.DecodeLastRune(v.text)
			}
		}
		v.append(f, at)
	}
}

func (v *view) append(r rune, at int) {
	n := len(v.text)
	v.text = utf8.AppendRune(v.text, r)
	for range len(v.text) - n {
		v.from = append(v.from, int32(at))
	}
}

// endsInKana reports whether the last folded rune is a hiragana that can be voiced.
func (v *view) endsInKana() bool {
	n := len(v.text)
	if n < 3 || v.text[n-3] != 0xe3 {
		return false
	}
	r, _ := utf8.DecodeLastRune(v.text)
	return r >= 'あ' && r <= 'ん'
}

// drop forgets the first n folded bytes.
func (v *view) drop(n int) {
	v.text = v.text[:copy(v.text, v.text[n:])]
	v.from = v.from[:copy(v.from, v.from[n:])]
}

// span returns the source range of text[i:j].
func (v *view) span(i, j int) (start, end int) {
	start, end = int(v.from[i]), int(v.from[j-1])
	_, n := utf8.DecodeRune(v.src[end:])
	return start, end + n
}

// A script says which letters a letter forms words with.
type script byte

// The scripts that boundaries tell apart.
const (
	noScript script = iota
	latin           // letters and digits that are not one of the others
	digit
	kanji
	hiragana
	katakana
)

func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r >= '0' && r <= '9':
			return digit
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return latin
		}
		return noScript
	case r == '々' || r == '〇' || unicode.Is(unicode.Han, r):
		return kanji
	case r >= 0x3041 && r <= 0x309f:
		return hiragana
	case r >= 0x30a1 && r <= 0x30ff && r != '・', r >= 0xff66 && r <= 0xff9f:
		return katakana
	case unicode.Is(unicode.Nd, r):
		return digit
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return latin
	}
	return noScript
}

// before returns the visible rune directly before src[at], and its place.
func (v *view) before(at int) (rune, int) {
	t := folding()
	for at > 0 {
		r, n := utf8.DecodeLastRune(v.src[:at])
		at -= n
		if r == 'ー' || !invisible(t, r) {
			return r, at
		}
	}
	return 0, 0
}

// after returns the visible rune at src[at] or behind, and the place behind it.
func (v *view) after(at int) (rune, int) {
	t := folding()
	for at < len(v.src) {
		r, n := utf8.DecodeRune(v.src[at:])
		at += n
		if r == 'ー' || !invisible(t, r) {
			return r, at
		}
	}
	return 0, len(v.src)
}

func invisible(t *foldTable, r rune) bool {
	if r < utf8.RuneSelf {
		return t.ascii[r] == foldInvisible
	}
	if r < 1<<16 {
		return t.one[r] == foldInvisible
	}
	return foldClass(r) == foldInvisible
}
