package keyring

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"isac/internal/keep"
)

// Secrets of a period, a week or a quarter, lie in a folder of their kind, one a file.
// Their periods sort as text.
const (
	epochs = "epochs" // age identities; the others are 32 random bytes
	links  = "links"
	votes  = "votes"
	calls  = "calls"
	drafts = "drafts"
)

var kinds = []string{epochs, links, votes, calls, drafts}

// CardLife is how long after its week a report may still come that was sealed to it.
const CardLife = 35 * 24 * time.Hour

// Agree makes one secret of those that several nodes of a hub would make for the same
// period: it is given a node's own, and gives the one that holds for all.
type Agree func(kind, period string, mine []byte) ([]byte, error)

// Share has every new secret agreed on before it is kept; ended is called after one was
// destroyed. Drafts of reports are each node's own. It is called before the ring is used.
func (r *Ring) Share(agree Agree, ended func(kind, period string, secret []byte)) {
	r.agree, r.ended = agree, ended
}

// Secret returns a secret as it is kept, if there is one.
func (r *Ring) Secret(kind, period string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	secret, ok := r.secrets[kind][period]
	return secret, ok
}

// Shared are the kinds of secrets that the nodes of a hub share.
func Shared() []string { return []string{epochs, links, votes, calls} }

// Current are the periods of now of a kind.
func Current(kind string, now time.Time) string {
	if kind == votes {
		return Season(now)
	}
	return Week(now)
}

// Keep keeps a secret that another node made.
func (r *Ring) Keep(kind, period string, secret []byte) error {
	r.making.Lock()
	defer r.making.Unlock()
	if _, ok := r.Secret(kind, period); ok {
		return nil
	}
	return r.keep(kind, period, secret)
}

// secret returns the secret of a period, making it if it is missing.
func (r *Ring) secret(kind, period string) ([]byte, error) {
	if s, ok := r.Secret(kind, period); ok {
		return s, nil
	}
	r.making.Lock()
	defer r.making.Unlock()
	if s, ok := r.Secret(kind, period); ok {
		return s, nil // somebody was faster
	}
	err := r.read(kind, period)
	if !errors.Is(err, os.ErrNotExist) {
		s, _ := r.Secret(kind, period)
		return s, err // another that has the folder open was faster
	}
	s, err := fresh(kind)
	if err == nil && r.agree != nil && kind != drafts {
		s, err = r.agree(kind, period, s)
	}
	if err != nil {
		return nil, fmt.Errorf("making a secret of %s: %w", kind, err)
	}
	return s, r.keep(kind, period, s)
}

func fresh(kind string) ([]byte, error) {
	if kind == epochs {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		return []byte(id.String()), nil
	}
	s := make([]byte, sha256.Size)
	rand.Read(s)
	return s, nil
}

// keep puts a secret on disk, then holds it.
func (r *Ring) keep(kind, period string, secret []byte) error {
	text := string(secret)
	if kind != epochs {
		text = hex.EncodeToString(secret)
	}
	err := keep.New(r.secretFile(kind, period), []byte(text+"\n"))
	if err != nil {
		return fmt.Errorf("keeping a secret of %s: %w", kind, err)
	}
	return r.hold(kind, period, secret)
}

// hold takes a secret into memory.
func (r *Ring) hold(kind, period string, secret []byte) error {
	var id *age.X25519Identity
	if kind == epochs {
		var err error
		id, err = age.ParseX25519Identity(string(secret))
		if err != nil {
			return fmt.Errorf("reading epoch key %s: damaged", period)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets[kind][period] = secret
	if id != nil {
		r.epochs[period] = id
	}
	return nil
}

// all are the secrets of a kind that are held.
func (r *Ring) all(kind string) [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.secrets[kind]))
}

func (r *Ring) secretFile(kind, period string) string {
	return filepath.Join(r.dir, kind, period+ending(kind))
}

func ending(kind string) string {
	if kind == epochs {
		return ".age"
	}
	return ".key"
}

// readSecrets reads all secrets of a kind that there are.
func (r *Ring) readSecrets(kind string) error {
	files, err := os.ReadDir(filepath.Join(r.dir, kind))
	if err != nil {
		return fmt.Errorf("reading secrets of %s: %w", kind, err)
	}
	for _, file := range files {
		period, ok := strings.CutSuffix(file.Name(), ending(kind))
		if !ok {
			continue
		}
		err = r.read(kind, period)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Ring) read(kind, period string) error {
	file := r.secretFile(kind, period)
	if kind != epochs {
		secret, err := readSecret(file)
		if err != nil {
			return err
		}
		return r.hold(kind, period, secret)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading epoch key: %w", err)
	}
	return r.hold(kind, period, bytes.TrimSpace(text))
}

// endSecrets destroys the secrets of a kind of all periods before one.
func (r *Ring) endSecrets(kind, before string) error {
	r.mu.Lock()
	periods := slices.Sorted(maps.Keys(r.secrets[kind]))
	r.mu.Unlock()
	for _, period := range periods {
		if period >= before {
			return nil
		}
		err := r.destroy(kind, period)
		if err != nil {
			return err
		}
	}
	return nil
}

// destroy overwrites and removes a secret, if it is held.
func (r *Ring) destroy(kind, period string) error {
	r.making.Lock()
	defer r.making.Unlock()
	secret, ok := r.Secret(kind, period)
	if !ok {
		return nil
	}
	err := keep.Destroy(r.secretFile(kind, period))
	if err != nil {
		return fmt.Errorf("destroying a secret of %s: %w", kind, err)
	}
	r.mu.Lock()
	delete(r.secrets[kind], period)
	if kind == epochs {
		delete(r.epochs, period)
	}
	r.mu.Unlock()
	if r.ended != nil && kind != drafts {
		r.ended(kind, period, secret)
	}
	return nil
}

// Held names the periods of which a kind of secret is still held, oldest first: "epochs",
// "links", "calls", "drafts" or "votes".
func (r *Ring) Held(kind string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.secrets[kind]))
}
