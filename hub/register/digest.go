package register

import (
	"crypto/md5"  // as an attacker may have used it
	"crypto/sha1" // the same
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"slices"
	"strings"

	"isac/hub"
)

// digestsOf adds the digests, without salt, of what an organisation is called where
// machines are: its domain, the label of it, its names, its hosts.
func (d *disguises) digestsOf(o *hub.Organisation) {
	domain := strings.ToLower(o.Domain)
	registrable, _ := Registrable(domain)
	label, _, _ := strings.Cut(registrable, ".")
	latin, _, _ := strings.Cut(o.NameRomaji, " ")
	names := []string{domain, registrable, label, o.NameJA, latin, strings.ToLower(latin), o.HostnamePrefix}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if key := "digest:" + name; len(name) >= 3 && !d.done[key] {
			d.done[key] = true
			d.digests.add(digestKeys(name)...)
		}
	}
}

// digestKeys are the first eight bytes of the digests of a text.
func digestKeys(text string) []uint64 {
	data := []byte(text)
	one, two, three, four, five := md5.Sum(data), sha1.Sum(data), sha256.Sum256(data), sha512.Sum512(data), ntlm(text)
	return []uint64{
		binary.BigEndian.Uint64(one[:]), binary.BigEndian.Uint64(two[:]), binary.BigEndian.Uint64(three[:]),
		binary.BigEndian.Uint64(four[:]), binary.BigEndian.Uint64(five[:]),
	}
}

// digestIn reports whether hexadecimal digits in a text, in small letters, are a digest
// that is known, or begin as it does.
func (d *disguises) digestIn(text string) bool {
	const digits = 16 // of what is kept
	for i := 0; i < len(text); {
		j := i
		var key uint64
		for j < len(text) && isHexLower(text[j]) {
			if j-i < digits {
				key = key<<4 | uint64(hexValue(text[j]))
			}
			j++
		}
		if j-i >= digits && d.digests.has(key) {
			return true
		}
		i = j + 1
	}
	return false
}

func isHexLower(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' }

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'a' + 10
}
