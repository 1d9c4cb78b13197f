// Package decode shows what a text holds behind common encodings: percent
// escapes, JSON, C and HTML escapes, quoted-printable, punycode, base64 and
// base64url, base32, base58 and base85 of text, hex, UTF-16 and the Japanese legacy charsets inside those, gzip and
// zlib inside base64 or hex, each inside the other; markup between letters, text
// that a mark turns around, numbers in kanji.
//
// It doesn't judge what an encoding was meant to be: whatever can be read as text
// is shown as a view of its own, with the way back to the bytes of the text.
// It trusts nothing: depth, the size of a view and the sum of all views are
// bounded, its time is linear in the text, and what is cut is told by Cut.
//
//	for v := range decode.Views(`path=%E7%97%85%E9%99%A2`) {
//		fmt.Println(v.Text) // the text itself, then "path=病院"
//	}
package decode

import (
	"iter"
	"strings"
)

// The bounds. What lies beyond is told as a cut.
const (
	Depth    = 8       // encodings inside one another
	Expanded = 1 << 20 // bytes out of one compressed stream
)

// budget is how many bytes all views of a text may have together.
func budget(n int) int { return 16*n + 2*Expanded }

// View is a text as read: the text itself or something decoded from it.
type View struct {
	Text string
	Cut  bool // not a text: what Span(0, 0) covers goes deeper than the bounds

	at         []int32 // offset in the whole text of each byte, and the end; nil for one token
	start, end int     // the token in the whole text, where at is nil
	depth      int
}

// Span returns the bytes of the whole text from which v.Text[start:end] comes: the
// escapes themselves, or the whole encoded token.
func (v View) Span(start, end int) (int, int) {
	if v.at == nil {
		if v.depth == 0 && !v.Cut {
			return start, end
		}
		return v.start, v.end
	}
	return int(v.at[start]), int(v.at[end])
}

// Views yields the text itself and then everything decoded from it.
func Views(text string) iter.Seq[View] {
	return func(yield func(View) bool) {
		left := budget(len(text))
		seen := map[string]bool{} // what was unescaped: several ways lead to one text
		queue := []View{{Text: text, end: len(text)}}
		for len(queue) > 0 {
			v := queue[0]
			queue = queue[1:]
			if !yield(v) {
				return
			}
			for inner := range within(v) {
				if inner.at != nil && seen[inner.Text] {
					continue
				}
				if inner.at != nil {
					seen[inner.Text] = true
				}
				left -= len(inner.Text)
				if inner.depth > Depth || left < 0 {
					inner.Cut, inner.Text = true, ""
					if !yield(inner) {
						return
					}
					continue
				}
				queue = append(queue, inner)
			}
		}
	}
}

// unescaped yields a view with its escapes decoded.
func unescaped(v View) iter.Seq[View] {
	return func(yield func(View) bool) {
		last := ""
		all := []func(string, int) (string, int){readTag, readLabel, readEscape, readQuoted, readQuotedHigh}
		if strings.Contains(v.Text, `\\`) {
			all = append(all, readBehind)
		}
		for _, escape := range append(all, apartFor(v.Text)...) {
			inner, ok := unescape(v, escape)
			if !ok || inner.Text == last {
				continue
			}
			last = inner.Text
			if !yield(inner) {
				return
			}
			if other, ok := asLegacy(inner); ok && !yield(other) {
				return
			}
		}
	}
}

// within yields what is encoded directly in a view.
func within(v View) iter.Seq[View] {
	return func(yield func(View) bool) {
		if v.Cut || len(v.Text) < 4 {
			return
		}
		for inner := range unescaped(v) {
			if !yield(inner) {
				return
			}
		}
		for inner := range shown(v) {
			if !yield(inner) {
				return
			}
		}
		for t := range tokens(v.Text) {
			start, end := v.Span(t.start, t.end)
			for _, text := range t.read() {
				if !yield(View{Text: text, start: start, end: end, depth: v.depth + 1}) {
					return
				}
			}
			if t.cut && !yield(View{Cut: true, start: start, end: end, depth: v.depth + 1}) {
				return
			}
		}
		for t, texts := range dense(v.Text) {
			start, end := v.Span(t.start, t.end)
			for _, text := range texts {
				if !yield(View{Text: text, start: start, end: end, depth: v.depth + 1}) {
					return
				}
			}
			if t.cut && !yield(View{Cut: true, start: start, end: end, depth: v.depth + 1}) {
				return
			}
		}
	}
}
