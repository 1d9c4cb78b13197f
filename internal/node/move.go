package node

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"isac/internal/keep"
	"isac/internal/natsbus"
)

// SetLog writes into a data folder that its log lies there (external false) or at a NATS
// server. Whoever calls it has brought the log there; no hub may be running.
func SetLog(dir string, external bool) error {
	file := filepath.Join(dir, "hub.json")
	data, err := os.ReadFile(file)
	var f folderFile
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	if err == nil {
		f.External = external
		data, err = json.Marshal(f)
	}
	if err == nil {
		err = keep.Replace(file, data)
	}
	if err != nil {
		return fmt.Errorf("noting where the log lies: %w", err)
	}
	return nil
}

// OpenCopy opens the place of a log that is being written from elsewhere; call done
// after, which makes it last. The folder isn't held: it is no hub's yet, or already held.
func OpenCopy(ctx context.Context, l Log) (bus *natsbus.Bus, done func() error, err error) {
	bus, err = natsbus.Start(ctx, natsbus.Options{Dir: l.Dir, Addr: "127.0.0.1:0", URL: l.URL, CA: pool(l.CA), Copying: true})
	if err != nil {
		return nil, nil, orFull(l.Dir, err)
	}
	return bus, func() error {
		bus.Close()
		if l.URL != "" {
			return nil
		}
		return natsbus.SyncCopied(l.Dir)
	}, nil
}
