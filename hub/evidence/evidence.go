// Package evidence finds addresses, domain names, URLs, mail addresses and hashes in
// log and mail files, for a person to tick which are the attacker's. It finds what
// stands there and judges nothing.
//
// A file is read as a stream and only what was found is kept, up to a bound, so that
// a file of any size and shape costs a bounded amount of memory. The package trusts
// nothing of a file.
//
//	var s evidence.Search
//	err := s.Read("proxy.log", r)
//	for _, f := range s.Found() { … }
package evidence

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	utf16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"isac/hub/prose"
)

const (
	mostValues  = 20_000   // different ones that are remembered
	longestLine = 64 << 10 // bytes that are read as one; nothing longer is a value
)

// Found is one value and how often it stood there.
type Found struct {
	prose.Pasted
	Times int
}

// Search collects what files hold. The zero value is ready.
type Search struct {
	at      map[prose.Pasted]int
	found   []Found
	Dropped bool // there were more different values than are remembered
}

// Found returns what was found, in the order in which it first stood there.
func (s *Search) Found() []Found { return slices.Clone(s.found) }

// Read reads one file. Only the end of its name counts.
func (s *Search) Read(name string, r io.Reader) error {
	b := bufio.NewReaderSize(r, longestLine)
	begin, err := b.Peek(1024)
	if err != nil && err != io.EOF && len(begin) == 0 {
		return fmt.Errorf("reading a file: %w", err)
	}
	if isMail(name, begin) {
		return s.mail(b, 0)
	}
	return s.text(b)
}

// text reads lines of any encoding in which ASCII is ASCII, and of UTF-16, which
// Windows writes.
func (s *Search) text(r *bufio.Reader) error {
	mark, _ := r.Peek(2)
	if bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}) {
		decoded := transform.NewReader(r, utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewDecoder())
		r = bufio.NewReaderSize(decoded, longestLine)
	}
	for {
		line, err := r.ReadSlice('\n')
		s.take(string(line))
		switch err {
		case nil, bufio.ErrBufferFull:
		case io.EOF:
			return nil
		default:
			return fmt.Errorf("reading a file: %w", err)
		}
	}
}

// take reads a line, whose fields are written in many ways: alone, as key=value, or
// with another word before a slash. A link stays whole.
func (s *Search) take(line string) {
	for _, field := range strings.FieldsFunc(line, between) {
		if i := strings.Index(field, "://"); i >= 0 {
			s.values(field[strings.LastIndexByte(field[:i], '=')+1:])
			continue
		}
		for _, part := range strings.FieldsFunc(field, func(r rune) bool { return r == '=' || r == '/' }) {
			s.values(part)
		}
	}
}

// between are the signs that stand between fields.
func between(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>|,;{}、，`, r) }

func (s *Search) values(text string) {
	if len(text) < 4 || len(text) < 32 && !strings.ContainsAny(text, ".:@[") {
		return // no value is so short without a sign
	}
	for _, p := range prose.Values(text) {
		s.add(p)
	}
}

func (s *Search) add(p prose.Pasted) {
	if i, ok := s.at[p]; ok {
		s.found[i].Times++
		return
	}
	if len(s.found) >= mostValues {
		s.Dropped = true
		return
	}
	if s.at == nil {
		s.at = map[prose.Pasted]int{}
	}
	p.Value = strings.Clone(p.Value) // not the line that it stood in
	s.at[p] = len(s.found)
	s.found = append(s.found, Found{p, 1})
}

// Rarest orders what was found by how seldom it stood there: what every machine calls
// all day comes last.
func Rarest(found []Found) []Found {
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(a.Times, b.Times) })
	return found
}
