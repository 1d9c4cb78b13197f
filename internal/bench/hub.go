package bench

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"

	"isac/hub/profile"
	"isac/internal/node"
	"isac/internal/validation"
)

// hub measures what needs a running hub: the fan-out first, while it has nothing
// else to do, then receipts.
func (r *run) hub(ctx context.Context) error {
	n, err := r.start(ctx, filepath.Join(r.dir, "hub"))
	if err != nil {
		return err
	}
	err = r.fanout(ctx, n)
	if err == nil {
		err = r.receipts(ctx, n)
	}
	return errors.Join(err, n.Close())
}

// start runs a hub in this process that has the sector list.
func (r *run) start(ctx context.Context, dir string) (*node.Node, error) {
	v, err := validation.Embedded()
	if err != nil {
		return nil, err
	}
	n, err := node.Start(ctx, node.Config{
		Dir: dir, Profile: profile.HealthcareJP(), Validator: v, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	if err != nil {
		return nil, err
	}
	err = n.Roster.Import(ctx, r.csv)
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}
