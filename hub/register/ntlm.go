package register

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
)

// ntlm is the digest by which Windows keeps a password: MD4 (RFC 1320) of its UTF-16.
func ntlm(text string) [16]byte {
	var data []byte
	for _, u := range utf16.Encode([]rune(text)) {
		data = binary.LittleEndian.AppendUint16(data, u)
	}
	size := uint64(len(data)) * 8
	data = append(data, 0x80)
	for len(data)%64 != 56 {
		data = append(data, 0)
	}
	data = binary.LittleEndian.AppendUint64(data, size)
	state := [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}
	for ; len(data) > 0; data = data[64:] {
		md4Block(&state, data[:64])
	}
	var sum [16]byte
	for i, v := range state {
		binary.LittleEndian.PutUint32(sum[4*i:], v)
	}
	return sum
}

// md4Rounds are what each of the three rounds mixes: order of words, shifts, constant.
var md4Rounds = [3]struct {
	order [16]int
	shift [4]int
	add   uint32
}{
	{[16]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, [4]int{3, 7, 11, 19}, 0},
	{[16]int{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}, [4]int{3, 5, 9, 13}, 0x5a827999},
	{[16]int{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}, [4]int{3, 9, 11, 15}, 0x6ed9eba1},
}

func md4Block(state *[4]uint32, block []byte) {
	s := *state
	for round, r := range md4Rounds {
		for i, word := range r.order {
			b, c, d := s[1], s[2], s[3]
			var f uint32
			switch round {
			case 0:
				f = b&c | ^b&d
			case 1:
				f = b&c | b&d | c&d
			default:
				f = b ^ c ^ d
			}
			v := bits.RotateLeft32(s[0]+f+binary.LittleEndian.Uint32(block[4*word:])+r.add, r.shift[i%4])
			s = [4]uint32{d, v, b, c}
		}
	}
	for i := range state {
		state[i] += s[i]
	}
}
