package node

import (
	"context"
	"errors"
	"time"

	"isac/internal/natsbus"
)

// Log is where the log of a hub lies.
type Log struct {
	Dir string // its data folder
	URL string // of the external server; "" for the embedded one
	CA  []byte // PEM, of the external server; nil for the system's
}

// OpenLog opens only the log of a data folder that no hub uses; call done after.
func OpenLog(ctx context.Context, l Log) (bus *natsbus.Bus, done func() error, err error) {
	dir := l.Dir
	f, err := openFolder(dir, l.URL != "", false, time.Now())
	if err != nil {
		return nil, nil, err
	}
	bus, err = natsbus.Start(ctx, natsbus.Options{Dir: dir, Addr: "127.0.0.1:0", URL: l.URL, CA: pool(l.CA)})
	if err != nil {
		return nil, nil, errors.Join(orFull(dir, err), f.close())
	}
	return bus, func() error {
		bus.Close()
		return f.close()
	}, nil
}
