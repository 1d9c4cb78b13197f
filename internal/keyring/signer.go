package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"isac/hub"
	"isac/internal/keep"
)

// The alert key may lie with a program or device of its own, which speaks the protocol of
// the SSH agent at a Unix socket. Then alert.pub in the folder of keys is its public half,
// and there is no alert.key.
const (
	alertFile  = "alert.key"
	publicFile = "alert.pub"
)

const (
	signerTimeout = 5 * time.Second  // of one request
	signerPause   = 10 * time.Second // after a failure, in which nobody waits for it
	signerKept    = 64               // signatures
)

// agentMost is the longest text that OpenSSH's agent signs: it drops requests above 256
// KiB, with the key's name in them. Others may sign more, so they are asked all the same.
const agentMost = 256<<10 - 64

// largeFor is how long the refusal of a long text is told. What waits for it is tried again
// each half minute, and what else is signed meanwhile doesn't make it better.
const largeFor = 2 * time.Minute

// ErrTooLong says that the signer signs, but not what is as long as this.
var ErrTooLong error = hub.E(hub.Unavailable, "keyring.too-long", fmt.Sprint(agentMost>>10))

// signer asks an agent for signatures. What the agent gives is checked: nothing goes out
// that the hub's public key doesn't verify.
type signer struct {
	socket string
	key    ed25519.PublicKey
	now    func() time.Time

	asking sync.Mutex // one request at a time: a device does no more

	mu      sync.Mutex // of what follows, and never held while the agent is asked
	kept    map[[sha256.Size]byte][]byte
	failed  error     // of the last request
	at      time.Time // of that
	tooLong time.Time // when a text was last too long for it
}

// OpenSigned is Open for a hub whose alert key an agent at a Unix socket holds. The first
// time the agent must be there, with one Ed25519 key; that key is the hub's from then on.
func OpenSigned(dir, socket string, now func() time.Time) (*Ring, error) {
	key, err := signerKey(dir, socket)
	if err != nil {
		return nil, err
	}
	r, err := open(dir)
	if err != nil {
		return nil, err
	}
	return r, r.setAlert(signedBy(socket, key, now))
}

func signedBy(socket string, key ed25519.PublicKey, now func() time.Time) *alertKey {
	return &alertKey{public: key, signer: &signer{socket: socket, key: key, now: now, kept: map[[sha256.Size]byte][]byte{}}}
}

// signerKey reads the public half of the alert key, or learns it from the agent.
func signerKey(dir, socket string) (ed25519.PublicKey, error) {
	if has(dir, alertFile) {
		return nil, hub.E(hub.Invalid, "keyring.two-keys")
	}
	err := whole(dir)
	if err != nil {
		return nil, err
	}
	err = keep.Folder(dir)
	if err != nil {
		return nil, fmt.Errorf("opening key folder: %w", err)
	}
	key, err := readPublic(dir, publicFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	err = ask(socket, func(a agent.Agent) (err error) {
		key, err = onlyKey(a, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = keep.New(filepath.Join(dir, publicFile), []byte(hex.EncodeToString(key)+"\n"))
	if err != nil {
		return nil, fmt.Errorf("keeping key: %w", err)
	}
	return key, nil
}

func readPublic(dir, file string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("reading key %s: want 64 hex digits", file)
	}
	return key, nil
}

// onlyKey is the one Ed25519 key of an agent, besides those that are known.
func onlyKey(a agent.Agent, known []ed25519.PublicKey) (ed25519.PublicKey, error) {
	held, err := a.List()
	if err != nil {
		return nil, away(err)
	}
	var found []ed25519.PublicKey
	for _, k := range held {
		key, ok := plainKey(k)
		if ok && !slices.ContainsFunc(known, func(one ed25519.PublicKey) bool { return one.Equal(key) }) {
			found = append(found, key)
		}
	}
	if len(found) != 1 {
		return nil, hub.E(hub.Invalid, "keyring.not-one-key", fmt.Sprint(len(found)))
	}
	return found[0], nil
}

func plainKey(k *agent.Key) (ed25519.PublicKey, bool) {
	public, err := ssh.ParsePublicKey(k.Marshal())
	if err != nil || public.Type() != ssh.KeyAlgoED25519 { // that of a FIDO key signs more than the data
		return nil, false
	}
	with, ok := public.(ssh.CryptoPublicKey)
	if !ok {
		return nil, false
	}
	key, ok := with.CryptoPublicKey().(ed25519.PublicKey)
	return key, ok
}

// ask speaks to the agent once. A connection isn't kept: the agent may come and go.
func ask(socket string, do func(agent.Agent) error) error {
	c, err := net.DialTimeout("unix", socket, signerTimeout)
	if err != nil {
		return away(err)
	}
	defer c.Close() // of a question that was answered or wasn't
	err = c.SetDeadline(time.Now().Add(signerTimeout))
	if err != nil {
		return away(err)
	}
	return do(agent.NewClient(c))
}

func away(err error) error {
	return &hub.Error{Kind: hub.Unavailable, Text: "keyring.signer-away", Err: fmt.Errorf("asking the signer: %w", err)}
}

// sign signs data, which the agent does as it is, without a hash of its own. The same
// bytes have one signature, so the last ones are kept: members ask for the same
// checkpoint and card by the thousand. After a failure one caller at most waits for the
// agent, and none for a while.
func (s *signer) sign(data []byte) ([]byte, error) {
	of := sha256.Sum256(data)
	sig, failed := s.known(of)
	if sig != nil {
		return sig, nil
	}
	if failed == nil {
		s.asking.Lock()
	} else if !s.asking.TryLock() {
		return nil, failed
	}
	defer s.asking.Unlock()
	sig, _ = s.known(of) // by who was before
	if sig != nil {
		return sig, nil
	}
	sig, err := s.try(data)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= signerKept {
		clear(s.kept)
	}
	s.kept[of] = bytes.Clone(sig)
	return sig, nil
}

// known gives the signature that is kept, and how the last request failed, if it did.
func (s *signer) known(of [sha256.Size]byte) (sig []byte, failed error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.kept[of]), s.failed
}

// try asks for a signature, unless it failed a moment ago, and notes how it went. Asking
// must be held.
func (s *signer) try(data []byte) ([]byte, error) {
	s.mu.Lock()
	failed, since := s.failed, s.now().Sub(s.at)
	s.mu.Unlock()
	if failed != nil && since < signerPause {
		return nil, failed
	}
	sig, err := s.request(data)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case errors.Is(err, ErrTooLong):
		s.failed, s.tooLong = nil, s.now()
	case err == nil && len(data) > agentMost:
		s.failed, s.tooLong = nil, time.Time{}
	default:
		s.failed, s.at = err, s.now()
	}
	return sig, err
}

// request asks the agent for a signature and checks it.
func (s *signer) request(data []byte) ([]byte, error) {
	public, err := ssh.NewPublicKey(s.key)
	if err != nil {
		return nil, fmt.Errorf("asking the signer: %w", err)
	}
	var sig *ssh.Signature
	err = ask(s.socket, func(a agent.Agent) (err error) {
		sig, err = a.Sign(public, data)
		if err != nil {
			return away(err)
		}
		return nil
	})
	if err != nil && len(data) > agentMost && s.present() == nil {
		return nil, ErrTooLong
	}
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(s.key, data, sig.Blob) {
		return nil, away(errors.New("it signed with another key"))
	}
	return sig.Blob, nil
}

// present refuses while the agent doesn't hold the key.
func (s *signer) present() error {
	return ask(s.socket, func(a agent.Agent) error {
		held, err := a.List()
		if err != nil {
			return away(err)
		}
		for _, k := range held {
			if key, ok := plainKey(k); ok && key.Equal(s.key) {
				return nil
			}
		}
		return away(errors.New("it doesn't hold the hub's key"))
	})
}

// trial is signed to see whether the signer does so again. It is nothing that anybody
// takes for the hub's word.
const trial = "isac: does the signer sign again?\n"

// ready tells how the signer is: what failed last, until something is signed again.
func (s *signer) ready() error {
	s.mu.Lock()
	failed, tooLong := s.failed, !s.tooLong.IsZero() && s.now().Sub(s.tooLong) < largeFor
	s.mu.Unlock()
	if failed == nil && tooLong {
		return ErrTooLong
	}
	if failed == nil {
		return s.present()
	}
	if !s.asking.TryLock() {
		return failed
	}
	defer s.asking.Unlock()
	_, err := s.try([]byte(trial))
	return err
}

// SignerReady refuses while the signer, where there is one, doesn't hold the alert key, has
// failed to sign, or has lately refused a text as too long (ErrTooLong).
func (r *Ring) SignerReady() error {
	k := r.alert.Load()
	if k == nil || k.signer == nil {
		return nil
	}
	return k.signer.ready()
}
