package gate

import (
	"bytes"
	"unicode/utf8"
)

func hasPunycode(src []byte) bool {
	for i := 0; ; {
		n := bytes.Index(src[i:], []byte("n--"))
		if n < 0 {
			n = bytes.Index(src[i:], []byte("N--"))
		}
		if n < 0 {
			return false
		}
		if i += n; i > 0 && punycodeAt(src, i-1) {
			return true
		}
		i += 3
	}
}

// punycodeAt reports whether src[i:] begins with "xn--" in any case.
func punycodeAt(src []byte, i int) bool {
	return i+4 < len(src) && src[i]|0x20 == 'x' && src[i+1]|0x20 == 'n' && src[i+2] == '-' && src[i+3] == '-'
}

// punycodeLabel decodes the label at the beginning of src ("xn--…", RFC 3492) and
// returns its text and length, or 0 where it is none.
func punycodeLabel(src []byte) (string, int) {
	if !punycodeAt(src, 0) {
		return "", 0
	}
	end := 4
	for end < len(src) && end < 80 && (src[end] == '-' || alnum(rune(src[end]))) && src[end] < utf8.RuneSelf {
		end++
	}
	text, ok := decodePunycode(src[4:end])
	if !ok {
		return "", 0
	}
	return text, end
}

func decodePunycode(in []byte) (string, bool) {
	const base, tMin, tMax, skew, damp = 36, 1, 26, 38, 700
	var out []rune
	if basic := bytes.LastIndexByte(in, '-'); basic > 0 {
		out = []rune(string(in[:basic]))
		in = in[basic+1:]
	}
	n, i, bias := 128, 0, 72
	for len(in) > 0 {
		old, w := i, 1
		for k := base; ; k += base {
			if len(in) == 0 {
				return "", false
			}
			d := punycodeDigit(in[0])
			in = in[1:]
			if d < 0 || d > (1<<31-1-i)/w {
				return "", false
			}
			i += d * w
			t := min(max(k-bias, tMin), tMax)
			if d < t {
				break
			}
			if w > (1<<31-1)/(base-t) {
				return "", false
			}
			w *= base - t
		}
		size := len(out) + 1
		delta := (i - old) / 2
		if old == 0 {
			delta = (i - old) / damp
		}
		delta += delta / size
		k := 0
		for ; delta > (base-tMin)*tMax/2; k += base {
			delta /= base - tMin
		}
		bias = k + (base-tMin+1)*delta/(delta+skew)
		n += i / size
		i %= size
		if n > utf8.MaxRune {
			return "", false
		}
		out = append(out[:i], append([]rune{rune(n)}, out[i:]...)...)
		i++
	}
	return string(out), len(out) > 0
}

func punycodeDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c | 0x20 - 'a')
	}
	return -1
}
