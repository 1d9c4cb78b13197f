package gate

import "bytes"

// An alphabet85 says what the letters of one kind of base85 stand for.
type alphabet85 struct {
	value [256]byte // from 1; 0 for a byte that is no letter of it
	signs bool      // it has quotes, brackets and commas, in which programs put a text
}

// alphabets85 are those of Adobe's ASCII85, of RFC 1924 (git, Python) and of ZeroMQ.
var alphabets85 = func() []alphabet85 {
	const alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var adobe []byte
	for c := byte('!'); c <= 'u'; c++ {
		adobe = append(adobe, c)
	}
	out := []alphabet85{{signs: true}, {}, {}}
	for i, letters := range []string{string(adobe), alnum + "!#$%&()*+-;<=>?@^_`{|}~", alnum[:10] + alnum[36:] + alnum[10:36] + ".-:+=^!/*?&<>()[]{}@%$#"} {
		for k := range len(letters) {
			out[i].value[letters[k]] = byte(k + 1)
		}
	}
	return out
}()

const (
	minBase85  = 10 // letters: eight bytes
	textBase85 = 12 // bytes of text in a row where other signs stand beside
	mostPlain  = 88 // of a run without a sign that base64 lacks: a longer one is base64
)

// mayBase85 reports whether a token of such signs has capitals and others, or many others:
// nearly all of base85 does.
func mayBase85(token []byte, kinds byte) bool {
	if kinds&otherSign == 0 {
		return kinds&upperSign != 0 && len(token) <= mostPlain
	}
	if kinds&upperSign != 0 {
		return true
	}
	n := 0
	for _, c := range token {
		if signs[c]&otherSign != 0 {
			n++
		}
	}
	return 4*n >= len(token)
}

// base85 calls found with what the runs of a token stand for, at any offset.
func base85(token []byte, found func([]byte) error) error {
	for k := range alphabets85 {
		a := &alphabets85[k]
		for i := 0; i < len(token); {
			j := i
			for j < len(token) && a.value[token[j]] != 0 {
				j++
			}
			if j-i >= minBase85 {
				if err := a.run(token[i:j], found); err != nil {
					return err
				}
			}
			i = j + 1
		}
	}
	return nil
}

// run decodes one run from each of five places on. What stands behind the last letters
// in a program may be letters too.
func (a *alphabet85) run(src []byte, found func([]byte) error) error {
	var buf [256]byte
	for shift := range 5 {
		from := src[min(shift, len(src)):]
		decoded := a.decode(buf[:0], from)
		if !worth85(decoded, shift == 0) {
			continue
		}
		for cut := range 4 {
			if cut > 0 && !a.signs || cut >= len(from) {
				break
			}
			if err := found(a.decode(nil, from[:len(from)-cut])); err != nil {
				return err
			}
		}
	}
	return nil
}

// worth85 reports whether what was decoded holds text or what is compressed. Other runs
// give it by chance once in a hundred thousand.
func worth85(b []byte, whole bool) bool {
	n := longestRun(b)
	return n >= textBase85 || whole && n == len(b) && n >= minBlock || packed(b) || len(b) >= 2*minStyled && shortWide(b)
}

// decode appends what groups of five letters stand for, and the rest of fewer. A group
// beyond four bytes is none, and gives four bytes that are no text.
func (a *alphabet85) decode(dst, src []byte) []byte {
	for len(src) > 0 {
		n := min(len(src), 5)
		v := uint64(0)
		for k := range 5 {
			d := uint64(84) // of letters that are left out
			if k < n {
				d = uint64(a.value[src[k]]) - 1
			}
			v = v*85 + d
		}
		if v > 1<<32-1 {
			v = 0
		}
		dst = append(dst, []byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}[:n-1]...)
		src = src[n:]
	}
	return dst
}

// marked85 calls found with what stands between the marks of ASCII85, over the ends of lines:
// from the first one on, and from the last one before the end.
func marked85(src []byte, found func(decoded []byte, i, j int) error) error {
	first, end := []byte("<~"), []byte("~>")
	for i := 0; ; {
		from := bytes.Index(src[i:], first)
		if from < 0 {
			return nil
		}
		from += i
		size := bytes.Index(src[from+2:], end)
		if size < 0 {
			return nil
		}
		to := from + 2 + size
		bodies := [][]byte{src[from+2 : to]}
		if last := bytes.LastIndex(bodies[0], first); last >= 0 {
			bodies = append(bodies, bodies[0][last+2:])
		}
		for _, body := range bodies {
			if decoded := lines85(body); len(decoded) >= minText {
				if err := found(decoded, from, to); err != nil {
					return err
				}
			}
		}
		if i = to + 2; src[to-1] == '<' { // its end may be another's beginning: "<~>"
			i = to - 1
		}
	}
}

// lines85 decodes the letters of Adobe's alphabet in src, without the signs between them.
func lines85(src []byte) []byte {
	a := &alphabets85[0]
	letters := make([]byte, 0, len(src))
	for _, c := range src {
		switch {
		case c == 'z':
			letters = append(letters, "!!!!!"...)
		case a.value[c] != 0:
			letters = append(letters, c)
		}
	}
	return a.decode(nil, letters)
}
