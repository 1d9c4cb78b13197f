// Package backup copies a hub's log out of its reach and brings it back: streams in
// sealed segments, the few files that aren't in the log, and, apart from both, keys.
//
// A backup folder holds one manifest for each backup and the segments that they name.
// A segment is a range of one stream's messages; it is written once, and the next
// backup names it again while every message in it is still in the log. As soon as one
// was erased, because its case was shredded or its alert recalled, the range is written
// anew without it, so no new backup holds what the hub has destroyed. Older ones
// do until they are pruned; without the keys that ended meanwhile their cases can't be
// opened.
//
// Streams are cut in an order in which nothing that is there lacks what it rests on:
// reports that wait first, then cases, then what cases rest on. So a backup is a state in
// which a hub could have died, and every step of the hub can be repeated.
//
// Everything is sealed to a recipient (filippo.io/age) whose private half the hub
// doesn't have, and manifests are signed with a key of the hub's: who can write into
// the folder can destroy a backup and can't alter it. What shows is when backups were
// made, how large the streams are, and how many messages were erased from each.
//
//	s, err := backup.Open(folder, recipient)
//	m, err := s.Take(ctx, bus, dataDir, signer, now)
package backup

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"isac/internal/keep"
	"isac/internal/natsbus"
)

// order is that in which streams are cut: what a message rests on lies in its own
// stream or in a later one. A report that no longer waits has its case by then, and an
// advisory that is out its entry.
var order = []string{
	natsbus.Intake, natsbus.Cases, natsbus.Advisories, natsbus.Ledger, natsbus.Alerts, natsbus.Told, natsbus.Votes, natsbus.Link,
	natsbus.Vault, natsbus.Keys, natsbus.Notices, natsbus.Help, natsbus.Register,
}

// How large a segment becomes: as many messages or as many bytes.
const (
	segmentMessages = 4096
	segmentBytes    = 32 << 20
)

// Source is a log to copy: *natsbus.Bus.
type Source interface {
	State(ctx context.Context, stream string) (natsbus.State, error)
	Range(ctx context.Context, stream string, from, to uint64, each func(natsbus.Message) error) error
}

// Store is a folder of backups.
type Store struct {
	dir       string
	recipient age.Recipient
	messages  int // the most in a segment
}

// Open makes or opens a folder of backups. The recipient is "age1…".
func Open(dir, recipient string) (*Store, error) {
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("reading the recipient of backups: %w", err)
	}
	err = keep.Folder(dir)
	if err != nil {
		return nil, fmt.Errorf("opening backup folder: %w", err)
	}
	return &Store{dir: dir, recipient: r, messages: segmentMessages}, nil
}

// OpenRead opens a folder of backups that is only read.
func OpenRead(dir string) (*Store, error) {
	_, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("opening backup folder: %w", errors.Join(ErrNoBackup, err))
	}
	return &Store{dir: dir}, nil
}

// Mark is the file of a data folder that names the newest backup of it.
const Mark = "backup.last"

// Last is when the newest backup of a data folder was made, zero where none was.
func Last(dir string) time.Time {
	name, err := os.ReadFile(filepath.Join(dir, Mark))
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(nameForm, strings.TrimSpace(string(name)))
	if err != nil {
		return time.Time{}
	}
	return at
}

// Taken says what a backup did.
type Taken struct {
	Name     string `json:"name"`
	Messages int    `json:"messages"` // in all
	Kept     int    `json:"kept"`     // segments that an earlier one had written
	Written  int    `json:"written"`  // segments written anew
	Bytes    int64  `json:"bytes"`    // of these
	Pruned   int    `json:"pruned"`   // older backups that were deleted
}

// Take makes a backup of a log and of the files in the data folder. One that was
// killed goes on with what it had written. Older backups than keepFor are deleted
// when it is done; 0 keeps all.
func (s *Store) Take(ctx context.Context, log Source, data string, signer ed25519.PrivateKey, now time.Time, keepFor time.Duration) (Taken, error) {
	have, err := s.segments()
	if err != nil {
		return Taken{}, err
	}
	m := Manifest{Format: format, Name: now.UTC().Format(nameForm), At: now.UTC()}
	t := Taken{Name: m.Name}
	for _, stream := range order {
		st, err := s.takeStream(ctx, log, stream, have[stream], func(part Stream) error {
			return s.putProgress(append(slices.Clone(m.Streams), part))
		}, &t)
		if err != nil {
			return Taken{}, fmt.Errorf("backing up stream %s: %w", stream, err)
		}
		m.Streams = append(m.Streams, st)
	}
	m.Files, err = s.takeFiles(ctx, data)
	if err != nil {
		return Taken{}, fmt.Errorf("backing up files: %w", err)
	}
	err = s.putManifest(m, signer)
	if err != nil {
		return Taken{}, err
	}
	t.Pruned, err = s.prune(now, keepFor)
	return t, err
}

// settling is how often a stream is looked at again that changes while it is read.
const settling = 50

// takeStream copies a stream as it was at one instant: when messages were erased while
// it was read, what replaced them may have come after what was read, so it is read
// further until nothing was.
func (s *Store) takeStream(ctx context.Context, log Source, name string, have []Segment, written func(Stream) error, t *Taken) (Stream, error) {
	for range settling {
		before, err := log.State(ctx, name)
		if err != nil {
			return Stream{}, err
		}
		out := Stream{Name: name, First: before.First, Last: before.Last, Gone: ranges(before)}
		kept := 0
		for from := before.First; from <= before.Last; {
			part, ok := reusable(have, before, from)
			if ok {
				kept++
			} else {
				part, err = s.writeSegment(ctx, log, name, from, before.Last)
				if err != nil {
					return Stream{}, err
				}
				have = append(have, part)
				t.Written++
				t.Bytes += part.Bytes
			}
			out.Segments = append(out.Segments, part)
			from = part.To + 1
			if !ok {
				err := written(out)
				if err != nil {
					return Stream{}, err
				}
			}
		}
		after, err := log.State(ctx, name)
		if err != nil {
			return Stream{}, err
		}
		if after.Live(1, before.Last) == before.Live(1, before.Last) && out.complete(before) {
			t.Kept += kept
			t.Messages += before.Live(1, before.Last)
			return out, nil
		}
	}
	return Stream{}, errors.New("it changes faster than it can be read")
}

// reusable finds the longest written segment that begins at a sequence and of which
// every message is still there. Messages only go, so their number tells. One that isn't
// full is written anew when there is more for it.
func reusable(have []Segment, now natsbus.State, from uint64) (best Segment, ok bool) {
	for _, part := range have {
		fits := part.From == from && part.To <= now.Last && now.Live(part.From, part.To) == part.Messages
		if fits && (part.Full || part.To == now.Last) && (!ok || part.To > best.To) {
			best, ok = part, true
		}
	}
	return best, ok
}

// ranges are the gaps of a state, as pairs of first and last.
func ranges(s natsbus.State) (out [][2]uint64) {
	for _, seq := range s.Gone {
		if n := len(out); n > 0 && out[n-1][1]+1 == seq {
			out[n-1][1] = seq
			continue
		}
		out = append(out, [2]uint64{seq, seq})
	}
	return out
}

// prune deletes backups older than keepFor, but never the newest, and the segments
// that none names any more.
func (s *Store) prune(now time.Time, keepFor time.Duration) (int, error) {
	all, err := s.List()
	if err != nil {
		return 0, err
	}
	pruned, needed := 0, map[string]bool{}
	for i, name := range all {
		m, err := s.read(name)
		if err != nil {
			return pruned, err
		}
		if keepFor > 0 && i < len(all)-1 && now.Sub(m.At) > keepFor {
			err := errors.Join(os.Remove(s.path(name+manifestEnd)), os.Remove(s.path(name+signatureEnd)))
			if err != nil {
				return pruned, fmt.Errorf("deleting backup %s: %w", name, err)
			}
			pruned++
			continue
		}
		for _, file := range m.files() {
			needed[file.File] = true
		}
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return pruned, fmt.Errorf("pruning backups: %w", err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != segmentEnd || needed[e.Name()] {
			continue
		}
		err := os.Remove(s.path(e.Name()))
		if err != nil {
			return pruned, fmt.Errorf("pruning backups: %w", err)
		}
	}
	err = os.Remove(s.path(progressFile))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return pruned, err
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// At chooses the backup to restore: "" is the newest, else the newest that isn't newer
// than the name or the instant (RFC 3339) given.
func (s *Store) At(when string) (string, error) {
	all, err := s.List()
	if err != nil {
		return "", err
	}
	t, err := time.Parse(time.RFC3339, when)
	if err == nil {
		when = t.UTC().Format(nameForm)
	}
	for _, name := range slices.Backward(all) {
		if when == "" || cmp.Compare(name, when) <= 0 {
			return name, nil
		}
	}
	return "", ErrNoBackup
}

// ErrNoBackup says that the folder has no such backup.
var ErrNoBackup = errors.New("no such backup")
