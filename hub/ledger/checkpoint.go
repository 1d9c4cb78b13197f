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
)

// Checkpoint is the state of a log: its size in entries and the root of its tree.
type Checkpoint struct {
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
}

// Origin names the log of a hub in its checkpoints.
func Origin(key ed25519.PublicKey) string {
	sum := hub.Sum(key)
	return "isac-ledger/" + hex.EncodeToString(sum[:8])
}

// text is the body of the note: origin, size and root, a line each, as the checkpoint of
// C2SP tlog-checkpoint. It begins as nothing else does that the key signs.
func (c Checkpoint) text(key ed25519.PublicKey) string {
	return Origin(key) + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

func (c Checkpoint) sign(key ed25519.PublicKey, sign func([]byte) ([]byte, error)) (string, error) {
	v, err := verifier(key)
	if err != nil {
		return "", err
	}
	data, err := note.Sign(&note.Note{Text: c.text(key)}, signer{v, sign})
	if err != nil {
		return "", fmt.Errorf("signing a checkpoint: %w", err)
	}
	return string(data), nil
}

// Open reads a checkpoint that the hub with this key signed. Other signatures beside
// its own, of witnesses, are left alone.
func Open(key ed25519.PublicKey, checkpoint string) (Checkpoint, error) {
	v, err := verifier(key)
	if err != nil {
		return Checkpoint{}, err
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, &hub.Error{Kind: hub.Invalid, Text: "ledger.no-checkpoint", Err: fmt.Errorf("opening a checkpoint: %w", err)}
	}
	lines := strings.Split(n.Text, "\n")
	var c Checkpoint
	if len(lines) == 4 && lines[0] == Origin(key) {
		c.Size, err = strconv.ParseInt(lines[1], 10, 64)
		if err == nil {
			c.Root, err = tlog.ParseHash(lines[2])
		}
	}
	if err != nil || c.text(key) != n.Text || c.Size < 0 {
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

func verifier(key ed25519.PublicKey) (note.Verifier, error) {
	text, err := Key(key)
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("reading the hub's key: %w", err)
	}
	return v, nil
}

// Key is the hub's key as the tools of signed notes want it, for witnesses.
func Key(key ed25519.PublicKey) (string, error) {
	if len(key) != ed25519.PublicKeySize {
		return "", hub.E(hub.Invalid, "deliver.no-key")
	}
	text, err := note.NewEd25519VerifierKey(Origin(key), key)
	if err != nil {
		return "", fmt.Errorf("reading the hub's key: %w", err)
	}
	return text, nil
}
