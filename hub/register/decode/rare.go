package decode

import (
	"encoding/base32"
	"strings"
	"unicode/utf8"
)

// The shortest runs that are read as base32 and as base58: eight bytes each, nearly. Most
// words are shorter.
const (
	shortBase32 = 13
	shortBase58 = 11
	mostBase58  = 88 // characters: such a run is a number as a whole
)

var plainBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// rare returns the bytes that the parts of a run stand for in base32, of either case, and
// in base58.
func rare(chars string) [][]byte {
	var found [][]byte
	for part := range strings.FieldsFuncSeq(chars, func(r rune) bool { return r == '+' || r == '/' || r == '=' }) {
		if data := fromBase32(part); data != nil {
			found = append(found, data)
		}
		if data := fromBase58(part); data != nil {
			found = append(found, data)
		}
	}
	return found
}

func fromBase32(s string) []byte {
	if len(s) < shortBase32 || strings.ContainsAny(s, "0189") {
		return nil
	}
	upper := strings.ToUpper(s)
	if upper != s && strings.ToLower(s) != s {
		return nil
	}
	switch len(s) % 8 {
	case 1, 3, 6:
		upper = upper[:len(upper)-1] // no whole byte ends so
	}
	data, err := plainBase32.DecodeString(upper)
	if err != nil || !utf8.Valid(data) {
		return nil
	}
	return data
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// fromBase58 reads a run that has small letters and, behind its first, capitals or digits,
// as few words do.
func fromBase58(s string) []byte {
	if len(s) < shortBase58 || len(s) > mostBase58 || strings.ToUpper(s) == s || strings.Trim(s[1:], "abcdefghijklmnopqrstuvwxyz") == "" {
		return nil
	}
	var number []byte // base 256, the last first
	for i := range len(s) {
		carry := strings.IndexByte(base58, s[i])
		if carry < 0 {
			return nil
		}
		for k := range number {
			carry += 58 * int(number[k])
			number[k], carry = byte(carry), carry>>8
		}
		for ; carry > 0; carry >>= 8 {
			number = append(number, byte(carry))
		}
	}
	for i, j := 0, len(number)-1; i < j; i, j = i+1, j-1 {
		number[i], number[j] = number[j], number[i]
	}
	if !utf8.Valid(number) {
		return nil
	}
	return number
}
