package gate

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
)

// packed reports whether b begins like gzip, zlib or a zip archive.
func packed(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	return b[0] == 0x1f && b[1] == 0x8b ||
		b[0]&0x0f == 8 && b[0]>>4 <= 7 && (uint(b[0])<<8|uint(b[1]))%31 == 0 ||
		string(b[:4]) == "PK\x03\x04"
}

var errExpansion = errors.New("output expands beyond its limit")

// unpack calls found with what is compressed in b, at most limit bytes in all. What
// could be read before a fault counts.
func unpack(b []byte, limit int, found func([]byte) error) error {
	if !packed(b) {
		return nil
	}
	if b[0] == 'P' {
		return unzip(b, limit, found)
	}
	var r io.Reader
	if b[0] == 0x1f {
		zr, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil // not gzip
		}
		r = zr
	} else {
		zr, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			r = flate.NewReader(bytes.NewReader(b[2:])) // a dictionary or a wrong checksum of the header
		} else {
			r = zr
		}
	}
	return unpackOne(r, limit, found)
}

func unpackOne(r io.Reader, limit int, found func([]byte) error) error {
	out, _ := io.ReadAll(io.LimitReader(r, int64(limit)+1)) // a fault ends it; the part before counts
	if len(out) > limit {
		return errExpansion
	}
	if len(out) == 0 {
		return nil
	}
	return found(out)
}

func unzip(b []byte, limit int, found func([]byte) error) error {
	archive, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil // not a zip archive
	}
	for _, f := range archive.File {
		if err := found([]byte(f.Name + " " + f.Comment)); err != nil {
			return err
		}
		r, err := f.Open()
		if err != nil {
			continue // a folder, or a method nobody can read
		}
		err = unpackOne(r, limit, func(out []byte) error {
			limit -= len(out)
			return found(out)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
