package decode

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// inflate expands a gzip or zlib stream that begins within the first bytes. Cut
// tells that it holds more than Expanded bytes. Bytes that aren't such a stream
// give nil; of a broken one what could be read.
func inflate(data []byte) (plain []byte, cut bool) {
	for i := range min(len(data), near) {
		r := open(data[i:])
		if r == nil {
			continue
		}
		plain, _ = io.ReadAll(io.LimitReader(r, Expanded+1)) // a broken end doesn't hide the beginning
		if len(plain) > Expanded {
			return plain[:Expanded], true
		}
		if len(plain) > 0 {
			return plain, false
		}
	}
	return nil, false
}

// near is how many bytes of something else may stand before a stream.
const near = 64

// open reads the stream at the beginning of data, nil where none is.
func open(data []byte) io.Reader {
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b, 8}):
		if r, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
			return r
		}
	case len(data) > 2 && data[0] == 0x78 && (int(data[0])<<8|int(data[1]))%31 == 0:
		if r, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
			return r
		}
	}
	return nil
}
