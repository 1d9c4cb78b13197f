package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip" // twice as fast as the standard library's
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// openLog opens a log as the text that is in it: packed by gzip or zstd, or not; in
// UTF-8 or, as event logs often are, in UTF-16. "-" is in. What a file is, its first
// bytes say.
func openLog(name string, in io.Reader) (io.ReadCloser, error) {
	file := io.NopCloser(in)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("opening log: %w", err)
		}
		file = f
	}
	text, err := unpack(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("opening log: %w", err)
	}
	return text, nil
}

// logText is what is in a log, and what is closed with it.
type logText struct {
	io.Reader
	ends []io.Closer
}

func (l logText) Close() error {
	var err error
	for _, c := range l.ends {
		err = errors.Join(err, c.Close())
	}
	return err
}

// beside unpacks in a goroutine of its own, some bytes ahead of whoever reads: with a second
// core free, a packed log takes no longer than what is sought in it.
func beside(packed io.Reader) *io.PipeReader {
	out, in := io.Pipe()
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{in}, struct{ io.Reader }{packed}, make([]byte, 1<<18))
		in.CloseWithError(err) // nil is the end
	}()
	return out
}

func unpack(file io.ReadCloser) (io.ReadCloser, error) {
	packed := bufio.NewReaderSize(file, 1<<18)
	start, err := packed.Peek(4) // fewer, if there are fewer
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	text, ends := packed, []io.Closer{file}
	unpacked := func(z io.Reader) {
		out := beside(z)
		text, ends = bufio.NewReaderSize(out, 1<<18), []io.Closer{out, file}
	}
	switch {
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		unpacked(z)
	case bytes.HasPrefix(start, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, err
		}
		unpacked(z)
	}
	start, err = text.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.HasPrefix(start, []byte{0xff, 0xfe}) || bytes.HasPrefix(start, []byte{0xfe, 0xff}) || bytes.HasPrefix(start, []byte{0xef, 0xbb, 0xbf}) {
		return logText{transform.NewReader(text, unicode.BOMOverride(encoding.Nop.NewDecoder())), ends}, nil
	}
	return logText{text, ends}, nil
}

// lines cuts a log into lines, and lines of more than a buffer into pieces that
// overlap.
type lines struct {
	size    int // of the buffer
	overlap int // bytes of the longest value: what is in two pieces is whole in one
	// each gets a piece of a line: begins is whether it is the first of its line.
	each func(piece []byte, begins bool) error
	read func(bytes int)
}

func (l *lines) run(ctx context.Context, in io.Reader) error {
	buf := make([]byte, max(l.size, 4*l.overlap))
	have, begins := 0, true
	for ctx.Err() == nil {
		n, err := in.Read(buf[have:])
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading log: %w", err)
		}
		l.read(n)
		rest := buf[:have+n]
		for {
			end := bytes.IndexByte(rest, '\n')
			if end < 0 {
				break
			}
			told := l.each(rest[:end+1], begins)
			if told != nil {
				return told
			}
			rest, begins = rest[end+1:], true
		}
		if err != nil && len(rest) > 0 {
			return l.each(rest, begins)
		}
		if err != nil {
			return nil
		}
		if len(rest) == len(buf) {
			cut := l.cut(rest)
			told := l.each(rest[:cut], begins)
			if told != nil {
				return told
			}
			rest, begins = rest[l.back(rest, cut):], false
		}
		have = copy(buf, rest)
	}
	return ctx.Err()
}

// cut is where a piece ends: behind a blank, so that no word is torn.
func (l *lines) cut(piece []byte) int {
	half := len(piece) / 2
	blank := bytes.LastIndexAny(piece[half:], " \t,;\"")
	if blank < 0 {
		return len(piece)
	}
	return half + blank + 1
}

// back is where the next piece begins: behind a blank, before the longest value that
// the cut can have torn.
func (l *lines) back(piece []byte, cut int) int {
	from := cut - l.overlap
	blank := bytes.IndexAny(piece[from:cut], " \t,;\"")
	if blank < 0 {
		return from
	}
	return from + blank + 1
}
