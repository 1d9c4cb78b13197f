package keyring_test

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/keyring"
)

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignerHoldsTheAlertKey(t *testing.T) {
	at := now
	clock := func() time.Time { return at }
	dir, socket := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "s")
	if _, err := keyring.OpenSigned(dir, socket, clock); hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("first start without the signer: %v", err)
	}
	key := newKey(t)
	stop := hubtest.ServeAgent(t, socket, hubtest.Agent(t, key))
	r, err := keyring.OpenSigned(dir, socket, clock)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := r.SignAlert([]byte("bundle"))
	if err != nil || !ed25519.Verify(r.AlertKey(), []byte("bundle"), sig) || !r.AlertKey().Equal(key.Public()) {
		t.Fatalf("signature %x, %v", sig, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "alert.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an alert key lies in the folder: %v", err)
	}
	if _, err := keyring.Open(dir); hub.KindOf(err) != hub.Invalid {
		t.Errorf("opened without its signer: %v", err)
	}
	stop()
	r, err = keyring.OpenSigned(dir, socket, clock) // a restart while it is away
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignAlert([]byte("bundle")); hub.KindOf(err) != hub.Unavailable || hub.KindOf(r.SignerReady()) != hub.Unavailable {
		t.Errorf("signed without the signer: %v", err)
	}
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, newKey(t))) // another key in its place
	at = at.Add(time.Minute)
	if _, err := r.SignAlert([]byte("bundle")); hub.KindOf(err) != hub.Unavailable || r.SignerReady() == nil {
		t.Errorf("signed with another key: %v", err)
	}
	stop()
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, key))
	if _, err := r.SignAlert([]byte("another")); hub.KindOf(err) != hub.Unavailable || r.SignerReady() == nil {
		t.Errorf("asked again at once after a failure: %v", err)
	}
	at = at.Add(time.Minute)
	if err := r.SignerReady(); err != nil {
		t.Errorf("the signer is back, and nothing waits for it: %v", err)
	}
	if _, err := r.SignAlert([]byte("bundle")); err != nil || r.SignerReady() != nil {
		t.Errorf("the signer is back: %v", err)
	}
	stop()
	if _, err := r.SignAlert([]byte("bundle")); err != nil { // the same bytes
		t.Errorf("a signature wasn't kept: %v", err)
	}
}

// forger gives signatures that aren't the key's.
type forger struct{ agent.Agent }

func (forger) Sign(ssh.PublicKey, []byte) (*ssh.Signature, error) {
	return &ssh.Signature{Format: ssh.KeyAlgoED25519, Blob: make([]byte, ed25519.SignatureSize)}, nil
}

func TestSignerIsChecked(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	hubtest.ServeAgent(t, socket, forger{hubtest.Agent(t, newKey(t))})
	r, err := keyring.OpenSigned(t.TempDir(), socket, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignAlert([]byte("bundle")); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("a signature that doesn't verify was taken: %v", err)
	}
}

func TestSignerNeedsOneKeyAndAFolderWithoutOne(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	hubtest.ServeAgent(t, socket, hubtest.Agent(t, newKey(t), newKey(t)))
	if _, err := keyring.OpenSigned(t.TempDir(), socket, time.Now); hub.KindOf(err) != hub.Invalid {
		t.Errorf("took one of two keys: %v", err)
	}
	dir := t.TempDir()
	open(t, dir)
	if _, err := keyring.OpenSigned(dir, socket, time.Now); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a hub that has a key took another: %v", err)
	}
}

// TestOpenSSHAgentSigns asks the agent that operators have.
func TestOpenSSHAgentSigns(t *testing.T) {
	program, err := exec.LookPath("ssh-agent")
	if err != nil {
		t.Skip("ssh-agent isn't installed here; where openssh-client is, this runs")
	}
	socket := filepath.Join(t.TempDir(), "s")
	cmd := exec.Command(program, "-D", "-a", socket)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("ssh-agent doesn't listen")
		}
	}
	key := newKey(t)
	block, err := ssh.MarshalPrivateKey(key, "isac")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	add := exec.Command("ssh-add", "-q", file)
	add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("ssh-add: %v: %s", err, out)
	}
	at := now
	r, err := keyring.OpenSigned(t.TempDir(), socket, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{6, 256<<10 - 64} {
		data := make([]byte, size)
		sig, err := r.SignAlert(data)
		if err != nil || !ed25519.Verify(key.Public().(ed25519.PublicKey), data, sig) {
			t.Errorf("%d bytes: signature %x, %v", size, sig, err)
		}
	}
	for _, size := range []int{256<<10 - 63, 300 << 10} {
		if _, err := r.SignAlert(make([]byte, size)); !errors.Is(err, keyring.ErrTooLong) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := r.SignAlert([]byte("bundle")); err != nil { // others go on
		t.Error(err)
	}
	if err := r.SignerReady(); !errors.Is(err, keyring.ErrTooLong) {
		t.Errorf("nobody is told of what is too long: %v", err)
	}
	at = at.Add(10 * time.Minute)
	if err := r.SignerReady(); err != nil {
		t.Errorf("nothing too long waits any more: %v", err)
	}
}

// A signer that lists its key may yet fail to sign: then it is tried, until it does.
func TestAFailureToSignIsToldUntilOneSucceeds(t *testing.T) {
	at, socket := now, filepath.Join(t.TempDir(), "s")
	holder := &locked{Agent: hubtest.Agent(t, newKey(t))}
	hubtest.ServeAgent(t, socket, holder)
	r, err := keyring.OpenSigned(t.TempDir(), socket, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	holder.refuse.Store(true)
	if err := r.SignerReady(); err != nil {
		t.Errorf("before anything failed: %v", err)
	}
	if _, err := r.SignAlert(make([]byte, 300<<10)); !errors.Is(err, keyring.ErrTooLong) {
		t.Errorf("a long text: %v", err)
	}
	if _, err := r.SignAlert([]byte("bundle")); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("signed: %v", err)
	}
	for range 3 {
		at = at.Add(time.Minute)
		if err := r.SignerReady(); hub.KindOf(err) != hub.Unavailable {
			t.Errorf("it lists its key, but doesn't sign: %v", err)
		}
	}
	holder.refuse.Store(false)
	at = at.Add(time.Minute)
	if err := r.SignerReady(); err != nil {
		t.Errorf("it signs again: %v", err)
	}
	if _, err := r.SignAlert(make([]byte, 300<<10)); err != nil { // this one can
		t.Error(err)
	}
}

// locked is an agent that lists its key and may not sign.
type locked struct {
	agent.Agent
	refuse atomic.Bool
}

func (l *locked) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	if l.refuse.Load() {
		return nil, errors.New("locked")
	}
	return l.Agent.Sign(key, data)
}

// Beside a hub that hasn't run no key is made that its signer couldn't replace.
func TestBesideAHubNoAlertKeyIsMade(t *testing.T) {
	aside := func(dir string) *keyring.Ring {
		t.Helper()
		r, err := keyring.OpenAside(dir)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	dir, socket := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "s")
	for range 2 {
		if r := aside(dir); r.AlertKey() != nil || r.ReceiptKey() != nil {
			t.Fatal("a new hub has keys before its first start")
		}
	}
	key := newKey(t)
	stop := hubtest.ServeAgent(t, socket, hubtest.Agent(t, key))
	begun, err := keyring.OpenSigned(dir, socket, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r := aside(dir)
	if _, err := r.SignAlert([]byte("bundle")); hub.KindOf(err) != hub.Unavailable || !r.AlertKey().Equal(key.Public()) || !r.ReceiptKey().Equal(begun.ReceiptKey()) {
		t.Errorf("beside a hub with a signer: %v", err)
	}
	stop()
	own := t.TempDir()
	r = open(t, own)
	if again := aside(own); !again.AlertKey().Equal(r.AlertKey()) || !again.ReceiptKey().Equal(r.ReceiptKey()) {
		t.Error("beside a hub with a key of its own others are read")
	}
}

// A hub that has lost its alert key takes no other, neither from a signer nor anew.
func TestALostAlertKeyIsntReplaced(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	hubtest.ServeAgent(t, socket, hubtest.Agent(t, newKey(t)))
	for _, lost := range []string{"alert.key", "alert.pub"} {
		dir := t.TempDir()
		if lost == "alert.key" {
			open(t, dir)
		} else if _, err := keyring.OpenSigned(dir, socket, time.Now); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, lost)); err != nil {
			t.Fatal(err)
		}
		_, plain := keyring.Open(dir)
		_, signed := keyring.OpenSigned(dir, socket, time.Now)
		_, aside := keyring.OpenAside(dir)
		for _, err := range []error{plain, signed, aside} {
			if r := hub.RefusalOf(err); r == nil || r.Text != "keyring.no-alert-key" {
				t.Errorf("without %s: %v", lost, err)
			}
		}
	}
}
