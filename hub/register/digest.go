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
// that is known, or begin as it does, with other digits before it or with signs between.
func (d *disguises) digestIn(text string) bool {
	return d.digestInRun(text) || strings.ContainsAny(text, "-:") && d.digestInRun(betweenDigits.Replace(text))
}

// betweenDigits takes out what digits are grouped by.
var betweenDigits = strings.NewReplacer("-", "", ":", "")

func (d *disguises) digestInRun(text string) bool {
	const digits = 16 // of what is kept
	run, key := 0, uint64(0)
	for i := range len(text) {
		if !isHexLower(text[i]) {
			run = 0
			continue
		}
		run, key = run+1, key<<4|uint64(hexValue(text[i]))
		if run >= digits && d.digests.has(key) {
			return true
		}
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
