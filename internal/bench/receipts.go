package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"isac/hub/intake"
	"isac/internal/admin"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/sample"
	"isac/internal/sealing"
)

// senders is how many members report at once.
const senders = 16

// receipts measures receipts a second that reach members, with one report in flight
// and with sixteen, beside acknowledged publishes of the same bytes, over as many
// connections, to a stream of the same settings on a plain server. Members verify
// their receipts when the clock has stopped: that is their machines' work. Behind
// both the hub drafts what it has received, as it does in life.
func (r *run) receipts(ctx context.Context, n *node.Node) error {
	conns, err := r.connect(ctx, n)
	if err != nil {
		return err
	}
	defer conns.close()
	plain, err := startPlain(filepath.Join(r.dir, "plain"))
	if err != nil {
		return err
	}
	defer plain.close()
	raw, err := rawStream(ctx, n, plain)
	if err != nil {
		return err
	}
	made := 0
	for _, f := range []struct {
		name     string
		flight   int
		perRound int // few, so that a stall of the disk spoils few rounds
		rounds   int
	}{{"receipt", 1, senders, 25 * r.Rounds}, {"receipt16", senders, 8 * senders, 4 * r.Rounds}} {
		r.Progress(f.name)
		subject := func() (float64, error) {
			made++
			reports, err := r.sealed(n, made, f.perRound)
			if err != nil {
				return 0, err
			}
			answers := make([][]byte, len(reports))
			value, err := rate(f.flight, reports, func(sender, i int, report []byte) (err error) {
				answers[i], err = conns[sender].report(ctx, report)
				return err
			})
			return value, errors.Join(err, verify(n, reports, answers))
		}
		yardstick := func() (float64, error) {
			made++
			reports, err := r.sealed(n, made, f.perRound)
			if err != nil {
				return 0, err
			}
			return rate(f.flight, reports, func(sender, i int, report []byte) error {
				_, err := raw[sender].Publish(ctx, fmt.Sprintf("bench.%d-%d", made, i), report)
				return err
			})
		}
		value, measure, err := alternate(f.rounds, subject, yardstick)
		if err != nil {
			return err
		}
		r.took(f.name, value, measure)
	}
	return nil
}

// reporter is a member's connection.
type reporter struct {
	nc   *nats.Conn
	user string
}

type reporters []reporter

func (c reporters) close() {
	for _, one := range c {
		one.nc.Close()
	}
}

// report sends a report and returns the hub's answer.
func (c reporter) report(ctx context.Context, sealed []byte) ([]byte, error) {
	m, err := c.nc.RequestWithContext(ctx, "isac.report."+c.user, sealed)
	if err != nil {
		return nil, fmt.Errorf("reporting: %w", err)
	}
	return m.Data, nil
}

// verify checks that every answer is a receipt for its report.
func verify(n *node.Node, reports, answers [][]byte) error {
	for i, data := range answers {
		var a intake.Answer
		err := json.Unmarshal(data, &a)
		if err != nil {
			return fmt.Errorf("reading answer: %w", err)
		}
		if a.Receipt == nil {
			return errors.Join(errors.New("no receipt"), a.Refused.Err())
		}
		err = a.Receipt.Verify(n.Ring.ReceiptKey(), reports[i])
		if err != nil {
			return err
		}
	}
	return nil
}

// connect gives the first members credentials and connects them.
func (r *run) connect(ctx context.Context, n *node.Node) (reporters, error) {
	var conns reporters
	for _, o := range r.list.Members()[:senders] {
		one, err := r.connectOne(ctx, n, o.ID)
		if err != nil {
			conns.close()
			return nil, err
		}
		conns = append(conns, one)
	}
	return conns, nil
}

func (r *run) connectOne(ctx context.Context, n *node.Node, id string) (reporter, error) {
	reply, err := admin.Do(ctx, n, admin.Request{Op: "credentials", ID: id})
	if err != nil {
		return reporter{}, err
	}
	file := filepath.Join(r.dir, id+".creds")
	err = os.WriteFile(file, reply.Credentials, 0o600)
	if err != nil {
		return reporter{}, fmt.Errorf("writing credentials: %w", err)
	}
	nc, user, err := natsbus.DialMember(n.Bus.URL(), file)
	return reporter{nc, user}, err
}

// rawStream makes a stream with the settings of INTAKE on the plain server, and as
// many connections to it as there are senders.
func rawStream(ctx context.Context, n *node.Node, plain *plainServer) ([]jetstream.JetStream, error) {
	s, err := n.Bus.JS.Stream(ctx, natsbus.Intake)
	if err != nil {
		return nil, fmt.Errorf("reading settings: %w", err)
	}
	c := s.CachedInfo().Config
	c.Name, c.Subjects = "BENCH", []string{"bench.*"}
	var out []jetstream.JetStream
	for range senders {
		nc, err := nats.Connect(plain.server.ClientURL(), nats.NoReconnect()) // ends with the server
		if err != nil {
			return nil, fmt.Errorf("connecting to plain nats server: %w", err)
		}
		js, err := jetstream.New(nc)
		if err != nil {
			return nil, fmt.Errorf("opening streams: %w", err)
		}
		out = append(out, js)
	}
	_, err = out[0].CreateStream(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("making stream: %w", err)
	}
	return out, nil
}

// sealed makes the reports of one round, each of another incident, as members'
// clients seal them.
func (r *run) sealed(n *node.Node, round, count int) ([][]byte, error) {
	_, recipient, err := n.Ring.Epoch(time.Now())
	if err != nil {
		return nil, err
	}
	out := make([][]byte, count)
	for i := range out {
		report, err := sample.Report(r.list.Members()[i%senders], fmt.Sprint(round, " ", i))
		if err != nil {
			return nil, err
		}
		out[i], err = sealing.Seal(recipient, report)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rate sends all reports, so many at once, and returns how many a second went.
func rate(flight int, reports [][]byte, send func(sender, i int, report []byte) error) (float64, error) {
	var work sync.WaitGroup
	errs := make(chan error, flight)
	start := time.Now()
	for s := range flight {
		work.Go(func() {
			for i := s; i < len(reports); i += flight {
				err := send(s, i, reports[i])
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	work.Wait()
	took := time.Since(start)
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(len(reports)) / took.Seconds(), nil
	}
}
