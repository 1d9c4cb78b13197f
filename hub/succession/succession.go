// Package succession is how a hub comes by another key of alerts without anybody being
// told by hand: the old key signs that the new one follows it, and after which alert.
//
// A member believes the key in its credentials file. From there it goes forward by the old
// keys' signatures: each names one successor and is good for no alert after. It goes back
// by the new keys' signatures, to the keys that signed what is older. A key that was lost
// signs nothing: then only who was given the new one by hand goes on, and all others are
// told so. The package trusts the key that is pinned, and of the rest what it signs for.
//
//	line := succession.Of(pinned)
//	line, err := line.Follow(steps)         // as the hub tells them
//	ok := line.Signed(42, bundle, signature) // by a key whose time alert 42 is in
package succession

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"isac/hub"
)

// Step is a change from one key to another.
type Step struct {
	From  ed25519.PublicKey `json:"from"`
	To    ed25519.PublicKey `json:"to"`
	After uint64            `json:"after"`         // the last alert that From is good for
	At    time.Time         `json:"at"`            // whole seconds, for people
	Old   []byte            `json:"old,omitempty"` // From's signature
	New   []byte            `json:"new"`           // To's, which takes over what came before
}

// SigningBytes begin with a word that nothing else begins with that the keys sign.
func (s Step) SigningBytes() []byte {
	return fmt.Appendf(nil, "isac key v1\n%s\n%s\n%d\n%s\n", base64.StdEncoding.EncodeToString(s.From),
		base64.StdEncoding.EncodeToString(s.To), s.After, s.At.UTC().Format(time.RFC3339))
}

func (s Step) sound() bool {
	return len(s.From) == ed25519.PublicKeySize && len(s.To) == ed25519.PublicKeySize && s.signed(s.To, s.New)
}

func (s Step) signed(key ed25519.PublicKey, signature []byte) bool {
	return ed25519.Verify(key, s.SigningBytes(), signature)
}

// Line is what is believed: the pinned key, and every step from the hub's first key to its
// newest as far as they are known. Steps are those that Follow has checked.
type Line struct {
	Pinned ed25519.PublicKey `json:"pinned"`
	Steps  []Step            `json:"steps,omitempty"`
}

// Of is the line of who knows one key and nothing of others.
func Of(key ed25519.PublicKey) Line { return Line{Pinned: key} }

// Keys are all keys of the line, oldest first.
func (l Line) Keys() []ed25519.PublicKey {
	if len(l.Steps) == 0 {
		return []ed25519.PublicKey{l.Pinned}
	}
	out := []ed25519.PublicKey{l.Steps[0].From}
	for _, s := range l.Steps {
		out = append(out, s.To)
	}
	return out
}

// First is the oldest key: what is named after the hub's key is named after this one.
func (l Line) First() ed25519.PublicKey { return l.Keys()[0] }

// Newest is the key in use.
func (l Line) Newest() ed25519.PublicKey { return l.Keys()[len(l.Steps)] }

// Ever reports whether any key of the line signed the data.
func (l Line) Ever(data, signature []byte) bool {
	return slices.ContainsFunc(l.Keys(), func(key ed25519.PublicKey) bool { return verify(key, data, signature) })
}

// Signed reports whether a key signed the data that is good for the alert of a number. A
// newer key is good for older alerts too: what stands in the place of a recalled one is
// signed when it is recalled.
func (l Line) Signed(number uint64, data, signature []byte) bool {
	for i, key := range l.Keys() {
		if i < len(l.Steps) && number > l.Steps[i].After {
			continue
		}
		if verify(key, data, signature) {
			return true
		}
	}
	return false
}

func verify(key ed25519.PublicKey, data, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, data, signature)
}

// most bounds the steps of a line: a new key each week for twenty years.
const most = 1000

// Follow is the line after the hub's steps, all of them from its first key on. What
// contradicts the line, or doesn't come from the pinned key, is a hub.Invalid that says so,
// and the line stays as it is.
func (l Line) Follow(steps []Step) (Line, error) {
	err := whole(steps)
	if err == nil {
		err = l.continued(steps)
	}
	if err != nil || len(steps) == 0 {
		return l, err
	}
	next := Line{Pinned: l.Pinned, Steps: steps}
	place := slices.IndexFunc(next.Keys(), func(key ed25519.PublicKey) bool { return key.Equal(l.Pinned) })
	if place < 0 {
		return l, hub.E(hub.Invalid, "succession.unrelated")
	}
	for _, s := range steps[place:] {
		if len(s.Old) == 0 {
			return l, hub.E(hub.Invalid, "succession.by-hand")
		}
		if !s.signed(s.From, s.Old) {
			return l, hub.E(hub.Invalid, "succession.forged")
		}
	}
	return next, nil
}

// whole checks the steps among themselves.
func whole(steps []Step) error {
	if len(steps) > most {
		return hub.E(hub.Invalid, "succession.forged")
	}
	seen := map[string]bool{}
	for i, s := range steps {
		if !s.sound() {
			return hub.E(hub.Invalid, "succession.forged")
		}
		if i > 0 && seen[string(s.From)] {
			return hub.E(hub.Invalid, "succession.two")
		}
		if i > 0 && !s.From.Equal(steps[i-1].To) {
			return hub.E(hub.Invalid, "succession.unrelated")
		}
		seen[string(s.From)] = true
		if seen[string(s.To)] {
			return hub.E(hub.Invalid, "succession.loop")
		}
		if i > 0 && s.After < steps[i-1].After {
			return hub.E(hub.Invalid, "succession.forged")
		}
	}
	return nil
}

// continued checks that steps go on from those that are known.
func (l Line) continued(steps []Step) error {
	for i, known := range l.Steps[:min(len(l.Steps), len(steps))] {
		if !bytes.Equal(known.SigningBytes(), steps[i].SigningBytes()) {
			return hub.E(hub.Invalid, "succession.two")
		}
	}
	if len(steps) < len(l.Steps) {
		return hub.E(hub.Invalid, "succession.back")
	}
	return nil
}
