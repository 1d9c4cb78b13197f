package gate

import "math/big"

// The shortest runs that are read as base32 and as base58, eight bytes nearly, and the
// longest of base58, which is one number.
const (
	minBase32  = 13
	minBase58  = 11
	mostBase58 = 88
)

// rare calls found with what the parts of a run stand for in base32, of either case, and
// in base58, where all of it is text.
func rare(run []byte, found func([]byte) error) error {
	for i := 0; i < len(run); {
		kinds, j := byte(0), i
		for j < len(run) && signs[run[j]]&(upperSign|lowerSign|digitSign) != 0 {
			kinds |= signs[run[j]]
			j++
		}
		part := run[i:j]
		i = j + 1
		var decoded []byte
		switch mixed := kinds&upperSign != 0 && kinds&lowerSign != 0; {
		case !mixed && len(part) >= minBase32:
			decoded = base32(part)
		case mixed && (kinds&digitSign != 0 || hasCapital(part[1:])) && len(part) >= minBase58 && len(part) <= mostBase58:
			decoded = base58(part)
		}
		if len(decoded) >= minBlock-1 && longestRun(decoded) == len(decoded) {
			if err := found(decoded); err != nil {
				return err
			}
		}
	}
	return nil
}

func hasCapital(b []byte) bool {
	for _, c := range b {
		if signs[c]&upperSign != 0 {
			return true
		}
	}
	return false
}

// base32 decodes a run of one case, as far as whole bytes go; nil for another sign.
func base32(run []byte) []byte {
	out := make([]byte, 0, len(run)*5/8)
	bits, n := uint32(0), 0
	for _, c := range run {
		switch {
		case c >= '2' && c <= '7':
			c -= '2' - 26
		case asciiLetter(c):
			c = c&^0x20 - 'A'
		default:
			return nil
		}
		if bits, n = bits<<5|uint32(c), n+5; n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
			if last := out[len(out)-1]; last < ' ' && last != '\n' && last != '\r' && last != '\t' {
				return nil // a word, nearly always
			}
		}
	}
	return out
}

// base58 decodes a run, nil for one with a sign that base58 lacks.
func base58(run []byte) []byte {
	number, digit, base := new(big.Int), new(big.Int), big.NewInt(58)
	for _, c := range run {
		v := base58Value[c]
		if v == 0 {
			return nil
		}
		number.Add(number.Mul(number, base), digit.SetInt64(int64(v)-1))
	}
	return number.Bytes()
}

// base58Value is what the letters of base58 stand for, from 1.
var base58Value = func() (t [256]byte) {
	for i, c := range []byte("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") {
		t[c] = byte(i + 1)
	}
	return t
}()
