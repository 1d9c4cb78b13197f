package member

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"isac/hub"
)

const keyMark = "ISAC-PERSON-KEY-1 "

// NewPersonKey writes a new person's key to a file that must not exist yet, and
// returns the public half in base64 for the secretariat.
func NewPersonKey(file string) (string, error) {
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("making key: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", &hub.Error{Kind: hub.Invalid, Text: "member.key-exists", Err: fmt.Errorf("writing key: %w", err)}
	}
	_, err = fmt.Fprintln(f, keyMark+base64.StdEncoding.EncodeToString(priv.Seed()))
	err = errors.Join(err, f.Close())
	if err != nil {
		return "", fmt.Errorf("writing key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(pub), nil
}

// ReadPersonKey reads a person's key from its file.
func ReadPersonKey(file string) (ed25519.PrivateKey, error) {
	bad := func(err error) error {
		return &hub.Error{Kind: hub.Invalid, Text: "member.bad-key", Err: fmt.Errorf("reading key: %w", err)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, bad(err)
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(string(text)), keyMark)
	if !ok {
		return nil, bad(errors.New("not a person's key"))
	}
	seed, err := base64.StdEncoding.DecodeString(rest)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, bad(errors.New("damaged"))
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
