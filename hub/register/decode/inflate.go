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
	r := open(data)
	if r == nil {
		return nil, false
	}
	plain, _ = io.ReadAll(io.LimitReader(r, Expanded+1)) // a broken end doesn't hide the beginning
	if len(plain) > Expanded {
		return plain[:Expanded], true
	}
	if len(plain) == 0 {
		return nil, false
	}
	return plain, false
}

func open(data []byte) io.Reader {
	const near = 64 // bytes of something else that may stand before
	if i := bytes.Index(data[:min(len(data), near)], []byte{0x1f, 0x8b, 8}); i >= 0 {
		if r, err := gzip.NewReader(bytes.NewReader(data[i:])); err == nil {
			return r
		}
	}
	if len(data) > 2 && data[0] == 0x78 && (int(data[0])<<8|int(data[1]))%31 == 0 {
		if r, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
			return r
		}
	}
	return nil
}
