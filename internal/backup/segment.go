package backup

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/nats-io/nats.go"

	"isac/internal/natsbus"
)

// A segment is, sealed, a row of messages: the length of a head (4 bytes, big endian),
// the head as JSON, the length of the data (4), the data.
type head struct {
	Seq     uint64      `json:"seq"`
	Subject string      `json:"subject"`
	Header  nats.Header `json:"header,omitempty"`
}

// limits of what a segment may say of itself.
const (
	maxHead = 1 << 20
	maxData = 16 << 20
)

// errFull ends the reading of a range at the end of a segment.
var errFull = errors.New("segment full")

// writeSegment seals the messages from a sequence on, to the last or until it is full.
func (s *Store) writeSegment(ctx context.Context, log Source, stream string, from, last uint64) (Segment, error) {
	part := Segment{From: from, To: last}
	f, err := s.seal()
	if err != nil {
		return part, err
	}
	size := 0
	err = log.Range(ctx, stream, from, last, func(m natsbus.Message) error {
		if part.Messages >= s.messages || size >= segmentBytes {
			part.To, part.Full = m.Seq-1, true
			return errFull
		}
		part.Messages++
		size += len(m.Data)
		return writeMessage(f, m)
	})
	if err != nil && !errors.Is(err, errFull) {
		return part, errors.Join(err, f.abandon())
	}
	part.Sealed, err = f.done()
	return part, err
}

func writeMessage(w io.Writer, m natsbus.Message) error {
	h, err := json.Marshal(head{m.Seq, m.Subject, m.Header})
	if err != nil {
		return fmt.Errorf("writing message: %w", err)
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(h)))
	out = append(out, h...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(m.Data)))
	_, err = w.Write(append(out, m.Data...))
	if err != nil {
		return fmt.Errorf("writing message: %w", err)
	}
	return nil
}

// readMessages gives every message of an opened segment.
func readMessages(r io.Reader, each func(natsbus.Message) error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		_, err := in.Peek(1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		text, err := readPart(in, maxHead)
		if err != nil {
			return err
		}
		var h head
		err = json.Unmarshal(text, &h)
		if err != nil {
			return fmt.Errorf("reading message: %w", err)
		}
		data, err := readPart(in, maxData)
		if err != nil {
			return err
		}
		err = each(natsbus.Message{Subject: h.Subject, Seq: h.Seq, Header: h.Header, Data: data})
		if err != nil {
			return err
		}
	}
}

func readPart(in io.Reader, most uint32) ([]byte, error) {
	var length [4]byte
	_, err := io.ReadFull(in, length[:])
	n := binary.BigEndian.Uint32(length[:])
	if err == nil && n > most {
		err = errors.New("too long")
	}
	if err != nil {
		return nil, fmt.Errorf("reading message: %w", err)
	}
	data := make([]byte, n)
	_, err = io.ReadFull(in, data)
	if err != nil {
		return nil, fmt.Errorf("reading message: %w", err)
	}
	return data, nil
}

// sealer writes one sealed file under a name that says nothing.
type sealer struct {
	file *os.File
	name string
	sum  hash.Hash
	out  *bufio.Writer
	age  io.WriteCloser
	n    int64
}

// seal begins a sealed file. It gets its name when it is whole.
func (s *Store) seal() (*sealer, error) { return sealTo(s.dir, "", s.recipient) }

func sealTo(dir, name string, recipient age.Recipient) (*sealer, error) {
	if name == "" {
		var b [16]byte
		rand.Read(b[:])
		name = hex.EncodeToString(b[:]) + segmentEnd
	}
	file, err := os.OpenFile(filepath.Join(dir, name+".unfinished-"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("writing backup: %w", err)
	}
	w := &sealer{file: file, name: filepath.Join(dir, name), sum: sha256.New()}
	w.out = bufio.NewWriterSize(io.MultiWriter(file, w.sum, count{&w.n}), 1<<16)
	w.age, err = age.Encrypt(w.out, recipient)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("writing backup: %w", err), w.abandon())
	}
	return w, nil
}

// count adds up what is written.
type count struct{ n *int64 }

func (c count) Write(p []byte) (int, error) {
	*c.n += int64(len(p))
	return len(p), nil
}

// Write implements io.Writer.
func (w *sealer) Write(p []byte) (int, error) { return w.age.Write(p) }

// done makes the file last and gives it its name.
func (w *sealer) done() (Sealed, error) {
	err := w.age.Close()
	if err == nil {
		err = w.out.Flush()
	}
	if err == nil {
		err = w.file.Sync()
	}
	if err != nil {
		return Sealed{}, errors.Join(fmt.Errorf("writing backup: %w", err), w.abandon())
	}
	err = w.file.Close()
	if err == nil {
		err = os.Rename(w.file.Name(), w.name)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(w.name))
	}
	if err != nil {
		return Sealed{}, fmt.Errorf("writing backup: %w", err)
	}
	return Sealed{File: filepath.Base(w.name), Bytes: w.n, SHA256: hex.EncodeToString(w.sum.Sum(nil))}, nil
}

func (w *sealer) abandon() error { return errors.Join(w.file.Close(), os.Remove(w.file.Name())) }

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ErrDamaged says that a file of a backup isn't what the manifest says.
var ErrDamaged = errors.New("a file of the backup is missing or altered")

// check compares a sealed file with the manifest.
func (s *Store) check(f Sealed) error {
	if f.File != filepath.Base(f.File) {
		return ErrDamaged
	}
	file, err := os.Open(s.path(f.File))
	if errors.Is(err, os.ErrNotExist) {
		return ErrDamaged
	}
	if err != nil {
		return fmt.Errorf("reading backup: %w", err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	err = errors.Join(err, file.Close())
	if err != nil {
		return fmt.Errorf("reading backup: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return ErrDamaged
	}
	return nil
}

// unseal opens a sealed file and gives what is in it to use.
func (s *Store) unseal(f Sealed, id age.Identity, use func(io.Reader) error) error {
	err := s.check(f)
	if err != nil {
		return err
	}
	return unsealFile(s.path(f.File), id, use)
}

func unsealFile(path string, id age.Identity, use func(io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading backup: %w", err)
	}
	r, err := age.Decrypt(bufio.NewReaderSize(file, 1<<16), id)
	if err != nil {
		return errors.Join(fmt.Errorf("opening backup: %w", err), file.Close())
	}
	return errors.Join(use(r), file.Close())
}
