package gate

import "bytes"

// maxWildcards is how many wildcards of one literal are looked behind.
const maxWildcards = 8

var like = []byte("LIKE '")

// behindWildcards appends, of each literal of a STIX pattern that LIKE compares with,
// what stands behind its percent signs. There the sign stands for any text; read as
// an escape it takes the beginning of what is encoded behind it: '%e9%2C%20b5%'.
func behindWildcards(dst, src []byte) ([]byte, bool) {
	changed := false
	for {
		at := bytes.Index(src, like)
		if at < 0 {
			return dst, changed
		}
		src = src[at+len(like):]
		literal := src[:literalEnd(src)]
		for range maxWildcards {
			_, behind, ok := bytes.Cut(literal, []byte("%"))
			if !ok {
				break
			}
			dst = append(append(dst, bytes.TrimRight(behind, "%")...), valueBreak)
			literal, changed = behind, true
		}
	}
}

// literalEnd returns the place of the quote that ends the literal that src begins
// with, or the length of src.
func literalEnd(src []byte) int {
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '\'':
			return i
		}
	}
	return len(src)
}
