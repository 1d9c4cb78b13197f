package backup

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"isac/internal/natsbus"
)

// Verified says what a check of a backup read.
type Verified struct {
	Name     string `json:"name"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"`
	Messages int    `json:"messages"` // opened and read; 0 without the identity
}

// Verify checks every file of a backup against its manifest. With the key it checks who
// made it; with the identity it opens everything and counts.
func (s *Store) Verify(name string, key ed25519.PublicKey, id age.Identity) (Verified, error) {
	v := Verified{Name: name}
	m, err := s.manifest(name, key)
	if err != nil {
		return v, err
	}
	for _, f := range m.files() {
		err := s.check(f)
		if err != nil {
			return v, fmt.Errorf("checking backup %s: %w", name, err)
		}
		v.Files++
		v.Bytes += f.Bytes
	}
	if id == nil {
		return v, nil
	}
	for _, st := range m.Streams {
		n := 0
		err := s.each(st, id, 0, func(natsbus.Message) error {
			n++
			return nil
		})
		if err == nil && n != st.state().Live(1, st.Last) {
			err = ErrDamaged
		}
		if err != nil {
			return v, fmt.Errorf("checking stream %s of backup %s: %w", st.Name, name, err)
		}
		v.Messages += n
	}
	return v, s.unseal(m.Files, id, func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	})
}

// manifest reads one, and checks whose it is where the key is known.
func (s *Store) manifest(name string, key ed25519.PublicKey) (Manifest, error) {
	if key == nil {
		return s.read(name)
	}
	return s.signed(name, key)
}

// each gives to use the messages of a stream from a sequence on, and holds them to rise.
func (s *Store) each(st Stream, id age.Identity, from uint64, use func(natsbus.Message) error) error {
	last := st.First - 1
	for _, part := range st.Segments {
		if part.To < from {
			last = part.To
			continue
		}
		err := s.unseal(part.Sealed, id, func(r io.Reader) error {
			return readMessages(r, func(m natsbus.Message) error {
				if m.Seq <= last || m.Seq > part.To {
					return ErrDamaged
				}
				last = m.Seq
				return use(m)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Restored says what a restore or a move brought.
type Restored struct {
	Name     string `json:"name,omitempty"`
	Streams  int    `json:"streams"`
	Messages int    `json:"messages"`
}

// PutFiles writes the files of a backup into a data folder.
func (s *Store) PutFiles(name string, key ed25519.PublicKey, id age.Identity, data string) error {
	m, err := s.signed(name, key)
	if err != nil {
		return err
	}
	return s.unseal(m.Files, id, func(r io.Reader) error {
		return unpack(r, data, append(append([]string{}, description...), databases...))
	})
}

// Restore writes the streams of a backup into a log that has none, or goes on with a
// restore that was cut short, and compares in the end.
func (s *Store) Restore(ctx context.Context, name string, key ed25519.PublicKey, id age.Identity, bus *natsbus.Bus) (Restored, error) {
	out := Restored{Name: name}
	m, err := s.signed(name, key)
	if err != nil {
		return out, err
	}
	for _, st := range m.Streams {
		read := func(from uint64, each func(natsbus.Message) error) error { return s.each(st, id, from, each) }
		n, err := copyStream(ctx, bus, st.Name, st.state(), read)
		if err != nil {
			return out, fmt.Errorf("restoring stream %s: %w", st.Name, err)
		}
		out.Streams++
		out.Messages += n
	}
	return out, nil
}

// Move copies all streams of one log into another, or goes on with a copy that was cut
// short, and compares in the end. Nobody may write to either meanwhile.
func Move(ctx context.Context, from Source, to *natsbus.Bus) (Restored, error) {
	var out Restored
	for _, name := range order {
		state, err := from.State(ctx, name)
		if err != nil {
			return out, fmt.Errorf("copying stream %s: %w", name, err)
		}
		read := func(first uint64, each func(natsbus.Message) error) error {
			return from.Range(ctx, name, max(first, state.First), state.Last, each)
		}
		n, err := copyStream(ctx, to, name, state, read)
		if err != nil {
			return out, fmt.Errorf("copying stream %s: %w", name, err)
		}
		out.Streams++
		out.Messages += n
	}
	return out, nil
}

// ErrDiffers says that a copy isn't equal to what was copied.
var ErrDiffers = errors.New("the copied stream differs: it isn't empty, or another's")

// copyStream makes a stream equal to what read gives, and compares all of both.
func copyStream(ctx context.Context, bus *natsbus.Bus, name string, want natsbus.State, read func(from uint64, each func(natsbus.Message) error) error) (int, error) {
	c, err := bus.OpenCopy(ctx, name, want)
	if err != nil {
		return 0, err
	}
	err = read(c.Next(), func(m natsbus.Message) error { return c.Put(ctx, m) })
	if err == nil {
		err = c.Close(ctx, want)
	}
	if err != nil {
		return 0, err
	}
	n := 0
	wanted, err := digest(func(each func(natsbus.Message) error) error {
		return read(0, func(m natsbus.Message) error {
			n++
			return each(m)
		})
	})
	if err != nil {
		return n, err
	}
	got, err := Digest(ctx, bus, name)
	if err == nil && got != wanted {
		err = ErrDiffers
	}
	return n, err
}

// Digest is a SHA-256 over all messages of a stream: their sequences, subjects, headers
// and data.
func Digest(ctx context.Context, log Source, stream string) ([32]byte, error) {
	state, err := log.State(ctx, stream)
	if err != nil {
		return [32]byte{}, err
	}
	return digest(func(each func(natsbus.Message) error) error {
		return log.Range(ctx, stream, state.First, state.Last, each)
	})
}

func digest(read func(each func(natsbus.Message) error) error) (out [32]byte, err error) {
	h := sha256.New()
	err = read(func(m natsbus.Message) error { return writeMessage(h, m) })
	return [32]byte(h.Sum(nil)), err
}
