// Package ballot takes what members answer about alerts and indicators, and tells
// what may be told of it (hub/feedback).
//
// An answer is stored without the member: under a keyed name of member and topic and
// sealed, both with a secret of the quarter that is destroyed after the next one. So a
// member has one vote on a topic, the last, and whoever has the stored votes but not
// the key folder learns neither who answered nor what. Nobody reads votes but the
// telling, once a day; the member itself isn't told what it said.
//
// The package trusts the roster, the key folder and the released view. It logs a
// random request id and a class, never a topic nor who answered.
//
//	b := ballot.New(cfg)
//	err := b.Start(ctx)
//	b.Run(ctx)
package ballot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/roster"
	"isac/internal/sealing"
	"isac/internal/store"
)

// Config is what a box needs; all must be set but Count and Changed.
type Config struct {
	Bus    *natsbus.Bus
	Ring   *keyring.Ring
	Roster *roster.Roster
	Public *store.Public
	Rules  feedback.Rules // of what is told, and what follows from it
	Now    func() time.Time
	Log    *slog.Logger
	Tick   time.Duration // how often it is looked whether a telling is due
	// Count is told the kind and class of every request.
	Count func(kind, class string)
	// Changed is called after a telling.
	Changed func()
}

// Box is where votes go. It is safe for concurrent use.
type Box struct {
	Config
	mu   sync.Mutex
	hour time.Time
	sent map[string]int // votes by member, in this hour
	told time.Time      // the newest telling known
}

// New returns a box.
func New(c Config) *Box { return &Box{Config: c, sent: map[string]int{}} }

// Start makes the telling that is due and answers members' machines from then on. While
// the signer is away there is none yet: Run tries again.
func (b *Box) Start(ctx context.Context) error {
	err := b.tell(ctx)
	if hub.KindOf(err) == hub.Unavailable {
		b.Log.Warn("telling failed", "class", string(hub.KindOf(err)))
		err = nil
	}
	if err != nil {
		return err
	}
	_, err = b.Bus.Serve("isac.feedback", 4, b.answer)
	return err
}

// longest is the longest request, sealed or not.
const longest = 16 << 10

func (b *Box) answer(user string, data []byte) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := b.take(ctx, user, data)
	r.Refused = hub.RefusalOf(err)
	b.logRequest(err)
	reply, err := json.Marshal(r)
	if err != nil {
		return nil // and asked again
	}
	return reply
}

func (b *Box) take(ctx context.Context, user string, data []byte) (r feedback.Reply, err error) {
	org, ok := b.Roster.MemberOf(user, b.Now())
	if !ok {
		return r, hub.E(hub.Forbidden, "intake.not-member")
	}
	q, err := b.read(data)
	if err != nil {
		return r, err
	}
	if q.Ask == "told" {
		r.Told, r.Signature, err = b.Newest(ctx)
		return r, err
	}
	return r, b.vote(ctx, org, q)
}

// read opens a request and reads it.
func (b *Box) read(data []byte) (q feedback.Request, err error) {
	if len(data) > longest {
		return q, hub.E(hub.TooLarge, "error.too-large", "16 KiB")
	}
	if sealing.IsSealed(data) {
		data, err = b.Ring.OpenReport(data)
		if err != nil {
			return q, hub.E(hub.Invalid, "feedback.unreadable")
		}
	}
	if json.Unmarshal(data, &q) != nil {
		return q, hub.E(hub.Invalid, "http.bad-body")
	}
	return q, nil
}

// Cast takes the answer of a person, in the name of the member.
func (b *Box) Cast(ctx context.Context, who hub.Person, q feedback.Request) error {
	org, ok := b.Roster.Organisation(who.Org)
	if !ok || !org.Member { // nor are others told what is released
		return hub.E(hub.Forbidden, "feedback.members-only")
	}
	err := b.vote(ctx, org, q)
	b.logRequest(err)
	return err
}

func (b *Box) vote(ctx context.Context, org hub.Organisation, q feedback.Request) error {
	topics, err := b.topics(ctx, q)
	if err != nil {
		return err
	}
	return b.store(ctx, org, topics, q.Answer)
}

// paper is what is stored of a vote, sealed.
type paper struct {
	With   string          `json:"with"`
	Topic  feedback.Topic  `json:"topic"`
	Answer feedback.Answer `json:"answer"`
}

// store puts a member's votes in the places of those that it had on the topics.
func (b *Box) store(ctx context.Context, org hub.Organisation, topics []feedback.Topic, a feedback.Answer) error {
	for _, t := range topics {
		if !t.Allows(a) {
			return hub.E(hub.Invalid, "feedback.no-answer")
		}
	}
	now := b.Now()
	if !b.allow(org.ID, now) {
		return hub.E(hub.Unavailable, "feedback.too-many", fmt.Sprint(MostPerHour))
	}
	with := "member " + org.ID
	if org.Operator != "" {
		with = "operator " + org.Operator
	}
	for _, t := range topics {
		err := b.storeOne(ctx, keyring.Season(now), org.ID, with, t, a)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *Box) storeOne(ctx context.Context, season, member, with string, t feedback.Topic, a feedback.Answer) error {
	name, err := b.Ring.VoteName(season, "member", member, string(t))
	if err != nil {
		return err
	}
	known, err := b.Ring.VoteName(season, "together", with, string(t))
	if err != nil {
		return err
	}
	data, err := json.Marshal(paper{known, t, a})
	if err != nil {
		return fmt.Errorf("storing vote: %w", err)
	}
	sealed, err := b.Ring.SealVote(season, data)
	if err != nil {
		return err
	}
	_, err = b.Bus.Append(ctx, "vote."+season+"."+name, natsbus.AnySeq, nil, sealed)
	return err
}

// MostPerHour is how many answers are taken from a member in an hour.
const MostPerHour = 500

// allow counts in memory only, so that nothing stored tells how much a member says.
func (b *Box) allow(member string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if hour := now.Truncate(time.Hour); !hour.Equal(b.hour) {
		b.hour, b.sent = hour, map[string]int{}
	}
	b.sent[member]++
	return b.sent[member] <= MostPerHour
}

func (b *Box) logRequest(err error) {
	class := "ok"
	if err != nil {
		class = string(hub.KindOf(err))
	}
	var id [8]byte
	rand.Read(id[:])
	b.Log.Info("request", "request", hex.EncodeToString(id[:]), "what", "feedback", "class", class)
	if b.Count != nil {
		b.Count("feedback", class)
	}
}
