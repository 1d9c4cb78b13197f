package keyring

import (
	"cmp"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/crypto/ssh/agent"

	"isac/hub"
	"isac/hub/succession"
	"isac/internal/keep"
)

// A new alert key lies beside the old one until the step to it is in the log; from then on
// it is the hub's, and the old one is destroyed. Settle does what a crash left undone.
const (
	nextFile   = "alert.next.key"
	nextPublic = "alert.next.pub" // of a key that a signer holds
	lineFile   = "alert.line"     // the steps, as JSON: nothing secret
)

// Settle makes the folder of keys agree with the steps that the log has, before it is
// opened, and returns all steps: the folder may know of some that a restored log lacks.
func Settle(dir string, logged []succession.Step) ([]succession.Step, error) {
	steps, err := readLine(dir)
	if err != nil {
		return nil, err
	}
	if len(logged) > len(steps) {
		steps, logged = logged, steps
	}
	if len(steps) == 0 {
		return nil, nil
	}
	newest := steps[len(steps)-1].To
	_, err = succession.Line{Pinned: newest, Steps: logged}.Follow(steps)
	if err != nil {
		return nil, hub.E(hub.Conflict, "keyring.other-line")
	}
	err = holds(dir, newest)
	if err == nil {
		err = takeUp(dir, steps)
	}
	if err != nil {
		return nil, err
	}
	return steps, nil
}

// takeUp keeps the steps and then makes the newest key the folder's: a copy of it that is
// taken meanwhile has no key without the steps to it.
func takeUp(dir string, steps []succession.Step) error {
	err := writeLine(dir, steps)
	if err != nil {
		return err
	}
	return install(dir, steps[len(steps)-1].To)
}

// holds refuses a folder that has neither a key nor its public half.
func holds(dir string, key ed25519.PublicKey) error {
	for _, file := range []string{alertFile, nextFile} {
		seed, err := secretOf(dir, file, key)
		if err != nil || seed != nil {
			return err
		}
	}
	for _, file := range []string{publicFile, nextPublic} {
		has, err := publicOf(dir, file, key)
		if err != nil || has {
			return err
		}
	}
	return hub.E(hub.Conflict, "keyring.replaced")
}

func readLine(dir string) (steps []succession.Step, err error) {
	data, err := os.ReadFile(filepath.Join(dir, lineFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &steps)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the line of keys: %w", err)
	}
	return steps, nil
}

func writeLine(dir string, steps []succession.Step) error {
	data, err := json.Marshal(steps)
	if err == nil {
		err = keep.Replace(filepath.Join(dir, lineFile), append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping the line of keys: %w", err)
	}
	return nil
}

// install makes a key that lies in the folder, or whose public half does, its alert key. It
// can be done again after a crash at any moment.
func install(dir string, newest ed25519.PublicKey) error {
	seed, err := secretOf(dir, nextFile, newest)
	if err != nil {
		return err
	}
	have, err := secretOf(dir, alertFile, newest)
	if err != nil {
		return err
	}
	if seed == nil && have == nil {
		return installPublic(dir, newest)
	}
	if have == nil {
		err = destroy(dir, alertFile)
		if err == nil {
			err = keep.New(filepath.Join(dir, alertFile), []byte(hex.EncodeToString(seed)+"\n"))
		}
		if err != nil {
			return fmt.Errorf("taking up the next key: %w", err)
		}
	}
	return errors.Join(destroy(dir, publicFile), destroy(dir, nextFile), destroy(dir, nextPublic))
}

// installPublic is install for a key that a signer holds.
func installPublic(dir string, newest ed25519.PublicKey) error {
	have, err := publicOf(dir, publicFile, newest)
	if err != nil {
		return err
	}
	next, err := publicOf(dir, nextPublic, newest)
	if err != nil {
		return err
	}
	switch {
	case !have && !next:
		return hub.E(hub.Conflict, "keyring.replaced")
	case !have:
		err = keep.Replace(filepath.Join(dir, publicFile), []byte(hex.EncodeToString(newest)+"\n"))
		if err != nil {
			return fmt.Errorf("taking up the next key: %w", err)
		}
	}
	return errors.Join(destroy(dir, alertFile), destroy(dir, nextFile), destroy(dir, nextPublic))
}

// secretOf is the seed in a file if it is that of a key.
func secretOf(dir, file string, of ed25519.PublicKey) ([]byte, error) {
	seed, err := readSecret(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || !ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey).Equal(of) {
		return nil, err
	}
	return seed, nil
}

func publicOf(dir, file string, of ed25519.PublicKey) (bool, error) {
	key, err := readPublic(dir, file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return key.Equal(of), err
}

func destroy(dir, file string) error {
	err := keep.Destroy(filepath.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Line are the hub's keys of alerts, from the first to the one in use.
func (r *Ring) Line() succession.Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.line
}

// Logged tells how many steps the log has. Where another node made one, this one signs
// nothing more: members have moved on.
func (r *Ring) Logged(steps int) { r.logged.Store(int64(steps)) }

// Replaced reports whether another node changed the key.
func (r *Ring) Replaced() bool { return int(r.logged.Load()) > len(r.Line().Steps) }

// Doubt says whether it is unknown if the log has a step more, which the key in use signed:
// then it signs nothing, since members may have moved on.
func (r *Ring) Doubt(unsure bool) { r.unsure.Store(unsure) }

// Unsure reports what Doubt said.
func (r *Ring) Unsure() bool { return r.unsure.Load() }

// Folder is where a key lies that no signer holds, in the words of Prepare.
const Folder = "folder"

// Place is where the key in use is: Folder, or the socket of the agent that holds it.
func (r *Ring) Place() string {
	if in := r.alert.Load(); in != nil && in.signer != nil {
		return in.signer.socket
	}
	return Folder
}

// Successor is a key that may come to follow the one in use.
type Successor struct{ alert *alertKey }

// Public is its public half.
func (s *Successor) Public() ed25519.PublicKey { return s.alert.public }

// Prepare makes the key that is to follow in the folder of keys, or finds it with the agent
// at a socket: the one Ed25519 key there that isn't in use; "" is where the one in use is.
// One that was prepared before and never used is taken again. Nothing is destroyed: what was
// prepared elsewhere goes when a step is in the log.
func (r *Ring) Prepare(to string, now func() time.Time) (*Successor, error) {
	if r.alert.Load() == nil {
		return nil, hub.E(hub.Unavailable, "isacd.needs-hub")
	}
	err := r.finish()
	if err != nil {
		return nil, err
	}
	s, err := r.prepare(cmp.Or(to, r.Place()), now)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = s
	return s, nil
}

// finish takes up in the folder what is in use, where a full disk kept that from being done.
func (r *Ring) finish() error {
	line := r.Line()
	seed, err := secretOf(r.dir, nextFile, line.Newest())
	if err != nil {
		return err
	}
	public, err := publicOf(r.dir, nextPublic, line.Newest())
	if err != nil || seed == nil && !public {
		return err
	}
	return takeUp(r.dir, line.Steps)
}

func (r *Ring) prepare(to string, now func() time.Time) (*Successor, error) {
	if to == Folder {
		seed, err := openSecret(filepath.Join(r.dir, nextFile))
		if err != nil {
			return nil, err
		}
		return &Successor{ownKey(seed)}, nil
	}
	var key ed25519.PublicKey
	err := ask(to, func(a agent.Agent) (err error) {
		key, err = onlyKey(a, r.Line().Keys())
		return err
	})
	if err != nil {
		return nil, err
	}
	err = keep.Replace(filepath.Join(r.dir, nextPublic), []byte(hex.EncodeToString(key)+"\n"))
	if err != nil {
		return nil, fmt.Errorf("keeping key: %w", err)
	}
	return &Successor{signedBy(to, key, now)}, nil
}

// Step is the change to a successor, signed by both keys, or by the new one alone where the
// old one is lost. After an older log was restored it is good for what the key before it was.
func (r *Ring) Step(s *Successor, after uint64, at time.Time, lost bool) (succession.Step, error) {
	line := r.Line()
	if n := len(line.Steps); n > 0 {
		after = max(after, line.Steps[n-1].After)
	}
	step := succession.Step{From: line.Newest(), To: s.Public(), After: after, At: at.UTC().Truncate(time.Second)}
	var err error
	if !lost {
		step.Old, err = r.SignAlert(step.SigningBytes())
	}
	if err != nil {
		return step, err
	}
	step.New, err = s.alert.sign(step.SigningBytes())
	if err != nil {
		return step, err
	}
	_, err = succession.Of(step.To).Follow(append(slices.Clone(line.Steps), step))
	return step, err
}

// Succeed makes the successor the key in use, once the step is in the log.
func (r *Ring) Succeed(s *Successor, step succession.Step) error {
	steps := append(slices.Clone(r.Line().Steps), step)
	line, err := succession.Of(step.To).Follow(steps)
	if err != nil {
		return err
	}
	r.alert.Store(s.alert) // members will believe no other from now on, whatever the disk does
	r.mu.Lock()
	r.line = line // after the key: who reads the line first sees whether the key was another
	r.mu.Unlock()
	return takeUp(r.dir, steps)
}

// Adopt makes the key in use what was prepared last, where the log has the step to it.
func (r *Ring) Adopt(logged []succession.Step) (changed bool, err error) {
	r.mu.Lock()
	next, n := r.next, len(r.line.Steps)
	r.mu.Unlock()
	if next == nil || len(logged) != n+1 || !logged[n].To.Equal(next.Public()) {
		return false, nil
	}
	return true, r.Succeed(next, logged[n])
}

// Misplaced reports whether the alert key isn't where the settings say: with a signer, or in
// the folder.
func Misplaced(dir string, signer bool) bool {
	return signer && has(dir, alertFile) || !signer && has(dir, publicFile)
}
