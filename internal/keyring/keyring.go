// Package keyring holds the hub's own keys, in one folder that nobody else may
// read: the alert key and the receipts key (Ed25519), the link key (HMAC), the
// weekly epoch keys (age X25519) that wrap the key of each case, the weekly
// secrets that seal links, calls for help and drafts of reports, and the quarterly ones that name and seal votes.
//
// Destroying a case's wrapped key makes everything sealed to it unreadable; when
// the last case of a week is shredded its epoch key goes too, and with it what old
// backups hold. Links outlive cases, so their secrets are others, which end with
// age. The package trusts the file system for secrecy; of a hub with a signer the alert
// key isn't here but with an agent at a socket, and the package trusts that for the key
// and checks each of its signatures.
//
//	ring, err := keyring.Open(dir)
//	sig, err := ring.SignAlert(bundle)
package keyring

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
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
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/age"

	"isac/hub"
	"isac/hub/succession"
	"isac/internal/keep"
	"isac/internal/sealing"
)

// Ring is the opened folder of keys. It is safe for concurrent use.
type Ring struct {
	dir      string
	alert    atomic.Pointer[alertKey] // nil beside a hub that hasn't run yet
	logged   atomic.Int64             // steps that the log has
	unsure   atomic.Bool              // whether it has one more
	receipt  ed25519.PrivateKey
	link     []byte
	searches []byte
	notices  []byte

	agree Agree // nil for a hub of one node
	ended func(kind, period string, secret []byte)

	making  sync.Mutex                     // one secret is made or destroyed at a time
	mu      sync.Mutex                     // of what follows
	line    succession.Line                // that ends with the alert key
	next    *Successor                     // that was prepared last
	secrets map[string]map[string][]byte   // by kind and period, an ISO week "2026w48" or a quarter "2026q4"
	epochs  map[string]*age.X25519Identity // those of the kind epochs, read
}

// alertKey is the key that signs alerts.
type alertKey struct {
	public ed25519.PublicKey
	own    ed25519.PrivateKey // nil where a signer holds it
	signer *signer            // nil where none is asked
}

func (k *alertKey) sign(data []byte) ([]byte, error) {
	if k.signer != nil {
		return k.signer.sign(data)
	}
	if k.own == nil {
		return nil, away(errors.New("it is asked by a running hub alone"))
	}
	return ed25519.Sign(k.own, data), nil
}

const receiptFile = "receipt.key"

// Open reads the keys in dir, making the missing ones. It refuses a folder whose alert key
// a signer holds, and one that has lost it.
func Open(dir string) (*Ring, error) {
	if has(dir, publicFile) {
		return nil, hub.E(hub.Invalid, "keyring.no-signer")
	}
	r, err := open(dir)
	if err != nil {
		return nil, err
	}
	alert, err := openSecret(filepath.Join(dir, alertFile))
	if err != nil {
		return nil, err
	}
	return r, r.setAlert(ownKey(alert))
}

// OpenAside is Open for a command of the operator's beside no running hub. A hub that
// hasn't run yet has no alert key then and gets none, since a signer may come to hold it;
// with one that a signer holds nothing is signed.
func OpenAside(dir string) (*Ring, error) {
	r, err := open(dir)
	if err != nil {
		return nil, err
	}
	switch {
	case has(dir, alertFile):
		alert, err := readSecret(filepath.Join(dir, alertFile))
		if err != nil {
			return nil, err
		}
		return r, r.setAlert(ownKey(alert))
	case has(dir, publicFile):
		key, err := readPublic(dir, publicFile)
		if err != nil {
			return nil, err
		}
		return r, r.setAlert(&alertKey{public: key})
	}
	return r, nil
}

func has(dir, file string) bool {
	_, err := os.Stat(filepath.Join(dir, file))
	return err == nil
}

func ownKey(seed []byte) *alertKey {
	own := ed25519.NewKeyFromSeed(seed)
	return &alertKey{public: own.Public().(ed25519.PublicKey), own: own}
}

// setAlert takes up the alert key, with those before it, and the receipts key.
func (r *Ring) setAlert(k *alertKey) error {
	steps, err := readLine(r.dir)
	if err != nil {
		return err
	}
	r.line, err = succession.Of(k.public).Follow(steps)
	if err != nil || len(steps) > 0 && !r.line.Newest().Equal(k.public) {
		return &hub.Error{Kind: hub.Conflict, Text: "keyring.replaced", Err: err}
	}
	r.alert.Store(k)
	return r.openReceipt()
}

// openReceipt reads the receipts key. It is made after the alert key, never before: where
// there is one the hub has run, and its alert key was.
func (r *Ring) openReceipt() error {
	seed, err := openSecret(filepath.Join(r.dir, receiptFile))
	if err != nil {
		return err
	}
	r.receipt = ed25519.NewKeyFromSeed(seed)
	return nil
}

// whole refuses a folder that has lost its alert key, or the public half of it: another in
// its place would make another hub of it.
func whole(dir string) error {
	if has(dir, receiptFile) && !has(dir, alertFile) && !has(dir, publicFile) {
		return hub.E(hub.Invalid, "keyring.no-alert-key")
	}
	return nil
}

// open reads all keys but those for alerts and receipts.
func open(dir string) (*Ring, error) {
	err := whole(dir)
	if err != nil {
		return nil, err
	}
	r := &Ring{dir: dir, secrets: map[string]map[string][]byte{}, epochs: map[string]*age.X25519Identity{}}
	err = keep.Folder(dir)
	for _, kind := range kinds {
		r.secrets[kind] = map[string][]byte{}
		err = errors.Join(err, keep.Folder(filepath.Join(dir, kind)))
	}
	if err != nil {
		return nil, fmt.Errorf("opening key folder: %w", err)
	}
	r.link, err = openSecret(filepath.Join(dir, "link.key"))
	if err != nil {
		return nil, err
	}
	r.searches, err = openSecret(filepath.Join(dir, "searches.key"))
	if err != nil {
		return nil, err
	}
	r.notices, err = openSecret(filepath.Join(dir, "notices.key"))
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		err = errors.Join(err, r.readSecrets(kind))
	}
	return r, err
}

// openSecret reads 32 random bytes kept as hex, making them if they are missing.
func openSecret(path string) ([]byte, error) {
	secret, err := readSecret(path)
	if !errors.Is(err, os.ErrNotExist) {
		return secret, err
	}
	secret = make([]byte, 32)
	rand.Read(secret)
	err = keep.New(path, []byte(hex.EncodeToString(secret)+"\n"))
	if err != nil {
		return nil, fmt.Errorf("keeping key: %w", err)
	}
	return secret, nil
}

func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != 32 {
		return nil, fmt.Errorf("reading key %s: want 64 hex digits", filepath.Base(path))
	}
	return secret, nil
}

// AlertKey verifies alerts. It is nil beside a hub that hasn't run yet, as ReceiptKey is.
func (r *Ring) AlertKey() ed25519.PublicKey {
	if k := r.alert.Load(); k != nil {
		return k.public
	}
	return nil
}

// ReceiptKey verifies receipts.
func (r *Ring) ReceiptKey() ed25519.PublicKey {
	if r.receipt == nil {
		return nil
	}
	return r.receipt.Public().(ed25519.PublicKey)
}

// SignAlert signs the exact bytes of a bundle or tombstone. It fails, with
// hub.Unavailable, only where a signer holds the key and is away, where another node has
// changed the key or it isn't known whether it was changed, and beside a running hub
// (OpenAside).
func (r *Ring) SignAlert(data []byte) ([]byte, error) {
	if r.Unsure() {
		return nil, hub.E(hub.Unavailable, "keyring.unsure")
	}
	if r.Replaced() {
		return nil, hub.E(hub.Unavailable, "keyring.replaced")
	}
	k := r.alert.Load()
	if k == nil {
		return nil, away(errors.New("there is no key yet"))
	}
	return k.sign(data)
}

// SignReceipt signs a receipt's SigningBytes, of a hub that runs.
func (r *Ring) SignReceipt(data []byte) []byte { return ed25519.Sign(r.receipt, data) }

// LinkName is a keyed name for what the parts say: 64 hex digits from which
// nothing can be learnt without the link key.
func (r *Ring) LinkName(parts ...string) string {
	h := hmac.New(sha256.New, r.link)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// maxOpened bounds what an epoch seal may hold: a report and its envelope.
const maxOpened = 8 << 20

// OpenReport opens bytes that were sealed to any epoch key still held.
func (r *Ring) OpenReport(sealed []byte) ([]byte, error) {
	r.mu.Lock()
	var ids []age.Identity
	for _, id := range r.epochs {
		ids = append(ids, id)
	}
	r.mu.Unlock()
	if len(ids) == 0 {
		return nil, errors.New("opening seal: no epoch key is held")
	}
	return sealing.Open(sealed, maxOpened, ids...)
}

// SealOwn closes bytes that the hub alone writes and reads to the epoch of now. They
// end with the epoch key as what others sealed to it does.
func (r *Ring) SealOwn(now time.Time, data []byte) ([]byte, error) {
	name, _, err := r.Epoch(now)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	id, ok := r.epochs[name]
	r.mu.Unlock()
	if !ok {
		return nil, errors.New("sealing: no epoch key is held")
	}
	secret, err := ownSecret(id)
	if err != nil {
		return nil, err
	}
	return sealing.SealWith(secret, data)
}

// OpenOwn opens what SealOwn closed to any epoch still held.
func (r *Ring) OpenOwn(sealed []byte) ([]byte, error) {
	r.mu.Lock()
	ids := slices.Collect(maps.Values(r.epochs))
	r.mu.Unlock()
	for _, id := range ids {
		secret, err := ownSecret(id)
		if err != nil {
			return nil, err
		}
		data, err := sealing.OpenWith(secret, sealed, maxOpened)
		if err == nil {
			return data, nil
		}
	}
	return nil, errors.New("opening seal: no epoch key fits")
}

// ownSecret derives the secret for the hub's own bytes from an epoch's private half.
func ownSecret(id *age.X25519Identity) ([]byte, error) {
	secret, err := hkdf.Key(sha256.New, []byte(id.String()), nil, "isac epoch, the hub's own v1", 32)
	if err != nil {
		return nil, fmt.Errorf("deriving epoch secret: %w", err)
	}
	return secret, nil
}

// Epoch returns the name and recipient of the epoch key of now's ISO week, making
// it if it is missing.
func (r *Ring) Epoch(now time.Time) (name, recipient string, err error) {
	name = Week(now)
	_, err = r.secret(epochs, name)
	if err != nil {
		return "", "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.epochs[name]
	if !ok {
		return "", "", errors.New("making epoch key: destroyed meanwhile")
	}
	return name, id.Recipient().String(), nil
}

// Week names the ISO week of an instant, "2026w48". Names are in the order of time.
func Week(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%04dw%02d", year, week)
}

// Epochs names the epoch keys still held.
func (r *Ring) Epochs() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for name := range r.epochs {
		out = append(out, name)
	}
	return out
}

// DestroyEpoch overwrites and removes the private half of an epoch key: what was
// wrapped with it can't be opened again, from any backup that lacks the key.
func (r *Ring) DestroyEpoch(name string) error { return r.destroy(epochs, name) }
