// Package ledger is the hub's promise that all members see the same alerts: a log that
// can only grow, with an entry for each time slot that says how far the chain of
// alerts had come, and signed checkpoints of the whole that anybody may compare.
//
// The chain of package deliver lets one member notice that its past was changed. It
// can't notice that another member is told a different past from the beginning. Two who
// compare checkpoints can: of one log the smaller is proven to be the beginning of the
// larger, and every entry is compared with the alerts that came.
//
// The log is a Merkle tree as in RFC 6962 (golang.org/x/mod/sumdb/tlog), its
// checkpoint a signed note. Checkpoints are public, so a leaf tells nothing: it is a
// slot and a salted commitment, and there is one for a slot whether or not anything was
// released in it, never one for a case. Members get what opens it. The package trusts
// the hub's public keys for who signed, and nothing for what.
//
//	log := &ledger.Log{}
//	err := log.Add(ledger.Entry{Slot: slot, Number: 12, Digest: digest, Salt: salt})
//	answer, err := log.Answer(line, sign, ledger.Request{Size: 0})
//	…
//	view := ledger.View{}                  // a member's
//	err = view.Take(line, answer)          // *ledger.Fork where two don't fit together
package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"isac/hub"
	"isac/hub/succession"
)

// Entry says how far the chain of alerts had come at a slot. Number and Digest are of
// the newest alert, both zero before the first.
type Entry struct {
	Slot   time.Time  `json:"slot"` // whole seconds
	Number uint64     `json:"number"`
	Digest hub.Digest `json:"digest"`
	Salt   []byte     `json:"salt"` // 32 random bytes
}

// saltBytes is the length of a salt: as hard to guess as the digest is to find again.
const saltBytes = 32

// leaf is what the tree holds of the entry: two lines of which the second can't be
// guessed without the salt.
func (e Entry) leaf() []byte {
	h := sha256.New()
	h.Write([]byte("isac ledger v1\x00"))
	h.Write(e.Salt)
	h.Write(binary.BigEndian.AppendUint64(nil, e.Number))
	h.Write(e.Digest[:])
	return []byte(e.Slot.UTC().Format(time.RFC3339) + "\n" + base64.StdEncoding.EncodeToString(h.Sum(nil)) + "\n")
}

// Log is the whole log, with what proofs are made of. The zero value is empty. It isn't
// safe for concurrent use, but a copy is: it stays as it was while the log grows.
type Log struct {
	entries []Entry
	hashes  []tlog.Hash // of the tree, in the order of tlog.StoredHashIndex
}

// Size is how many entries there are.
func (l *Log) Size() int64 { return int64(len(l.entries)) }

// Newest is the last entry; false for an empty log.
func (l *Log) Newest() (Entry, bool) {
	if len(l.entries) == 0 {
		return Entry{}, false
	}
	return l.entries[len(l.entries)-1], true
}

// Add puts an entry at the end: of a later slot than the one before, and no lower number.
func (l *Log) Add(e Entry) error {
	before, some := l.Newest()
	if len(e.Salt) != saltBytes || some && (!e.Slot.After(before.Slot) || e.Number < before.Number) {
		return hub.E(hub.Invalid, "ledger.no-entry")
	}
	hashes, err := tlog.StoredHashes(l.Size(), e.leaf(), l)
	if err != nil {
		return fmt.Errorf("adding to the ledger: %w", err)
	}
	l.hashes = append(l.hashes, hashes...)
	l.entries = append(l.entries, e)
	return nil
}

// ReadHashes implements tlog.HashReader.
func (l *Log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("reading the ledger: no hash %d", x)
		}
		out[i] = l.hashes[x]
	}
	return out, nil
}

// Checkpoint is the log's state as a signed note.
func (l *Log) Checkpoint(line succession.Line, sign func([]byte) ([]byte, error)) (string, error) {
	root, err := tlog.TreeHash(l.Size(), l)
	if err != nil {
		return "", fmt.Errorf("hashing the ledger: %w", err)
	}
	return Checkpoint{l.Size(), root}.sign(line, sign)
}

// Request asks for a checkpoint and what proves it to who holds one of Size entries and
// has looked at Checked of them.
type Request struct {
	Size    int64 `json:"size"`
	Checked int64 `json:"checked"`
}

// Answer is a checkpoint, a proof that it continues the one asked from, and the entries
// after those that were looked at, at most PageEntries: ask again while Checked lags.
type Answer struct {
	Checkpoint  string         `json:"checkpoint"`
	Consistency tlog.TreeProof `json:"consistency,omitempty"`
	Entries     []Proven       `json:"entries,omitempty"`
}

// Proven is an entry with the proof that it stands in the tree, at its place.
type Proven struct {
	Entry
	Proof tlog.RecordProof `json:"proof,omitempty"`
}

// PageEntries bounds the entries of one answer.
const PageEntries = 200

// Answer answers a request. Who holds more than there is gets the checkpoint alone: the
// log has lost its end, and they must see it.
func (l *Log) Answer(line succession.Line, sign func([]byte) ([]byte, error), q Request) (a Answer, err error) {
	if q.Size < 0 || q.Checked < 0 || q.Checked > q.Size {
		return a, hub.E(hub.Invalid, "http.bad-body")
	}
	a.Checkpoint, err = l.Checkpoint(line, sign)
	if err != nil || q.Size > l.Size() {
		return a, err
	}
	if q.Size > 0 {
		a.Consistency, err = tlog.ProveTree(l.Size(), q.Size, l)
		if err != nil {
			return a, fmt.Errorf("proving the ledger: %w", err)
		}
	}
	for i := q.Checked; i < min(l.Size(), q.Checked+PageEntries); i++ {
		proof, err := tlog.ProveRecord(l.Size(), i, l)
		if err != nil {
			return a, fmt.Errorf("proving the ledger: %w", err)
		}
		a.Entries = append(a.Entries, Proven{l.entries[i], proof})
	}
	return a, nil
}
