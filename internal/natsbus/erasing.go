package natsbus

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/minio/highwayhash"

	"isac/internal/keep"
)

// The server erases a message in two steps: it appends a note that the message is
// deleted, then it writes the message's file anew with random bytes in its place. One
// that dies in between, or finds no room on the disk, takes the message for deleted
// ever after, and its bytes stay. So before a server reads its files, each message
// that is noted as deleted becomes what erasing to the end leaves: a record of the same
// length, marked as erased, of random bytes. All other records stay as they are, and
// a file is replaced whole or not at all.
//
// A stream's files are rows of records, and each is: its length (4 bytes, the highest
// bit says that there are headers), its sequence (8, the two highest bits are marks),
// its time (8), the length of its subject (2), the subject, the headers with their
// length (4), the text, and a checksum (8) of all these but the lengths. A record
// whose checksum is wrong is left alone: there the server itself ends the file.
const (
	headLength  = 22
	leastLength = headLength + highwayhash.Size64
	headersMark = 1 << 31
	erasedMark  = 1 << 63
	noteMark    = 1 << 62
)

// index is the server's summary of a stream's files. It makes one from the files when
// there is none.
const index = "index.db"

// finishErasing does so for all streams of a folder. What it did before it died it
// finds done.
func finishErasing(streams string) error {
	list, err := os.ReadDir(streams)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for streams: %w", err)
	}
	for _, s := range list {
		err := finishStream(s.Name(), filepath.Join(streams, s.Name(), "msgs"))
		if err != nil {
			return fmt.Errorf("finishing to erase from stream %s: %w", s.Name(), err)
		}
	}
	return nil
}

func finishStream(name, dir string) error {
	files, err := blocks(name, dir)
	if err != nil {
		return err
	}
	noted := map[record]bool{}
	for _, f := range files {
		err := f.notes(noted)
		if err != nil {
			return err
		}
	}
	if len(noted) == 0 {
		return nil
	}
	for _, f := range files {
		err := f.overwrite(noted)
		if err != nil {
			return err
		}
	}
	return nil
}

// blocks lists a stream's files. It removes what was being written in the place of
// one of them, because no server reads or removes that.
func blocks(stream, dir string) (files []block, err error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = keep.Folder(dir)
	for _, e := range list {
		path := filepath.Join(dir, e.Name())
		number, ok := strings.CutSuffix(e.Name(), ".blk")
		_, noNumber := strconv.ParseUint(number, 10, 32)
		switch {
		case ok && noNumber == nil:
			files = append(files, block{path, sha256.Sum256([]byte(stream + "-" + number))})
		case strings.HasSuffix(e.Name(), ".blk.tmp") || strings.HasSuffix(e.Name(), ".new"):
			err = errors.Join(err, os.Remove(path))
		}
	}
	return files, err
}

// block is one file of a stream, with the key of its checksums.
type block struct {
	path string
	key  [sha256.Size]byte
}

// record is what tells a message from all others: its sequence, and its time in case
// a server ever gives a sequence twice. A note about it has the same.
type record struct{ seq, time uint64 }

// notes adds the messages that the file notes as deleted.
func (b block) notes(noted map[record]bool) error {
	return b.walk(func(_ int64, head []byte) {
		seq := binary.LittleEndian.Uint64(head[4:])
		if seq&noteMark != 0 && length(head) == leastLength && b.sound(head) {
			noted[record{seq &^ noteMark, binary.LittleEndian.Uint64(head[12:])}] = true
		}
	})
}

// overwrite replaces the file by one without the noted messages, if it has any.
func (b block) overwrite(noted map[record]bool) error {
	var places []int64
	err := b.walk(func(at int64, head []byte) { // a mark makes a sequence that no note tells
		if noted[record{binary.LittleEndian.Uint64(head[4:]), binary.LittleEndian.Uint64(head[12:])}] {
			places = append(places, at)
		}
	})
	if err != nil || len(places) == 0 {
		return err
	}
	data, err := os.ReadFile(b.path)
	if err != nil {
		return err
	}
	changed := false
	for _, at := range places {
		r := data[at : at+length(data[at:])]
		if b.sound(r) {
			b.erase(r)
			changed = true
		}
	}
	if !changed {
		return nil
	}
	err = os.Remove(filepath.Join(filepath.Dir(b.path), index))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return keep.Replace(b.path, data)
}

// walk gives the place and the first bytes of each record of the file.
func (b block) walk(each func(at int64, head []byte)) error {
	f, err := os.Open(b.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in := bufio.NewReader(f)
	head := make([]byte, leastLength)
	for at := int64(0); at+leastLength <= info.Size(); {
		_, err := io.ReadFull(in, head)
		if err != nil {
			return err
		}
		n := length(head)
		if n < leastLength || at+n > info.Size() {
			return nil // no record
		}
		each(at, head)
		at += n
		if rest := int(n) - leastLength; rest <= in.Buffered() {
			_, err = in.Discard(rest)
		} else {
			_, err = f.Seek(at, io.SeekStart)
			in.Reset(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func length(record []byte) int64 {
	return int64(binary.LittleEndian.Uint32(record) &^ headersMark)
}

// sound tells whether a record has the checksum that it should have.
func (b block) sound(r []byte) bool {
	subject, body := int(binary.LittleEndian.Uint16(r[20:])), r[headLength:len(r)-highwayhash.Size64]
	skip := 0
	if binary.LittleEndian.Uint32(r)&headersMark != 0 {
		skip = 4
	}
	if subject+skip > len(body) {
		return false
	}
	return bytes.Equal(b.sum(r[4:20], body[:subject], body[subject+skip:]), r[len(r)-highwayhash.Size64:])
}

// erase makes a record the one that the server writes in its place.
func (b block) erase(r []byte) {
	seq := binary.LittleEndian.Uint64(r[4:])
	binary.LittleEndian.PutUint32(r, uint32(len(r)))
	binary.LittleEndian.PutUint64(r[4:], seq|erasedMark)
	clear(r[12:headLength]) // no time, no subject
	body := r[headLength : len(r)-highwayhash.Size64]
	_, _ = rand.Read(body) // never fails
	copy(r[len(r)-highwayhash.Size64:], b.sum(r[4:20], body))
}

func (b block) sum(parts ...[]byte) []byte {
	h, err := highwayhash.New64(b.key[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	for _, p := range parts {
		_, _ = h.Write(p) // never fails
	}
	return h.Sum(nil)
}
