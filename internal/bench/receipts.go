package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"isac/internal/admin"
	"isac/internal/member"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/sample"
	"isac/internal/sealing"
)

const (
	senders  = 16  // members that report at once
	perRound = 160 // reports in each round
)

// receipts measures receipts a second that members hold and have verified, with one
// report in flight and with sixteen, beside acknowledged publishes of the same
// bytes, over as many connections, to a stream of the same settings on a plain
// server. Behind both the hub drafts what it has received, as it does in life.
func (r *run) receipts(ctx context.Context, n *node.Node) error {
	conns, err := r.connect(ctx, n)
	if err != nil {
		return err
	}
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
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
		name   string
		flight int
	}{{"receipt", 1}, {"receipt16", senders}} {
		r.Progress(f.name)
		subject := func() (float64, error) {
			made++
			reports, err := r.sealed(n, made)
			if err != nil {
				return 0, err
			}
			return rate(f.flight, reports, func(sender, _ int, report []byte) error {
				_, err := conns[sender].Send(ctx, report)
				return err
			})
		}
		yardstick := func() (float64, error) {
			made++
			reports, err := r.sealed(n, made)
			if err != nil {
				return 0, err
			}
			return rate(f.flight, reports, func(sender, i int, report []byte) error {
				_, err := raw[sender].Publish(ctx, fmt.Sprintf("bench.%d-%d", made, i), report)
				return err
			})
		}
		value, measure, err := alternate(3*r.Rounds, subject, yardstick)
		if err != nil {
			return err
		}
		r.took(f.name, value, measure)
	}
	return nil
}

// connect gives the first members credentials and connects them.
func (r *run) connect(ctx context.Context, n *node.Node) ([]*member.Conn, error) {
	var conns []*member.Conn
	for _, o := range r.list.Members()[:senders] {
		reply, err := admin.Do(ctx, n, admin.Request{Op: "credentials", ID: o.ID})
		if err != nil {
			return conns, err
		}
		file := filepath.Join(r.dir, o.ID+".creds")
		err = os.WriteFile(file, reply.Credentials, 0o600)
		if err != nil {
			return conns, fmt.Errorf("writing credentials: %w", err)
		}
		creds, err := member.Read(file)
		if err != nil {
			return conns, err
		}
		conn, err := creds.Dial("")
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
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
func (r *run) sealed(n *node.Node, round int) ([][]byte, error) {
	_, recipient, err := n.Ring.Epoch(time.Now())
	if err != nil {
		return nil, err
	}
	out := make([][]byte, perRound)
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
