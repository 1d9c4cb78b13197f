package ledger

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"isac/hub"
	"isac/hub/succession"
)

// Checkpoint is the state of a log: its size in entries and the root of its tree.
type Checkpoint struct {
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
}

// Origin names the log of a hub in its checkpoints, by the hub's first key: the log stays
// the same whatever key signs it.
func Origin(line succession.Line) string {
	sum := hub.Sum(line.First())
	return "isac-ledger/" + hex.EncodeToString(sum[:8])
}

// text is the body of the note: origin, size and root, a line each, as the checkpoint of
// C2SP tlog-checkpoint. It begins as nothing else does that the key signs.
func (c Checkpoint) text(line succession.Line) string {
	return Origin(line) + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

func (c Checkpoint) sign(line succession.Line, sign func([]byte) ([]byte, error)) (string, error) {
	v, err := verifier(line, line.Newest())
	if err != nil {
		return "", err
	}
	data, err := note.Sign(&note.Note{Text: c.text(line)}, signer{v, sign})
	if err != nil {
		return "", fmt.Errorf("signing a checkpoint: %w", err)
	}
	return string(data), nil
}

// Open reads a checkpoint that the hub signed, at any time. Other signatures beside
// its own, of witnesses, are left alone.
func Open(line succession.Line, checkpoint string) (Checkpoint, error) {
	return open(line, line.Keys(), checkpoint)
}

// open is Open where only some keys of the line count.
func open(line succession.Line, keys []ed25519.PublicKey, checkpoint string) (Checkpoint, error) {
	var known []note.Verifier
	for _, key := range keys {
		v, err := verifier(line, key)
		if err != nil {
			return Checkpoint{}, err
		}
		known = append(known, v)
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(known...))
	if err != nil {
		return Checkpoint{}, &hub.Error{Kind: hub.Invalid, Text: "ledger.no-checkpoint", Err: fmt.Errorf("opening a checkpoint: %w", err)}
	}
	lines := strings.Split(n.Text, "\n")
	var c Checkpoint
	if len(lines) == 4 && lines[0] == Origin(line) {
		c.Size, err = strconv.ParseInt(lines[1], 10, 64)
		if err == nil {
			c.Root, err = tlog.ParseHash(lines[2])
		}
	}
	if err != nil || c.text(line) != n.Text || c.Size < 0 {
		return Checkpoint{}, hub.E(hub.Invalid, "ledger.no-checkpoint")
	}
	return c, nil
}

// signer signs notes with a key that lies elsewhere.
type signer struct {
	note.Verifier
	sign func([]byte) ([]byte, error)
}

// Sign implements note.Signer.
func (s signer) Sign(msg []byte) ([]byte, error) { return s.sign(msg) }

func verifier(line succession.Line, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := noteKey(line, key)
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("reading the hub's key: %w", err)
	}
	return v, nil
}

// Key is the hub's newest key as the tools of signed notes want it, for witnesses.
func Key(line succession.Line) (string, error) { return noteKey(line, line.Newest()) }

func noteKey(line succession.Line, key ed25519.PublicKey) (string, error) {
	if len(key) != ed25519.PublicKeySize {
		return "", hub.E(hub.Invalid, "deliver.no-key")
	}
	text, err := note.NewEd25519VerifierKey(Origin(line), key)
	if err != nil {
		return "", fmt.Errorf("reading the hub's key: %w", err)
	}
	return text, nil
}
