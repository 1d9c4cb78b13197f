package gate

// technical reports whether src[start:end], a number, is a part of a token that a
// reporter's number cannot be told by: a UUID, an RFC 3339 time, a CVE or ATT&CK id,
// an IPv4 address.
func technical(src []byte, start, end int) bool {
	for start > 0 && tokenByte(src[start-1]) && end-start < 64 {
		start--
	}
	for end < len(src) && tokenByte(src[end]) && end-start < 128 {
		end++
	}
	token := src[start:end]
	for i := range token {
		if i > 0 && tokenByte(token[i-1]) && token[i-1] != '-' && token[i-1] != '.' {
			continue
		}
		for _, shape := range shapes {
			if shaped(token[i:], shape) {
				return true
			}
		}
		if _, n := quad(token[i:]); n > 0 {
			return true
		}
	}
	return false
}

func tokenByte(c byte) bool {
	return c == '-' || c == '.' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// shapes of technical tokens: 9 is a digit, x a hexadecimal digit, other bytes
// stand for themselves.
var shapes = []string{
	"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
	"9999-99-99T99:99:99",
	"CVE-9999-9999",
	"T9999.999",
}

func shaped(b []byte, shape string) bool {
	if len(b) < len(shape) {
		return false
	}
	for i := range len(shape) {
		c := b[i]
		switch shape[i] {
		case '9':
			if c < '0' || c > '9' {
				return false
			}
		case 'x':
			if !hexDigit(rune(c)) {
				return false
			}
		default:
			if c != shape[i] {
				return false
			}
		}
	}
	return true
}
