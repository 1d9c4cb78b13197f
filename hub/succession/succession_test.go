package succession_test

import (
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/succession"
)

var at = time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)

func key(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(append(make([]byte, 31), n))
}

func public(n byte) ed25519.PublicKey { return key(n).Public().(ed25519.PublicKey) }

// step is a good one.
func step(from, to byte, after uint64) succession.Step {
	s := succession.Step{From: public(from), To: public(to), After: after, At: at}
	return signed(s, key(from), key(to))
}

func signed(s succession.Step, from, to ed25519.PrivateKey) succession.Step {
	s.Old, s.New = ed25519.Sign(from, s.SigningBytes()), ed25519.Sign(to, s.SigningBytes())
	return s
}

func textOf(err error) string {
	if e, ok := errors.AsType[*hub.Error](err); ok && e.Kind == hub.Invalid {
		return e.Text
	}
	return ""
}

// TestRefused: what contradicts what is known, or isn't signed, is refused each for what it
// is, and changes nothing.
func TestRefused(t *testing.T) {
	one, two := step(1, 2, 10), step(2, 3, 20)
	altered := one
	altered.After = 99
	lost := one
	lost.Old = nil
	for name, c := range map[string]struct {
		pinned byte
		known  []succession.Step
		told   []succession.Step
		want   string
	}{
		"a changed number":                     {1, nil, []succession.Step{altered}, "succession.forged"},
		"signed by another than the old key":   {1, nil, []succession.Step{signed(one, key(7), key(2))}, "succession.forged"},
		"signed by another than the new key":   {1, nil, []succession.Step{signed(one, key(1), key(7))}, "succession.forged"},
		"of keys that have nothing to do":      {1, nil, []succession.Step{step(7, 8, 1)}, "succession.unrelated"},
		"two steps that don't meet":            {1, nil, []succession.Step{one, step(7, 8, 20)}, "succession.unrelated"},
		"back to the first key":                {1, nil, []succession.Step{one, step(2, 1, 20)}, "succession.loop"},
		"to itself":                            {1, nil, []succession.Step{step(1, 1, 10)}, "succession.loop"},
		"two successors, told at once":         {1, nil, []succession.Step{one, step(1, 3, 20)}, "succession.two"},
		"two successors, one after another":    {1, []succession.Step{one}, []succession.Step{step(1, 3, 10)}, "succession.two"},
		"the same successor, for other alerts": {1, []succession.Step{one}, []succession.Step{step(1, 2, 11)}, "succession.two"},
		"fewer than are known":                 {1, []succession.Step{one, two}, []succession.Step{one}, "succession.back"},
		"none where some are known":            {1, []succession.Step{one}, nil, "succession.back"},
		"numbers that go back":                 {1, nil, []succession.Step{one, step(2, 3, 9)}, "succession.forged"},
		"after a lost key":                     {1, nil, []succession.Step{lost}, "succession.by-hand"},
		"after a lost key, later":              {2, nil, []succession.Step{one, func() succession.Step { s := two; s.Old = nil; return s }()}, "succession.by-hand"},
		"a key of no bytes":                    {1, nil, []succession.Step{{From: public(1)}}, "succession.forged"},
	} {
		line, err := succession.Of(public(c.pinned)).Follow(c.known)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after, err := line.Follow(c.told)
		if textOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if !slices.EqualFunc(after.Keys(), line.Keys(), func(a, b ed25519.PublicKey) bool { return a.Equal(b) }) {
			t.Errorf("%s: it changed what is believed", name)
		}
	}
}

// TestWhoWasGivenALaterKeyKnowsTheEarlier: from every key of a line the whole line is
// believed, also where one before it was lost.
func TestWhoWasGivenALaterKeyKnowsTheEarlier(t *testing.T) {
	steps := []succession.Step{step(1, 2, 10), step(2, 3, 20), step(3, 4, 20)}
	for pinned := byte(1); pinned <= 4; pinned++ {
		line, err := succession.Of(public(pinned)).Follow(steps)
		if err != nil || !line.First().Equal(public(1)) || !line.Newest().Equal(public(4)) {
			t.Errorf("pinned %d: %v", pinned, err)
		}
	}
	steps[1].Old = nil
	for pinned, want := range []string{1: "succession.by-hand", 2: "succession.by-hand", 3: "", 4: ""} {
		if pinned == 0 {
			continue
		}
		_, err := succession.Of(public(byte(pinned))).Follow(steps)
		if textOf(err) != want || err != nil && want == "" {
			t.Errorf("the second key was lost, pinned %d: %v, want %q", pinned, err, want)
		}
	}
}

// TestEachKeyHasItsTime draws lines and asks of every key and number whether the key is
// good for it: an old key for no later alert, a new one for all.
func TestEachKeyHasItsTime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 15 {
		n := 1 + r.IntN(5)
		var steps []succession.Step
		last := uint64(0)
		for i := range n {
			last += r.Uint64N(4)
			steps = append(steps, step(byte(i+1), byte(i+2), last))
		}
		line, err := succession.Of(public(byte(1 + r.IntN(n+1)))).Follow(steps)
		if err != nil {
			t.Fatal(err)
		}
		data := []byte("an alert")
		for number := range last + 3 {
			for k := range n + 2 {
				want := k == n || k < n && number <= steps[k].After
				if got := line.Signed(number, data, ed25519.Sign(key(byte(k+1)), data)); got != want {
					t.Fatalf("key %d of %d is good for alert %d: %v, want %v", k+1, n+1, number, got, want)
				}
			}
		}
	}
}
