package backup_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"isac/internal/backup"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/node"
)

// cutting is a log that breaks off after so many messages.
type cutting struct {
	backup.Source
	left int
}

var errCut = errors.New("cut")

func (c *cutting) Range(ctx context.Context, stream string, from, to uint64, each func(natsbus.Message) error) error {
	return c.Source.Range(ctx, stream, from, to, func(m natsbus.Message) error {
		c.left--
		if c.left < 0 {
			return errCut
		}
		return each(m)
	})
}

// TestMove copies a log from the folder to an external server, is cut short, goes on, and
// has every stream there as it was; the hub takes it up.
func TestMove(t *testing.T) {
	r := rehearse(t)
	r.report("one")
	want := r.digests(r.Bus)
	r.must(r.Close())
	config, err := natsbus.ServerConfig(r.Folder, natsbus.Listeners{})
	r.must(err)
	s := hubtest.NATSServer(t, config, t.TempDir())
	from, closeFrom, err := node.OpenLog(t.Context(), node.Log{Dir: r.Folder})
	r.must(err)
	to, closeTo, err := node.OpenCopy(t.Context(), node.Log{Dir: r.Folder, URL: s.ClientURL()})
	r.must(err)
	_, err = backup.Move(t.Context(), &cutting{from, 20}, to)
	if !errors.Is(err, errCut) {
		t.Fatalf("not cut: %v", err)
	}
	moved, err := backup.Move(t.Context(), from, to)
	r.must(err)
	if !maps.Equal(r.digests(to), want) || moved.Streams != len(backup.Order) {
		t.Errorf("the moved log differs: %+v", moved)
	}
	r.must(errors.Join(closeTo(), closeFrom(), node.SetLog(r.Folder, true)))
	bus, done, err := node.OpenLog(t.Context(), node.Log{Dir: r.Folder, URL: s.ClientURL()})
	r.must(err)
	if !maps.Equal(r.digests(bus), want) {
		t.Error("the hub's own start altered the moved log")
	}
	_, err = bus.Append(t.Context(), "case.0123", 0, nil, []byte("x"))
	r.must(errors.Join(err, done()))
	_, _, err = node.OpenLog(t.Context(), node.Log{Dir: r.Folder})
	if err == nil {
		t.Error("the folder's old log is taken up again")
	}
}
