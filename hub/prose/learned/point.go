package learned

import "encoding/binary"

// point is where a feature lies: along each axis from -128 to 127, raised so that none is
// below 0.
type point [axes]byte

const raised = 128

// pointOf reads a point as a file has it, in bytes with a sign; none is in the middle.
func pointOf(data []byte) (p point) {
	for a := range p {
		p[a] = raised
	}
	for a, b := range data {
		p[a] = b + raised
	}
	return p
}

// append writes a point as a file has it.
func (p point) append(data []byte) []byte {
	if p == pointOf(nil) {
		return put(data, 0)
	}
	data = put(data, axes)
	for _, b := range p {
		data = append(data, b-raised)
	}
	return data
}

// Points are added four axes at a time: a word of 64 bits has a lane of 16 for each, which
// overflows with no fewer than mostAtOnce points.
const (
	lanes      = 0x00ff00ff00ff00ff
	mostAtOnce = 256
)

// place is the sum of the points of features.
func (m *Model) place(features []int32) (sum [axes]int32) {
	for len(features) > 0 {
		n := min(len(features), mostAtOnce)
		var even, odd [axes / 8]uint64
		for _, i := range features[:n] {
			p := &m.points[i]
			for k := range even {
				word := binary.LittleEndian.Uint64(p[8*k:])
				even[k] += word & lanes
				odd[k] += word >> 8 & lanes
			}
		}
		for a := range sum {
			word := even[a/8]
			if a%2 == 1 {
				word = odd[a/8]
			}
			sum[a] += int32(word>>(a%8/2*16)&0xffff) - int32(n)*raised
		}
		features = features[n:]
	}
	return sum
}
