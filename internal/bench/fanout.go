package bench

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/node"
)

// fanout measures the time from the publishing of an alert to its last delivery at
// a subscribed client, beside the same message through a NATS server without
// accounts, credentials or permissions.
func (r *run) fanout(ctx context.Context, n *node.Node) error {
	r.Progress("fanout")
	e, err := entry(r.made[0], n.Ring.SignAlert)
	if err != nil {
		return err
	}
	r.result.AlertBytes = len(e.Bundle)
	plain, err := startPlain("")
	if err != nil {
		return err
	}
	defer plain.close()
	members, err := subscribe(ctx, r.Members, n.Bus.URL(), func(int) (login, error) { return issue(n.Bus) })
	if err != nil {
		return err
	}
	defer members.close()
	others, err := subscribe(ctx, r.Members, plain.server.ClientURL(), nil)
	if err != nil {
		return err
	}
	defer others.close()
	header := deliver.Header(e)
	nc, err := nats.Connect("", nats.InProcessServer(plain.server)) // as the hub to its own
	if err != nil {
		return fmt.Errorf("connecting to plain nats server: %w", err)
	}
	defer nc.Close()
	value, yardstick, err := alternate(3*r.Rounds, func() (float64, error) {
		return members.last(ctx, func() error { return n.Bus.Publish(e.Subject(), header, e.Bundle) })
	}, func() (float64, error) {
		return others.last(ctx, func() error { return publish(nc, e.Subject(), header, e.Bundle) })
	})
	r.took("fanout", value, yardstick)
	return err
}

// entry reads the metadata that stand inside an alert.
func entry(bundle []byte, sign func([]byte) ([]byte, error)) (deliver.Entry, error) {
	inside, err := deliver.Inside(bundle)
	if err != nil {
		return deliver.Entry{}, err
	}
	inside.Digest = hub.Sum(bundle)
	signature, err := sign(bundle)
	return deliver.Entry{Alert: inside, Bundle: bundle, Signature: signature}, err
}
