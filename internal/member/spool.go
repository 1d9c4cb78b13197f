package member

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/intake"
	"isac/hub/stix"
	"isac/internal/sealing"
)

// Spool is a folder in which reports wait until the hub can be reached. They are sealed
// before they lie there: who reads the folder learns that there are reports, and how
// large. Beside them lies the hub's card, to whose key they are sealed, renewed whenever
// the hub is reached; and the receipt of each that was sent.
type Spool struct{ Dir string }

// The ends of names in the folder.
const (
	waiting = ".sealed"
	sending = ".sending" // somebody is about it
	refusal = ".refused"
	receipt = ".receipt.json"
)

// stale is after how long a report that is being sent isn't any more.
const stale = 10 * time.Minute

// Renew fetches the hub's card.
func (s Spool) Renew(ctx context.Context, c *Conn) error {
	card, err := c.card(ctx)
	if err != nil {
		return err
	}
	data, err := json.Marshal(card)
	if err != nil {
		return fmt.Errorf("keeping card: %w", err)
	}
	return s.write("card.json", data)
}

// Put seals a report into the folder and returns its name there.
func (s Spool) Put(c Credentials, report []byte) (string, error) {
	_, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(filepath.Join(s.Dir, "card.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", hub.E(hub.Unavailable, "member.no-card-kept", s.Dir)
	}
	var card deliver.Card
	if err == nil {
		err = json.Unmarshal(data, &card)
	}
	if err != nil {
		return "", s.unusable(err)
	}
	verify := func(key ed25519.PublicKey) bool { err = card.Verify(key); return err == nil }
	if !slices.ContainsFunc(c.Keys.Line().Keys(), verify) { // it was of the newest when it came
		return "", err
	}
	sealed, err := sealing.Seal(card.Recipient, report)
	if err != nil {
		return "", fmt.Errorf("sealing report: %w", err)
	}
	name := strings.ToLower(rand.Text())
	return name, s.write(name+waiting, sealed)
}

// Sent is what became of a report that waited: a receipt, or why the hub won't have it.
type Sent struct {
	Name    string
	Receipt intake.Receipt
	Refused error
}

// Send sends what waits, and keeps each receipt. It ends with the first that doesn't
// arrive, which goes on waiting.
func (s Spool) Send(ctx context.Context, c *Conn) ([]Sent, error) {
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	var all []Sent
	for _, name := range names {
		one, err := s.send(ctx, c, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody else has it
		}
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
	return all, nil
}

// names are those of the reports that wait, also of such that were being sent when
// somebody died.
func (s Spool) names() ([]string, error) {
	files, err := os.ReadDir(s.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.unusable(err)
	}
	var names []string
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), waiting)
		if ok {
			names = append(names, name)
		}
		name, ok = strings.CutSuffix(f.Name(), sending)
		info, err := f.Info()
		if !ok || err != nil || time.Since(info.ModTime()) < stale {
			continue
		}
		err = s.rename(name+sending, name+waiting)
		if err == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (s Spool) send(ctx context.Context, c *Conn, name string) (Sent, error) {
	out := Sent{Name: name}
	err := s.rename(name+waiting, name+sending)
	if err != nil {
		return out, err
	}
	file := filepath.Join(s.Dir, name+sending)
	sealed, err := os.ReadFile(file)
	if err == nil {
		err = os.Chtimes(file, time.Time{}, time.Now())
	}
	if err != nil {
		return out, s.unusable(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	out.Receipt, err = c.Send(ctx, sealed)
	switch hub.KindOf(err) {
	case "":
		return out, s.receive(name, out.Receipt)
	case hub.Invalid, hub.TooLarge:
		out.Refused = err
		return out, s.rename(name+sending, name+refusal)
	}
	return out, errors.Join(err, s.rename(name+sending, name+waiting))
}

// receive keeps the receipt, and then no longer what it is for.
func (s Spool) receive(name string, r intake.Receipt) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keeping receipt: %w", err)
	}
	err = s.write(name+receipt, data)
	if err != nil {
		return err
	}
	err = os.Remove(filepath.Join(s.Dir, name+sending))
	if err != nil {
		return s.unusable(err)
	}
	return nil
}

func (s Spool) rename(from, to string) error {
	return os.Rename(filepath.Join(s.Dir, from), filepath.Join(s.Dir, to))
}

func (s Spool) write(name string, data []byte) error {
	err := os.MkdirAll(s.Dir, 0o700)
	file := filepath.Join(s.Dir, name)
	if err == nil {
		err = writeSynced(file+".new", data)
	}
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		return s.unusable(err)
	}
	return nil
}

// writeSynced returns when the bytes are on the disk: they may be the only copy.
func writeSynced(file string, data []byte) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

func (s Spool) unusable(err error) error {
	return &hub.Error{Kind: hub.Invalid, Text: "member.spool-unusable", Args: []string{s.Dir}, Err: fmt.Errorf("using spool: %w", err)}
}
