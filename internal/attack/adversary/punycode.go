package adversary

import "strings"

// punycode decodes a label (RFC 3492), without its prefix.
func punycode(s string) (string, bool) {
	const base, tMin, tMax, skew, damp = 36, 1, 26, 38, 700
	var out []rune
	if i := strings.LastIndexByte(s, '-'); i >= 0 {
		out, s = []rune(s[:i]), s[i+1:]
	}
	n, i, bias := 128, 0, 72
	for first := true; s != ""; first = false {
		old, w := i, 1
		for k := base; ; k += base {
			if s == "" {
				return "", false
			}
			d := int(s[0]-'a') + 0
			if s[0] >= '0' && s[0] <= '9' {
				d = int(s[0]-'0') + 26
			}
			s = s[1:]
			i += d * w
			t := min(max(k-bias, tMin), tMax)
			if d < 0 || i < 0 || i > 1<<26 {
				return "", false
			}
			if d < t {
				break
			}
			w *= base - t
		}
		delta := i - old
		if first {
			delta /= damp
		} else {
			delta /= 2
		}
		delta += delta / (len(out) + 1)
		k := 0
		for ; delta > (base-tMin)*tMax/2; k += base {
			delta /= base - tMin
		}
		bias = k + (base-tMin+1)*delta/(delta+skew)
		n += i / (len(out) + 1)
		i %= len(out) + 1
		out = append(out[:i], append([]rune{rune(n)}, out[i:]...)...)
		i++
	}
	return string(out), true
}
