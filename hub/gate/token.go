package gate

// What a byte of a token is.
const (
	upperSign  = 1 << iota // A to Z
	lowerSign              // a to z
	digitSign              // 0 to 9
	plainSigns             // + / - _ =
	otherSign              // any other sign
	nonHex                 // a letter that is no hexadecimal digit
)

// signs says of every byte what it is; 0 for those between tokens.
var signs = func() (t [256]byte) {
	for c := byte('!'); c < 0x7f; c++ {
		switch {
		case c >= 'A' && c <= 'Z':
			t[c] = upperSign
		case c >= 'a' && c <= 'z':
			t[c] = lowerSign
		case c >= '0' && c <= '9':
			t[c] = digitSign
		case base64Byte[c] || c == '=':
			t[c] = plainSigns
		default:
			t[c] = otherSign
		}
		if asciiLetter(c) && !hexDigit(rune(c)) {
			t[c] |= nonHex
		}
	}
	return t
}()

// tokens looks at what stands between spaces, in ASCII: for names with digits for letters,
// for digests of names, for base85. Most tokens are words and are told by one look at each
// of their letters.
func (s *search) tokens(p *pass, src []byte, depth int) error {
	p.chosen(src)
	found := func(decoded []byte, i, j int) error { return s.block(decoded, p.t, i, j, depth+1) }
	for i := 0; i < len(src); {
		kinds, j := signs[src[i]], i+1
		if kinds == 0 {
			i = j
			continue
		}
		for ; j < len(src); j++ {
			kind := signs[src[j]]
			if kind == 0 {
				break
			}
			kinds |= kind
		}
		token := src[i:j]
		if kinds&digitSign != 0 && len(token) >= minDigits {
			p.words(token, i)
		}
		if n := noAddress(src[i:]); n > 0 { // what stands behind it is read
			token, kinds = token[n:], 0
			for _, c := range token {
				kinds |= signs[c]
			}
		}
		if len(token) >= minBase85 && mayBase85(token, kinds) && !s.dull85[string(token)] {
			before := len(s.hits)
			err := base85(token, func(decoded []byte) error { return found(decoded, i, j) })
			if err != nil {
				return err
			}
			if len(s.hits) == before && len(token) <= mostPlain {
				s.dull85[string(token)] = true
			}
		}
		i = j
	}
	return marked85(src, found)
}

// words looks at the words of a token that has digits; at is its place.
func (p *pass) words(token []byte, at int) {
	for i := 0; i < len(token); {
		kinds, j := byte(0), i
		for j < len(token) && inName(token[j]) && (j == i || token[j] != '-' || token[j-1] != '-') {
			kinds |= signs[token[j]]
			j++
		}
		word := token[i:j]
		if kinds&digitSign != 0 && kinds&nonHex != 0 && len(word) >= minDigits {
			p.spelled(word, at+i)
		}
		if kinds&digitSign != 0 && len(word) >= digestDigits {
			p.digested(word, kinds, at+i)
		}
		i = j + 1
	}
}

// inName tells the bytes of names of hosts, accounts and files but the dot.
func inName(c byte) bool {
	return signs[c]&(upperSign|lowerSign|digitSign) != 0 || c == '-' || c == '_'
}
