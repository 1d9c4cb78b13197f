package member

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/intake"
	"isac/hub/ledger"
	"isac/hub/succession"
	"isac/internal/sealing"
)

// Conn is a member's connection to the hub.
type Conn struct {
	Credentials
	nc *nats.Conn

	mu   sync.Mutex
	back []func() // called when a lost connection has been taken up again
}

// whenBack has f called whenever a lost connection has been taken up again.
func (c *Conn) whenBack(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.back = append(c.back, f)
}

func (c *Conn) isBack(*nats.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.back {
		f()
	}
}

// Dial connects to the hub; url overrides the one of the credentials file. A lost
// connection is taken up again with random pauses, so that a restart of the hub
// isn't met by everyone at once. Where the hub can't be reached by the way that the file
// names first, the websocket that it may name is tried, which passes where only the web
// does.
func (c Credentials) Dial(url string, opts ...nats.Option) (*Conn, error) {
	if url != "" {
		return c.dial(url, opts)
	}
	conn, err := c.dial(c.URL, opts)
	if c.Websocket == "" || hub.KindOf(err) != hub.Unavailable {
		return conn, err
	}
	return c.dial(c.Websocket, opts)
}

func (c Credentials) dial(url string, opts []nats.Option) (*Conn, error) {
	trust, err := trusting(c.CA)
	if err != nil {
		return nil, err
	}
	if trust != nil {
		opts = append(opts, nats.Secure(trust))
	}
	if strings.HasPrefix(url, "ws") {
		opts = append(opts, nats.SetCustomDialer(proxied{http.ProxyFromEnvironment}))
	}
	conn := &Conn{Credentials: c}
	all := append([]nats.Option{
		nats.ReconnectHandler(conn.isBack),
		nats.UserCredentialBytes(c.creds),
		nats.CustomInboxPrefix("_INBOX_" + c.User),
		nats.MaxReconnects(-1),
		nats.CustomReconnectDelay(pause),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // a refusal shows as a timeout, which is answered
	}, opts...)
	conn.nc, err = nats.Connect(url, all...)
	if err != nil {
		return nil, dialError(url, err)
	}
	return conn, nil
}

func pause(attempts int) time.Duration {
	longest := min(time.Second<<min(attempts, 5), 30*time.Second)
	return time.Second/2 + rand.N(longest)
}

// shutOut reports whether the hub refused the credentials.
func shutOut(err error) bool {
	return errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) || errors.Is(err, nats.ErrAuthRevoked)
}

func dialError(url string, err error) error {
	if shutOut(err) {
		return &hub.Error{Kind: hub.Unsigned, Text: "member.refused", Err: fmt.Errorf("connecting: %w", err)}
	}
	return &hub.Error{Kind: hub.Unavailable, Text: "member.unreachable", Args: []string{url}, Err: fmt.Errorf("connecting: %w", err)}
}

// Close closes the connection.
func (c *Conn) Close() { c.nc.Close() }

// ask sends v on the member's own subject and reads the reply into answer.
func (c *Conn) ask(ctx context.Context, subject string, data []byte, answer any) error {
	m, err := c.nc.RequestWithContext(ctx, subject+"."+c.User, data)
	if err != nil && c.nc.IsClosed() && shutOut(c.nc.LastError()) {
		return dialError("", c.nc.LastError()) // revoked or expired since
	}
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("asking the hub: %w", err)}
	}
	err = json.Unmarshal(m.Data, answer)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading the hub's answer: %w", err)}
	}
	return nil
}

const (
	oneTry  = 5 * time.Second  // how long a hub may take that is there
	longest = 25 * time.Second // how long another may take in the place of one that isn't
)

// askAgain asks until the hub answers: one that dies while it is asked leaves the
// question to another, or to itself when it is back. What the hub got twice is one.
func (c *Conn) askAgain(ctx context.Context, subject string, data []byte, answer any) error {
	end := time.Now().Add(longest)
	for {
		once, cancel := context.WithTimeout(ctx, oneTry)
		err := c.ask(once, subject, data, answer)
		cancel()
		if hub.KindOf(err) != hub.Unavailable || ctx.Err() != nil || c.nc.IsClosed() || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second / 4):
		}
	}
}

func (c *Conn) askCase(ctx context.Context, q deliver.CaseRequest) (deliver.CaseAnswer, error) {
	data, err := json.Marshal(q)
	if err != nil {
		return deliver.CaseAnswer{}, fmt.Errorf("asking the hub: %w", err)
	}
	var a deliver.CaseAnswer
	err = c.askAgain(ctx, "isac.case", data, &a)
	if err != nil {
		return a, err
	}
	return a, a.Refused.Err()
}

// Report seals a report to the hub's current key, sends it, and returns the
// verified receipt and the sealed bytes it stands for.
func (c *Conn) Report(ctx context.Context, report []byte) (intake.Receipt, []byte, error) {
	sealed, err := c.seal(ctx, report)
	if err != nil {
		return intake.Receipt{}, nil, err
	}
	receipt, err := c.Send(ctx, sealed)
	return receipt, sealed, err
}

// seal closes data to the hub's current key, which the hub has signed.
func (c *Conn) seal(ctx context.Context, data []byte) ([]byte, error) {
	card, err := c.card(ctx)
	if err != nil {
		return nil, err
	}
	return sealing.Seal(card.Recipient, data)
}

// card asks for the hub's current key.
func (c *Conn) card(ctx context.Context) (deliver.Card, error) {
	a, err := c.askCase(ctx, deliver.CaseRequest{Ask: "card"})
	if err != nil {
		return deliver.Card{}, err
	}
	if a.Card == nil {
		return deliver.Card{}, hub.E(hub.Unavailable, "member.no-answer")
	}
	return *a.Card, c.believe(ctx, func(line succession.Line) error { return a.Card.Verify(line.Newest()) })
}

// Feedback answers about an alert or an indicator, sealed: who carries the message
// doesn't learn about what, nor which answer.
func (c *Conn) Feedback(ctx context.Context, q feedback.Request) error {
	_, err := c.askFeedback(ctx, q)
	return err
}

func (c *Conn) askFeedback(ctx context.Context, q feedback.Request) (a feedback.Reply, err error) {
	data, err := json.Marshal(q)
	if err != nil {
		return a, fmt.Errorf("asking the hub: %w", err)
	}
	sealed, err := c.seal(ctx, data)
	if err != nil {
		return a, err
	}
	err = c.ask(ctx, "isac.feedback", sealed, &a)
	if err != nil {
		return a, err
	}
	return a, a.Refused.Err()
}

// Told returns what is told of members' answers, verified.
func (c *Conn) Told(ctx context.Context) (t feedback.Telling, err error) {
	a, err := c.askFeedback(ctx, feedback.Request{Ask: "told"})
	if err != nil {
		return t, err
	}
	err = c.believe(ctx, func(line succession.Line) error {
		if !ed25519.Verify(line.Newest(), feedback.SigningBytes(a.Told), a.Signature) {
			return hub.E(hub.Invalid, "feedback.bad-signature")
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	return t, read(a.Told, &t)
}

// Send sends a report as it is, sealed or plain STIX, and verifies the receipt.
func (c *Conn) Send(ctx context.Context, report []byte) (intake.Receipt, error) {
	if len(report) > intake.MaxSealed {
		return intake.Receipt{}, hub.E(hub.TooLarge, "intake.too-large")
	}
	var a intake.Answer
	err := c.askAgain(ctx, "isac.report", report, &a)
	if err != nil {
		return intake.Receipt{}, err
	}
	if a.Refused != nil {
		return intake.Receipt{}, a.Refused.Err()
	}
	if a.Receipt == nil {
		return intake.Receipt{}, hub.E(hub.Unavailable, "member.no-answer")
	}
	return *a.Receipt, a.Receipt.Verify(c.ReceiptKey, report)
}

// Ledger asks for what the hub's ledger has after what a member has seen of it.
func (c *Conn) Ledger(ctx context.Context, q ledger.Request) (ledger.Answer, error) {
	a, err := c.askCase(ctx, deliver.CaseRequest{Ask: "ledger", Ledger: &q})
	if err != nil {
		return ledger.Answer{}, err
	}
	if a.Ledger == nil {
		return ledger.Answer{}, hub.E(hub.Unavailable, "member.no-answer")
	}
	return *a.Ledger, nil
}

// Status returns the state of the case behind a receipt, as JSON.
func (c *Conn) Status(ctx context.Context, receipt string) (json.RawMessage, error) {
	a, err := c.askCase(ctx, deliver.CaseRequest{Ask: "status", Receipt: receipt})
	return a.Status, err
}
