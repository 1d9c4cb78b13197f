package backup

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"isac/internal/keep"
	"isac/internal/natsbus"
)

// format is the version of manifests and segments that this program writes.
const format = 1

const (
	nameForm     = "20060102T150405.000Z"
	manifestEnd  = ".manifest.json"
	signatureEnd = ".manifest.sig"
	segmentEnd   = ".age"
	progressFile = "unfinished.json"
)

// Manifest is one backup: which ranges of which streams lie in which sealed files.
type Manifest struct {
	Format  int       `json:"format"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Streams []Stream  `json:"streams"`
	Files   Sealed    `json:"files"` // what of the data folder isn't in the log
}

// Stream is one stream at the instant of its cut.
type Stream struct {
	Name     string      `json:"name"`
	First    uint64      `json:"first"`
	Last     uint64      `json:"last"`
	Gone     [][2]uint64 `json:"gone,omitempty"` // sequences erased in between, from one to another
	Segments []Segment   `json:"segments"`
}

// Segment is a range of a stream's messages in a file.
type Segment struct {
	Sealed
	From     uint64 `json:"from"`
	To       uint64 `json:"to"`
	Messages int    `json:"messages"`
	Full     bool   `json:"full"` // nothing will be added to it
}

// Sealed is a sealed file.
type Sealed struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of the sealed bytes
}

// state is that of the stream in the log.
func (s Stream) state() natsbus.State {
	st := natsbus.State{First: s.First, Last: s.Last}
	for _, r := range s.Gone {
		for seq := r[0]; seq <= r[1]; seq++ {
			st.Gone = append(st.Gone, seq)
		}
	}
	return st
}

// complete tells whether the segments hold every message that there was.
func (s Stream) complete(was natsbus.State) bool {
	n := 0
	for _, part := range s.Segments {
		n += part.Messages
	}
	return n == was.Live(1, was.Last)
}

// files are all sealed files that a backup needs.
func (m Manifest) files() []Sealed {
	out := []Sealed{m.Files}
	for _, s := range m.Streams {
		for _, part := range s.Segments {
			out = append(out, part.Sealed)
		}
	}
	return out
}

// List names the backups that are whole, oldest first.
func (s *Store) List() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("listing backups: %w", err)
	}
	var out []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), manifestEnd)
		if ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (s *Store) read(name string) (Manifest, error) {
	var m Manifest
	data, err := os.ReadFile(s.path(name + manifestEnd))
	if errors.Is(err, os.ErrNotExist) {
		return m, ErrNoBackup
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err == nil && (m.Format != format || m.Name != name) {
		err = fmt.Errorf("format %d", m.Format)
	}
	if err != nil {
		return m, fmt.Errorf("reading backup %s: %w", name, err)
	}
	return m, nil
}

// ErrUnsigned says that a manifest isn't the hub's.
var ErrUnsigned = errors.New("the manifest isn't signed with the hub's key")

// signed reads a manifest and checks whose it is.
func (s *Store) signed(name string, key ed25519.PublicKey) (Manifest, error) {
	data, err := os.ReadFile(s.path(name + manifestEnd))
	if errors.Is(err, os.ErrNotExist) {
		return Manifest{}, ErrNoBackup
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("reading backup %s: %w", name, err)
	}
	sig, err := os.ReadFile(s.path(name + signatureEnd))
	if err != nil || !ed25519.Verify(key, signingBytes(data), sig) {
		return Manifest{}, ErrUnsigned
	}
	return s.read(name)
}

func signingBytes(manifest []byte) []byte { return append([]byte("isac backup v1\n"), manifest...) }

// putManifest writes the signature first: a backup is there when its manifest is.
func (s *Store) putManifest(m Manifest, signer ed25519.PrivateKey) error {
	data, err := json.MarshalIndent(m, "", " ")
	if err == nil {
		err = keep.Replace(s.path(m.Name+signatureEnd), ed25519.Sign(signer, signingBytes(data)))
	}
	if err == nil {
		err = keep.Replace(s.path(m.Name+manifestEnd), data)
	}
	if err != nil {
		return fmt.Errorf("writing manifest: %w", err)
	}
	return nil
}

// putProgress notes what was written for a backup that isn't whole yet.
func (s *Store) putProgress(streams []Stream) error {
	data, err := json.Marshal(Manifest{Format: format, Streams: streams})
	if err == nil {
		err = keep.Replace(s.path(progressFile), data)
	}
	if err != nil {
		return fmt.Errorf("noting progress: %w", err)
	}
	return nil
}

// segments are all that lie in the folder, whole, by stream: of the newest backup and
// of one that was cut short.
func (s *Store) segments() (map[string][]Segment, error) {
	all, err := s.List()
	if err != nil {
		return nil, err
	}
	var from []Manifest
	if n := len(all); n > 0 {
		m, err := s.read(all[n-1])
		if err != nil {
			return nil, err
		}
		from = append(from, m)
	}
	data, err := os.ReadFile(s.path(progressFile))
	var unfinished Manifest
	if err == nil && json.Unmarshal(data, &unfinished) == nil && unfinished.Format == format {
		from = append(from, unfinished)
	}
	out := map[string][]Segment{}
	for _, m := range from {
		for _, st := range m.Streams {
			for _, part := range st.Segments {
				info, err := os.Stat(s.path(part.File))
				if err == nil && info.Size() == part.Bytes {
					out[st.Name] = append(out[st.Name], part)
				}
			}
		}
	}
	return out, nil
}
