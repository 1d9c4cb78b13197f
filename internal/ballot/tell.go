package ballot

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/keyring"
	"isac/internal/natsbus"
)

// Run tells what is due until ctx ends.
func (b *Box) Run(ctx context.Context) {
	tick := time.NewTicker(b.Tick)
	defer tick.Stop()
	for {
		err := b.tell(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("telling failed", "class", string(hub.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tell makes the telling of this period, if nobody has. Where it fails it is tried
// again at the next tick.
func (b *Box) tell(ctx context.Context) error {
	at := feedback.Moment(b.Now())
	if !b.told.Before(at) {
		return nil
	}
	last, seq, err := b.last(ctx)
	if err != nil {
		return err
	}
	if last.At.Before(at) {
		err = b.tellAt(ctx, at, last.Counts, seq)
		if err != nil && hub.KindOf(err) != hub.Conflict {
			return err
		}
	}
	b.told = at
	if b.Changed != nil {
		b.Changed()
	}
	return b.end(ctx, at)
}

// last returns the newest telling and its sequence, zeros when there is none.
func (b *Box) last(ctx context.Context) (t feedback.Telling, seq uint64, err error) {
	m, err := b.Bus.Last(ctx, natsbus.Told, feedback.Subject)
	if hub.KindOf(err) == hub.NotFound {
		return t, 0, nil
	}
	if err != nil {
		return t, 0, err
	}
	err = json.Unmarshal(m.Data, &t)
	if err != nil {
		return t, 0, fmt.Errorf("reading what was told: %w", err)
	}
	return t, m.Seq, nil
}

// tellAt counts the votes, and keeps of what may be told only what is still released:
// the id of an indicator that was recalled is made of its value.
func (b *Box) tellAt(ctx context.Context, at time.Time, before []feedback.Count, seq uint64) error {
	ballots, err := b.ballots(ctx)
	if err != nil {
		return err
	}
	t := feedback.Telling{At: at, Counts: []feedback.Count{}}
	for _, c := range feedback.Tell(ballots, b.Rules.K, before, at) {
		ok, err := b.released(ctx, c.Topic)
		if err != nil {
			return err
		}
		if ok {
			t.Counts = append(t.Counts, c)
		}
	}
	data, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("telling: %w", err)
	}
	signature, err := b.Ring.SignAlert(feedback.SigningBytes(data))
	if err != nil {
		return err
	}
	header := nats.Header{signatureHeader: {base64.StdEncoding.EncodeToString(signature)}}
	_, err = b.Bus.Append(ctx, feedback.Subject, seq, header, data)
	return err
}

// signatureHeader holds the signature of a telling in the log.
const signatureHeader = "Isac-Signature"

// Newest returns the bytes of the newest telling and their signature, by the key in use:
// one of the key before is signed anew.
func (b *Box) Newest(ctx context.Context) (data, signature []byte, err error) {
	m, err := b.Bus.Last(ctx, natsbus.Told, feedback.Subject)
	if err != nil {
		return nil, nil, err
	}
	signature, err = base64.StdEncoding.DecodeString(m.Header.Get(signatureHeader))
	if err != nil {
		return nil, nil, fmt.Errorf("reading what was told: %w", err)
	}
	if text := feedback.SigningBytes(m.Data); !ed25519.Verify(b.Ring.AlertKey(), text, signature) {
		signature, err = b.Ring.SignAlert(text)
	}
	return m.Data, signature, err
}

// ballots opens all votes whose secrets are still held.
func (b *Box) ballots(ctx context.Context) ([]feedback.Ballot, error) {
	var out []feedback.Ballot
	err := b.Bus.Read(ctx, natsbus.Votes, "vote.>", 0, func(m natsbus.Message) error {
		season, name := parts(m.Subject)
		data, err := b.Ring.OpenVote(season, m.Data)
		if err != nil {
			return nil // of a quarter that has ended
		}
		var p paper
		err = json.Unmarshal(data, &p)
		if err != nil {
			return fmt.Errorf("reading vote: %w", err)
		}
		out = append(out, feedback.Ballot{Season: season, Voter: name, With: p.With, Topic: p.Topic, Answer: p.Answer})
		return nil
	})
	return out, err
}

// parts are the season and the name in a vote's subject.
func parts(subject string) (season, name string) {
	season, name, _ = strings.Cut(strings.TrimPrefix(subject, "vote."), ".")
	return season, name
}

// end destroys what has had its time: tellings but the newest, and votes and secrets
// of all quarters but this one and the one before.
func (b *Box) end(ctx context.Context, at time.Time) error {
	tellings, err := b.Bus.Subject(ctx, natsbus.Told, feedback.Subject)
	if err != nil {
		return err
	}
	for i, m := range tellings {
		if i == len(tellings)-1 {
			break
		}
		err := b.Bus.EraseOne(ctx, natsbus.Told, m.Seq)
		if err != nil {
			return err
		}
	}
	oldest := keyring.Season(startOf(at).AddDate(0, -3, 0))
	err = b.Ring.EndVotes(oldest)
	if err != nil {
		return err
	}
	var ended []uint64
	err = b.Bus.Read(ctx, natsbus.Votes, "vote.>", 0, func(m natsbus.Message) error {
		if season, _ := parts(m.Subject); season < oldest {
			ended = append(ended, m.Seq)
		}
		return nil
	})
	for _, seq := range ended {
		if err == nil {
			err = b.Bus.EraseOne(ctx, natsbus.Votes, seq)
		}
	}
	return err
}

// startOf is the first day of an instant's month, from which months can be counted.
func startOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
