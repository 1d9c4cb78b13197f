// Package peers keeps the secrets of weeks and quarters the same at all nodes of one hub.
//
// Each node has a key folder of its own: an operator copies it, once, when a machine is
// added. What is made later must become the same everywhere and must be nowhere else,
// so that destroying it is the end of it: no secret is in a stream, nor sealed to anything
// that lasts. The first node that needs a new secret offers it; the others ask for it, each
// with a key made for this one answer; then the first writes a mark of it, an HMAC, into
// the stream NODES, expecting none. Whoever finds another mark there asks for that
// secret in place of its own. A node that was away asks when it is back.
//
// The package trusts who has the key folder, and nobody else: whoever carries the messages,
// or keeps the stream, learns no secret and can't make a node take one of theirs.
//
//	p, err := peers.Start(ctx, peers.Config{Bus: bus, Ring: ring, Now: time.Now, Log: log})
//	go p.Run(ctx)
//	err = p.Sync(ctx) // everything agreed on is held here
//	more, err := p.Others(ctx)
package peers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/sealing"
)

const (
	askSubject  = "hub.nodes.ask"
	takeSubject = "hub.nodes.take"
	prefix      = "node.secret."

	takeTime = 500 * time.Millisecond // for others to take what is offered, before it holds
	askTime  = 5 * time.Second
	seekTime = 2 * time.Second // for another node to say that it is there
	longest  = 1 << 10         // of a secret, in bytes
)

// Config is what peers need; every field must be set.
type Config struct {
	Bus  *natsbus.Bus
	Ring *keyring.Ring
	Now  func() time.Time
	Log  *slog.Logger
}

// Peers is one node among those of a hub. It is safe for concurrent use.
type Peers struct {
	Config
	mu      sync.Mutex
	offered map[string][]byte // by mark: own offers, and those of others that were taken
	seeking string            // whom an answer is sealed to that no other node may be there to give
}

// question asks for the secret with a mark, or offers it.
type question struct {
	Kind   string `json:"kind"`
	Period string `json:"period"`
	Mark   string `json:"mark"`
	To     string `json:"to,omitempty"` // whom to seal the answer to
	Proof  string `json:"proof"`        // that it comes from a node
}

// Start answers other nodes, and returns when this one has what they agreed on.
func Start(ctx context.Context, c Config) (*Peers, error) {
	p := &Peers{Config: c, offered: map[string][]byte{}}
	for subject, answer := range map[string]func(context.Context, question) []byte{askSubject: p.answer, takeSubject: p.take} {
		_, err := c.Bus.NC.Subscribe(subject, func(m *nats.Msg) {
			go func() { // an answer may ask others
				ctx, cancel := context.WithTimeout(context.Background(), askTime)
				defer cancel()
				q, ok := p.read(m.Data)
				if !ok {
					return
				}
				if data := answer(ctx, q); data != nil {
					_ = m.Respond(data) // a lost answer is asked for again
				}
			}()
		})
		if err != nil {
			return nil, fmt.Errorf("answering other nodes: %w", err)
		}
	}
	c.Ring.Share(p.agree, p.end)
	for _, kind := range keyring.Shared() {
		err := p.state(ctx, kind, keyring.Current(kind, c.Now()))
		if err != nil {
			return nil, err
		}
	}
	return p, p.Sync(ctx)
}

// state puts the mark of a secret that is held already before the others: of a hub that
// had one node until now.
func (p *Peers) state(ctx context.Context, kind, period string) error {
	secret, ok := p.Ring.Secret(kind, period)
	if !ok {
		return nil
	}
	mark := p.mark(kind, period, secret)
	have, err := p.write(ctx, kind, period, mark)
	if err == nil && have != mark {
		err = hub.E(hub.Conflict, "node.keys-differ")
	}
	return err
}

// Run takes over what other nodes agree on, until ctx ends.
func (p *Peers) Run(ctx context.Context) {
	failed := func(err error) {
		if ctx.Err() == nil {
			p.Log.Warn("secret of another node not taken", "class", string(hub.KindOf(err)))
		}
	}
	p.Bus.Follow(ctx, natsbus.Nodes, prefix+"*.*", 0, func(m natsbus.Message) error {
		kind, period, _ := strings.Cut(strings.TrimPrefix(m.Subject, prefix), ".")
		return p.hold(ctx, kind, period, string(m.Data))
	}, failed)
}

// Sync returns when every secret that was agreed on is held here, or says why it can't be.
func (p *Peers) Sync(ctx context.Context) error {
	subjects, err := p.Bus.Subjects(ctx, natsbus.Nodes, prefix+"*.*")
	for _, s := range subjects {
		kind, period, _ := strings.Cut(strings.TrimPrefix(s, prefix), ".")
		m, gone := p.Bus.Last(ctx, natsbus.Nodes, s)
		if hub.KindOf(gone) == hub.NotFound {
			continue // ended meanwhile
		}
		if gone == nil {
			gone = p.hold(ctx, kind, period, string(m.Data))
		}
		err = errors.Join(err, gone)
	}
	return err
}

// hold has the secret with a mark kept here.
func (p *Peers) hold(ctx context.Context, kind, period, mark string) error {
	if _, ok := p.Ring.Secret(kind, period); ok {
		return nil
	}
	secret, err := p.fetch(ctx, kind, period, mark)
	if err != nil {
		return err
	}
	return p.Ring.Keep(kind, period, secret)
}

// agree makes a new secret of this node, or one that another was faster with, hold for all.
func (p *Peers) agree(kind, period string, mine []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	mark := p.mark(kind, period, mine)
	p.offer(mark, mine)
	err := p.offerTo(ctx, kind, period, mark)
	if err != nil {
		return nil, err
	}
	holds, err := p.write(ctx, kind, period, mark)
	if err != nil || holds == mark {
		return mine, err
	}
	p.forget(mark)
	return p.fetch(ctx, kind, period, holds)
}

// write puts a mark into the stream unless there is one, and returns the one that holds.
func (p *Peers) write(ctx context.Context, kind, period, mark string) (string, error) {
	subject := prefix + kind + "." + period
	_, err := p.Bus.Append(ctx, subject, 0, nil, []byte(mark))
	if hub.KindOf(err) != hub.Conflict {
		return mark, err
	}
	m, err := p.Bus.Last(ctx, natsbus.Nodes, subject)
	return string(m.Data), err
}

// offerTo lets every node that is there take what is offered.
func (p *Peers) offerTo(ctx context.Context, kind, period, mark string) error {
	ctx, cancel := context.WithTimeout(ctx, takeTime)
	defer cancel()
	return p.all(ctx, takeSubject, p.sign(question{Kind: kind, Period: period, Mark: mark}), func([]byte) bool { return false })
}

// fetch asks all nodes for a secret and takes the first right answer.
func (p *Peers) fetch(ctx context.Context, kind, period, mark string) ([]byte, error) {
	if secret, ok := p.find(kind, period, mark); ok {
		return secret, nil
	}
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("making a key for an answer: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var found []byte
	err = p.all(ctx, askSubject, p.sign(question{kind, period, mark, once.Recipient().String(), ""}), func(sealed []byte) bool {
		secret, err := sealing.Open(sealed, longest, once)
		if err != nil || p.mark(kind, period, secret) != mark {
			return false
		}
		found = secret
		return true
	})
	if err == nil && found == nil {
		err = hub.E(hub.Unavailable, "node.no-secret")
	}
	return found, err
}

// all asks every node, and gives their answers to each until it is content or ctx ends.
func (p *Peers) all(ctx context.Context, subject string, q question, each func([]byte) bool) error {
	data, err := json.Marshal(q)
	if err != nil {
		return fmt.Errorf("asking other nodes: %w", err)
	}
	inbox := p.Bus.NC.NewRespInbox()
	sub, err := p.Bus.NC.SubscribeSync(inbox)
	if err != nil {
		return fmt.Errorf("asking other nodes: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	err = p.Bus.NC.PublishRequest(subject, inbox, data)
	if err != nil {
		return fmt.Errorf("asking other nodes: %w", err)
	}
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return nil // nobody else answers in time
		}
		if each(m.Data) {
			return nil
		}
	}
}

// Others reports whether another node is there: one that has this week's key, as each that
// runs has. One that is cut off doesn't answer.
func (p *Peers) Others(ctx context.Context) (bool, error) {
	_, _, err := p.Ring.Epoch(p.Now()) // made if it wasn't
	if err != nil {
		return false, err
	}
	kind := keyring.Shared()[0]
	period := keyring.Current(kind, p.Now())
	secret, ok := p.Ring.Secret(kind, period)
	if !ok {
		return false, hub.E(hub.Unavailable, "node.no-secret")
	}
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return false, fmt.Errorf("making a key for an answer: %w", err)
	}
	to := once.Recipient().String()
	p.seek(to)
	defer p.seek("")
	ctx, cancel := context.WithTimeout(ctx, seekTime)
	defer cancel()
	found := false
	mark := p.mark(kind, period, secret)
	err = p.all(ctx, askSubject, p.sign(question{kind, period, mark, to, ""}), func(sealed []byte) bool {
		have, err := sealing.Open(sealed, longest, once)
		found = found || err == nil && p.mark(kind, period, have) == mark
		return found
	})
	return found, err
}

func (p *Peers) seek(to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seeking = to
}

// answer gives a node the secret that it asks for, sealed to it.
func (p *Peers) answer(_ context.Context, q question) []byte {
	secret, ok := p.find(q.Kind, q.Period, q.Mark)
	p.mu.Lock()
	own := q.To == p.seeking
	p.mu.Unlock()
	if !ok || q.To == "" || own {
		return nil
	}
	sealed, err := sealing.Seal(q.To, secret)
	if err != nil {
		return nil
	}
	return sealed
}

// take takes what another node offers, before it holds.
func (p *Peers) take(ctx context.Context, q question) []byte {
	secret, err := p.fetch(ctx, q.Kind, q.Period, q.Mark)
	if err != nil {
		return nil
	}
	p.offer(q.Mark, secret)
	return []byte("taken")
}

func (p *Peers) offer(mark string, secret []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.offered[mark] = secret
}

func (p *Peers) forget(mark string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.offered, mark)
}

// find returns the secret with a mark, if this node has it.
func (p *Peers) find(kind, period, mark string) ([]byte, bool) {
	secret, ok := p.Ring.Secret(kind, period)
	if ok && p.mark(kind, period, secret) == mark {
		return secret, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	secret, ok = p.offered[mark]
	return secret, ok
}

// end takes the mark of a secret away that was destroyed, so that nobody looks for it,
// and forgets it.
func (p *Peers) end(kind, period string, secret []byte) {
	p.forget(p.mark(kind, period, secret))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := p.Bus.Erase(ctx, natsbus.Nodes, prefix+kind+"."+period)
	if err != nil {
		p.Log.Warn("mark of a destroyed secret not erased", "class", string(hub.KindOf(err)))
	}
}

// mark tells secrets apart without telling them, to those alone who have the key folder.
func (p *Peers) mark(kind, period string, secret []byte) string {
	return p.Ring.LinkName("node secret", kind, period, string(secret))
}

func (p *Peers) sign(q question) question {
	q.Proof = p.proof(q)
	return q
}

func (p *Peers) proof(q question) string {
	return p.Ring.LinkName("node question", q.Kind, q.Period, q.Mark, q.To)
}

// read takes a question that a node has asked.
func (p *Peers) read(data []byte) (q question, ok bool) {
	err := json.Unmarshal(data, &q)
	return q, err == nil && q.Proof == p.proof(q)
}
