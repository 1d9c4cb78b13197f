package ledger_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/ledger"
	"isac/hub/succession"
)

var begin = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)

// world is a hub and what it has released.
type world struct {
	t      *testing.T
	key    succession.Line
	sign   func([]byte) ([]byte, error)
	log    ledger.Log
	alerts []hub.Digest // number n is at n-1

	published []time.Time
	slots     int
	rand      *rand.Rand
}

func newWorld(t *testing.T, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 1))
	private := ed25519.NewKeyFromSeed(bytesOf(r))
	return &world{t: t, key: succession.Of(private.Public().(ed25519.PublicKey)), sign: func(b []byte) ([]byte, error) { return ed25519.Sign(private, b), nil }, rand: r}
}

func bytesOf(r *rand.Rand) []byte {
	out := make([]byte, 32)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// copied is another hub with the same key and past: one that lies to somebody.
func (w *world) copied() *world {
	c := *w
	c.log = ledger.Log{}
	c.alerts, c.published = slices.Clone(w.alerts), slices.Clone(w.published)
	for _, e := range w.entries() {
		must(w.t, c.log.Add(e))
	}
	return &c
}

func (w *world) entries() (out []ledger.Entry) {
	for int64(len(out)) < w.log.Size() {
		a, err := w.log.Answer(w.key, w.sign, ledger.Request{Size: int64(len(out)), Checked: int64(len(out))})
		must(w.t, err)
		for _, e := range a.Entries {
			out = append(out, e.Entry)
		}
	}
	return out
}

func (w *world) release() {
	w.alerts = append(w.alerts, hub.Sum(bytesOf(w.rand)))
	w.published = append(w.published, begin.Add(time.Duration(w.slots)*6*time.Hour-time.Minute*time.Duration(w.rand.IntN(360))))
}

func (w *world) slot() {
	e := ledger.Entry{Slot: begin.Add(time.Duration(w.slots) * 6 * time.Hour), Number: uint64(len(w.alerts)), Salt: bytesOf(w.rand)}
	if len(w.alerts) > 0 {
		e.Digest = w.alerts[len(w.alerts)-1]
	}
	must(w.t, w.log.Add(e))
	w.slots++
}

// brings gives a view all alerts of this world.
func (w *world) brings(v *ledger.View) {
	for i, digest := range w.alerts {
		v.Came(uint64(i+1), ledger.Alert{Digest: digest, Published: w.published[i]})
	}
}

// look brings a view up to date, as a client does over the wire.
func (w *world) look(v *ledger.View) error {
	w.brings(v)
	return w.ask(v)
}

func (w *world) ask(v *ledger.View) error {
	for {
		a, err := w.log.Answer(w.key, w.sign, v.Request())
		must(w.t, err)
		data, err := json.Marshal(a)
		must(w.t, err)
		var got ledger.Answer
		must(w.t, json.Unmarshal(data, &got))
		more, err := v.Take(w.key, got)
		if err != nil || !more {
			return err
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A hub that tells everybody the same is never accused, whenever members look.
func TestHonest(t *testing.T) {
	w := newWorld(t, 1)
	views := make([]ledger.View, 5)
	for range 900 {
		switch w.rand.IntN(3) {
		case 0:
			w.release()
		case 1:
			w.slot()
		case 2:
			must(t, w.look(&views[w.rand.IntN(len(views))]))
		}
	}
	w.slot()
	for i := range views {
		must(t, w.look(&views[i]))
		v := &views[i]
		if v.Checked != w.log.Size() || v.Matched < v.Checked/2 {
			t.Errorf("member %d looked at %d of %d entries and compared %d", i, v.Checked, w.log.Size(), v.Matched)
		}
		for _, other := range views {
			a, err := w.log.Answer(w.key, w.sign, ledger.Request{Size: other.Seen.Size})
			must(t, err)
			must(t, v.Compare(w.key, other.Text, a))
		}
	}
}

// A hub that tells one member another past than the rest is found out, by that member's
// next look at the ledger or by comparing checkpoints, wherever the two pasts part.
func TestTwoPasts(t *testing.T) {
	for seed := range uint64(60) {
		w := newWorld(t, seed)
		for range 5 + w.rand.IntN(30) {
			w.release()
			if w.rand.IntN(2) == 0 {
				w.slot()
			}
		}
		w.slot()
		other := w.copied()
		w.release()
		other.release() // another alert in the same place
		w.slot()
		other.slot()
		var a, b ledger.View
		must(t, w.look(&a))
		must(t, other.look(&b)) // its own view is of one piece
		for range w.rand.IntN(4) {
			w.release()
			w.slot()
		}
		must(t, w.look(&a))
		proof, err := w.log.Answer(w.key, w.sign, ledger.Request{Size: b.Seen.Size})
		must(t, err)
		wantFork(t, a.Compare(w.key, b.Text, proof), "comparing checkpoints")
		wantFork(t, w.ask(&b), "being shown the others' ledger")
		// and if it shows the lied-to member everybody's ledger from the beginning:
		c := ledger.View{}
		other.brings(&c)
		wantFork(t, w.ask(&c), "alerts that the ledger doesn't have")
	}
}

func wantFork(t *testing.T, err error, how string) {
	t.Helper()
	if !errors.As(err, new(*ledger.Fork)) {
		t.Errorf("two pasts weren't found by %s: %v", how, err)
	}
}

// A hub that enters less than it has told is found out by whoever has the alerts.
func TestSaysLess(t *testing.T) {
	for _, said := range []int{0, 2} {
		w := newWorld(t, 8)
		for i := range 5 {
			w.release()
			if i == said-1 {
				w.slot()
			}
		}
		w.slots += 2
		all := w.alerts
		w.alerts = all[:said]
		w.slot()
		w.alerts = all
		var v ledger.View
		w.brings(&v)
		wantFork(t, w.ask(&v), "an entry that leaves alerts out")
	}
}

// A log that loses its end or is made anew is a fork to who saw it longer.
func TestShortened(t *testing.T) {
	w := newWorld(t, 3)
	for range 9 {
		w.release()
		w.slot()
	}
	early := w.copied()
	w.slot()
	var v ledger.View
	must(t, w.look(&v))
	wantFork(t, early.ask(&v), "a shorter log")
	early.slot()
	wantFork(t, early.ask(&v), "a log of the same length")
}

// Nothing of an answer can be changed without being noticed.
func TestChangedAnswer(t *testing.T) {
	w := newWorld(t, 4)
	var old ledger.View
	for range 7 {
		w.release()
		w.slot()
	}
	must(t, w.look(&old))
	for range 6 {
		w.slot()
	}
	changes := map[string]func(*ledger.Answer){
		"checkpoint": func(a *ledger.Answer) { a.Checkpoint = strings.Replace(a.Checkpoint, "\n13\n", "\n14\n", 1) },
		"signature":  func(a *ledger.Answer) { a.Checkpoint = a.Checkpoint[:len(a.Checkpoint)-9] + "AAAAAAA=\n" },
		"no proof":   func(a *ledger.Answer) { a.Consistency = nil },
		"proof":      func(a *ledger.Answer) { a.Consistency[1][0] ^= 1 },
		"salt":       func(a *ledger.Answer) { a.Entries[2].Salt[3] ^= 1 },
		"number":     func(a *ledger.Answer) { a.Entries[2].Number++ },
		"digest":     func(a *ledger.Answer) { a.Entries[2].Digest[0] ^= 1 },
		"slot":       func(a *ledger.Answer) { a.Entries[2].Slot = a.Entries[2].Slot.Add(time.Second) },
		"order":      func(a *ledger.Answer) { a.Entries[0], a.Entries[1] = a.Entries[1], a.Entries[0] },
		"none":       func(a *ledger.Answer) { a.Entries = nil },
		"one less":   func(a *ledger.Answer) { a.Entries = a.Entries[1:] },
		"inclusion":  func(a *ledger.Answer) { a.Entries[0].Proof[0][0] ^= 1 },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			a, err := w.log.Answer(w.key, w.sign, old.Request())
			must(t, err)
			change(&a)
			v := old
			_, err = v.Take(w.key, a)
			if err == nil {
				t.Error("taken")
			}
			if v.Checked != old.Checked || v.Seen != old.Seen {
				t.Error("the view moved on")
			}
		})
	}
}

// A leaf, which is public, tells neither alert nor whether there was one.
func TestLeavesTellNothing(t *testing.T) {
	w := newWorld(t, 5)
	w.release()
	w.slot()
	w.slot()
	e := w.entries()
	if bytes.Equal(e[0].Salt, e[1].Salt) {
		t.Fatal("the test's salts repeat")
	}
	a, b := ledger.Leaf(e[0]), ledger.Leaf(e[1])
	if len(a) != len(b) || bytes.Equal(a[21:], b[21:]) {
		t.Errorf("a quiet slot shows:\n%s%s", a, b)
	}
	if bytes.Contains(a, []byte(e[0].Digest.String())) {
		t.Error("the digest shows")
	}
}

func TestAddRefuses(t *testing.T) {
	w := newWorld(t, 6)
	w.release()
	w.slot()
	good, _ := w.log.Newest()
	for name, e := range map[string]ledger.Entry{
		"same slot":    {Slot: good.Slot, Number: 1, Digest: good.Digest, Salt: good.Salt},
		"lower number": {Slot: good.Slot.Add(time.Hour), Number: 0, Salt: good.Salt},
		"no salt":      {Slot: good.Slot.Add(time.Hour), Number: 1, Digest: good.Digest},
	} {
		if err := w.log.Add(e); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, q := range []ledger.Request{{Size: -1}, {Checked: -1}, {Size: 1, Checked: 2}} {
		if _, err := w.log.Answer(w.key, w.sign, q); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// FuzzOpen: what is no checkpoint of the hub is refused, and what is has one writing.
func FuzzOpen(f *testing.F) {
	w := newWorld(nil, 7)
	good, err := w.log.Checkpoint(w.key, w.sign)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(strings.Replace(good, "\n0\n", "\n00\n", 1))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ledger.Open(w.key, text)
		if err == nil && (c.Size != 0 || !strings.HasPrefix(text, good[:strings.Index(good, "\n\n")])) {
			t.Errorf("opened %q as %+v", text, c)
		}
	})
}
