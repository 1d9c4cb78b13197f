// Package helpdesk hands a member's call for help to the desk that helps members of
// its size, and to nobody else. A call needs no report and says nothing about sharing:
// it never meets the anonymizer, and nothing of it goes out.
//
// Calls lie in the stream HELP, each sealed to its desk and to the week, under a
// random subject; after two weeks they are erased and the week's secret is destroyed.
// The package trusts the roster for who asks, and logs a class only.
//
//	err := box.Ask(ctx, org, helpdesk.Call{Name: "…", Number: "…", State: "…"})
//	calls, err := box.At(ctx, helper)
package helpdesk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/keyring"
	"isac/internal/natsbus"
)

const (
	// Patience is how long a caller waits for the desk before telephoning.
	Patience = 30 * time.Minute
	keptFor  = 14 * 24 * time.Hour
	longest  = 2000 // signs of one field
)

// Kinds of calls.
const (
	ForHelp  = "help"
	CallBack = "call-back" // after a first report: the secretariat asks what it didn't say
)

// Call is one call, as the desk reads it.
type Call struct {
	ID       string    `json:"-"`
	Kind     string    `json:"kind"`
	Desk     string    `json:"desk"`
	Member   string    `json:"member"`
	Name     string    `json:"name"`   // whom to ask for
	Number   string    `json:"number"` // to call back
	State    string    `json:"state"`  // how it stands, in words
	At       time.Time `json:"at"`
	Received time.Time `json:"-"` // by the desk; zero until then
}

// Late reports whether the desk has let a caller wait too long.
func (c Call) Late(now time.Time) bool { return c.Received.IsZero() && now.Sub(c.At) >= Patience }

// stored is a message of HELP. Its time is no more than the stream itself tells.
type stored struct {
	At     time.Time `json:"at"`
	Sealed []byte    `json:"sealed"`
}

// receipt is the desk's acknowledgement, sealed like the call.
type receipt struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Config is what a Box needs; every field must be set.
type Config struct {
	Bus     *natsbus.Bus
	Ring    *keyring.Ring
	Profile *profile.Profile
	Now     func() time.Time
	Log     *slog.Logger
}

// Box takes calls and shows them to their desks. It is safe for concurrent use.
type Box struct{ Config }

// New returns a Box.
func New(c Config) *Box { return &Box{c} }

// Ask puts a member's call before its desk; a call back is the secretariat's.
func (b *Box) Ask(ctx context.Context, org hub.Organisation, c Call) error {
	err := b.ask(ctx, org, c)
	b.logRequest("help", err)
	return err
}

func (b *Box) ask(ctx context.Context, org hub.Organisation, c Call) error {
	if !org.Member {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	for _, text := range []string{c.Name, c.Number, c.State} {
		if utf8.RuneCountInString(text) > longest || !utf8.ValidString(text) {
			return hub.E(hub.Invalid, "help.too-long")
		}
	}
	if strings.TrimSpace(c.Number) == "" {
		return hub.E(hub.Invalid, "help.no-number")
	}
	c.Member, c.At, c.Desk = org.ID, b.Now(), b.Profile.DeskOf(org).ID
	if c.Kind == CallBack {
		c.Desk = profile.SecretariatDesk
	}
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("storing call: %w", err)
	}
	return b.put(ctx, random(), 0, c.Desk, data)
}

func random() string {
	var raw [16]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

func (b *Box) put(ctx context.Context, id string, after uint64, desk string, data []byte) error {
	sealed, err := b.Ring.SealCall(b.Now(), desk, data)
	if err != nil {
		return err
	}
	message, err := json.Marshal(stored{At: b.Now(), Sealed: sealed})
	if err != nil {
		return fmt.Errorf("storing call: %w", err)
	}
	_, err = b.Bus.Append(ctx, "help."+id, after, nil, message)
	return err
}

// open opens a message that is a desk's.
func (b *Box) open(desk string, message []byte) ([]byte, bool) {
	var s stored
	err := json.Unmarshal(message, &s)
	if err != nil {
		return nil, false
	}
	data, err := b.Ring.OpenCall(desk, s.Sealed)
	return data, err == nil
}

// deskOf returns the desk at which a person answers.
func deskOf(who hub.Person) (string, error) {
	switch {
	case who.Has(hub.Helper) && who.Desk != "":
		return who.Desk, nil
	case who.Has(hub.Secretariat):
		return profile.SecretariatDesk, nil
	}
	return "", hub.E(hub.Forbidden, "error.forbidden")
}

// At returns the calls of a person's desk, those that wait first, oldest first.
func (b *Box) At(ctx context.Context, who hub.Person) ([]Call, error) {
	desk, err := deskOf(who)
	if err != nil {
		return nil, err
	}
	calls, err := b.read(ctx, desk)
	slices.SortStableFunc(calls, func(x, y Call) int {
		if x.Received.IsZero() != y.Received.IsZero() {
			if x.Received.IsZero() {
				return -1
			}
			return 1
		}
		return x.At.Compare(y.At)
	})
	return calls, err
}

// Of returns the calls for help of a member, newest first.
func (b *Box) Of(ctx context.Context, org hub.Organisation) ([]Call, error) {
	calls, err := b.read(ctx, b.Profile.DeskOf(org).ID)
	calls = slices.DeleteFunc(calls, func(c Call) bool { return c.Member != org.ID || c.Kind != ForHelp })
	slices.SortFunc(calls, func(x, y Call) int { return y.At.Compare(x.At) })
	return calls, err
}

// Receive acknowledges a call: somebody of its desk has read it. The first time counts.
func (b *Box) Receive(ctx context.Context, who hub.Person, id string) error {
	err := b.receive(ctx, who, id)
	b.logRequest("help received", err)
	return err
}

func (b *Box) receive(ctx context.Context, who hub.Person, id string) error {
	desk, err := deskOf(who)
	if err != nil {
		return err
	}
	if _, err := hex.DecodeString(id); err != nil || len(id) != 32 {
		return hub.E(hub.NotFound, "error.not-found")
	}
	m, err := b.Bus.Subject(ctx, natsbus.Help, "help."+id)
	if err != nil {
		return err
	}
	if len(m) == 0 {
		return hub.E(hub.NotFound, "error.not-found")
	}
	if _, ok := b.open(desk, m[0].Data); !ok {
		return hub.E(hub.NotFound, "error.not-found") // another desk's
	}
	if len(m) > 1 {
		return nil
	}
	data, err := json.Marshal(receipt{By: who.ID, At: b.Now()})
	if err != nil {
		return fmt.Errorf("storing acknowledgement: %w", err)
	}
	err = b.put(ctx, id, m[0].Seq, desk, data)
	if hub.KindOf(err) == hub.Conflict {
		return nil // somebody else did at the same moment
	}
	return err
}

// read opens all calls of a desk that are still kept.
func (b *Box) read(ctx context.Context, desk string) ([]Call, error) {
	var calls []Call
	at := map[string]int{}
	err := b.Bus.Read(ctx, natsbus.Help, "help.*", 0, func(m natsbus.Message) error {
		data, ok := b.open(desk, m.Data)
		if !ok {
			return nil // another desk's, or of a week that has ended
		}
		id := strings.TrimPrefix(m.Subject, "help.")
		if i, ok := at[id]; ok {
			var r receipt
			err := json.Unmarshal(data, &r)
			calls[i].Received = r.At
			return err
		}
		c := Call{ID: id}
		err := json.Unmarshal(data, &c)
		at[id] = len(calls)
		calls = append(calls, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading calls: %w", err)
	}
	return slices.DeleteFunc(calls, func(c Call) bool { return c.over(b.Now()) }), nil
}

func (c Call) over(now time.Time) bool { return now.Sub(c.At) >= keptFor }

// Sweep erases what is older than it is kept for.
func (b *Box) Sweep(ctx context.Context) error {
	before := b.Now().Add(-keptFor)
	err := b.Ring.EndCalls(before.Add(-7 * 24 * time.Hour)) // a week's last call is as old as its week
	if err != nil {
		return err
	}
	var ended []string
	err = b.Bus.Read(ctx, natsbus.Help, "help.*", 0, func(m natsbus.Message) error {
		var s stored
		err := json.Unmarshal(m.Data, &s)
		if err != nil || s.At.Before(before) {
			ended = append(ended, strings.TrimPrefix(m.Subject, "help."))
		}
		return nil
	})
	slices.Sort(ended)
	for _, id := range slices.Compact(ended) {
		if err == nil {
			_, err = b.Bus.Erase(ctx, natsbus.Help, "help."+id)
		}
	}
	return err
}

// Run sweeps now and then until ctx ends.
func (b *Box) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var swept time.Time
	for {
		if b.Now().Sub(swept) >= time.Hour {
			swept = b.Now()
			err := b.Sweep(ctx)
			if err != nil && ctx.Err() == nil {
				b.Log.Warn("calls not swept", "class", string(hub.KindOf(err)))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// logRequest logs a random id and the class of the result.
func (b *Box) logRequest(what string, err error) {
	class := "ok"
	if err != nil {
		class = string(hub.KindOf(err))
	}
	b.Log.Info("request", "request", random()[:16], "what", what, "class", class)
}
