package gate

import (
	"cmp"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf16"
)

// digestDigits is how many hexadecimal digits of a digest are compared.
const digestDigits = 16

// digested adds the digests, without salt, of what a row's organisation is called where
// machines are: names, domain and label, host prefix.
func (s *spellings) digested(row []string) {
	domain := strings.ToLower(s.t.cell(row, "domain"))
	latin, _, _ := strings.Cut(s.t.cell(row, "name_romaji"), " ")
	before := len(s.digests.keys)
	for _, name := range []string{s.t.cell(row, "name_ja"), s.t.cell(row, "hostname_prefix"), domain, registrable(domain), ownLabel(domain), latin, strings.ToLower(latin)} {
		if len(name) < 3 || !s.first("digest"+name) {
			continue
		}
		for _, key := range digestsOf(name) {
			s.digests.keys = append(s.digests.keys, digestKey{key, int32(len(s.digests.names))})
		}
	}
	if len(s.digests.keys) > before {
		s.digests.names = append(s.digests.names, s.t.cell(row, "name_ja"))
	}
}

// digestsOf returns how MD5, SHA-1, SHA-256, SHA-512 and NTLM begin for a text.
func digestsOf(text string) [5]uint64 {
	b := []byte(text)
	one, two, three, four := md5.Sum(b), sha1.Sum(b), sha256.Sum256(b), sha512.Sum512(b)
	begin := binary.BigEndian.Uint64
	return [5]uint64{begin(one[:]), begin(two[:]), begin(three[:]), begin(four[:]), ntlm(text)}
}

// digests is a set of how digests begin, and of whom each is.
type digests struct {
	keys  []digestKey // sorted
	names []string
	bits  [1 << 14]uint64
}

type digestKey struct {
	begin uint64
	name  int32
}

func (d *digests) sort() {
	slices.SortFunc(d.keys, func(a, b digestKey) int { return cmp.Compare(a.begin, b.begin) })
	for _, k := range d.keys {
		at := k.begin >> 44
		d.bits[at/64] |= 1 << (at % 64)
	}
}

func (d *digests) find(begin uint64) (raw string, ok bool) {
	if at := begin >> 44; d.bits[at/64]&(1<<(at%64)) == 0 {
		return "", false
	}
	i, ok := slices.BinarySearchFunc(d.keys, begin, func(k digestKey, begin uint64) int { return cmp.Compare(k.begin, begin) })
	if !ok {
		return "", false
	}
	return d.names[d.keys[i].name], true
}

// digested looks for digests of names where hexadecimal digits begin in a word of such
// signs: behind another letter or a hyphen. Hyphens may stand in one that begins the word.
func (p *pass) digested(word []byte, kinds byte, at int) {
	p.digestAt(word, 0, at, true)
	if kinds&(nonHex|plainSigns) == 0 || len(word) == len(shapes[0]) && shaped(word, shapes[0]) {
		return
	}
	for i := 1; i+digestDigits <= len(word); i++ {
		if signs[word[i-1]]&(nonHex|plainSigns) != 0 {
			p.digestAt(word, i, at, false)
		}
	}
}

// digestAt reads the digits from word[i] on.
func (p *pass) digestAt(word []byte, i, at int, hyphens bool) {
	key, n := uint64(0), 0
	for k := i; k < len(word) && n < digestDigits; k++ {
		switch c := word[k]; {
		case hexDigit(rune(c)):
			key, n = key<<4|uint64(nibble(c)), n+1
		case !hyphens || signs[c]&plainSigns == 0:
			return
		}
	}
	if n < digestDigits {
		return
	}
	if raw, ok := p.register.digests.find(key); ok {
		p.hit("name", FromRegister, raw, at+i, at+len(word))
	}
}

// ntlm returns how the digest begins by which Windows keeps a password: MD4 (RFC 1320) of
// its UTF-16.
func ntlm(text string) uint64 {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	size := uint64(len(b)) * 8
	b = append(b, 0x80)
	b = append(b, make([]byte, (120-len(b)%64)%64)...)
	b = binary.LittleEndian.AppendUint64(b, size)
	a0, b0, c0, d0 := uint32(0x67452301), uint32(0xefcdab89), uint32(0x98badcfe), uint32(0x10325476)
	for ; len(b) >= 64; b = b[64:] {
		a, bb, c, d := a0, b0, c0, d0
		for i := range 48 {
			k, f, shift := i%16, bb&c|^bb&d, [4]int{3, 7, 11, 19}
			switch i / 16 {
			case 1:
				k, f, shift = i%4*4+i/4%4, (bb&c|bb&d|c&d)+0x5a827999, [4]int{3, 5, 9, 13}
			case 2:
				k, f, shift = int(bits.Reverse8(uint8(i%16))>>4), (bb^c^d)+0x6ed9eba1, [4]int{3, 9, 11, 15}
			}
			a, d, c, bb = d, c, bb, bits.RotateLeft32(a+f+binary.LittleEndian.Uint32(b[4*k:]), shift[i%4])
		}
		a0, b0, c0, d0 = a0+a, b0+bb, c0+c, d0+d
	}
	var sum [8]byte
	binary.LittleEndian.PutUint32(sum[:], a0)
	binary.LittleEndian.PutUint32(sum[4:], b0)
	return binary.BigEndian.Uint64(sum[:])
}
