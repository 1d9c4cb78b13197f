package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/internal/natsbus"
	"isac/internal/projection"
)

const (
	logAlerts = 400 // entries of the log that is replayed
	perCase   = 5   // messages of each case
	different = 20  // alerts of which the log is made
)

// replay measures the rebuilding of both views from the log, in rows a second,
// beside inserts of the same rows into tables of the same form.
func (r *run) replay(ctx context.Context) error {
	r.Progress("replay")
	dir := filepath.Join(r.dir, "log")
	bus, err := natsbus.Start(ctx, natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	defer bus.Close()
	err = r.fill(ctx, bus)
	if err != nil {
		return err
	}
	compared, err := projection.Replay(ctx, bus, dir) // the rows for the yardstick
	if err != nil {
		return err
	}
	if compared.Alerts != logAlerts || compared.Events != logAlerts*perCase {
		return fmt.Errorf("%d alerts and %d events instead of %d and %d", compared.Alerts, compared.Events, logAlerts, logAlerts*perCase)
	}
	views, rows, err := readViews(ctx, dir, "public.db", "private.db")
	if err != nil {
		return err
	}
	value, yardstick, err := alternate(r.Rounds, func() (float64, error) {
		start := time.Now()
		c, err := projection.Replay(ctx, bus, dir)
		if err == nil && !c.Same {
			err = errors.New("the rebuilt view differs")
		}
		return float64(rows) / time.Since(start).Seconds(), err
	}, func() (float64, error) {
		start := time.Now()
		for _, v := range views {
			err := v.insert(ctx, filepath.Join(r.dir, "raw.db"))
			if err != nil {
				return 0, err
			}
		}
		return float64(rows) / time.Since(start).Seconds(), nil
	})
	r.took("replay", value, yardstick)
	return err
}

// fill writes a log as the hub would have: alerts with their indicators, and for
// each a case of a few messages.
func (r *run) fill(ctx context.Context, bus *natsbus.Bus) error {
	js, err := jetstream.New(bus.NC, jetstream.WithPublishAsyncMaxPending(64))
	if err != nil {
		return fmt.Errorf("opening streams: %w", err)
	}
	put := func(subject string, header nats.Header, data []byte) error {
		_, err := js.PublishMsgAsync(&nats.Msg{Subject: subject, Header: header, Data: data}, jetstream.WithStallWait(30*time.Second))
		return err
	}
	for i := range logAlerts {
		e, err := numbered(r.made[i%different], i+1)
		if err == nil {
			err = put("alert."+e.ID+".1", deliver.Header(e), e.Bundle)
		}
		if err != nil {
			return fmt.Errorf("writing log: %w", err)
		}
		for n := range perCase {
			data, err := event(n)
			if err == nil {
				err = put("case."+e.ID, nil, data)
			}
			if err != nil {
				return fmt.Errorf("writing log: %w", err)
			}
		}
	}
	select {
	case <-js.PublishAsyncComplete():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// numbered makes the entry of a number: what isn't lasting has an id of its own in each
// alert.
func numbered(alert []byte, number int) (deliver.Entry, error) {
	b, err := stix.ParseBundle(alert, stix.DefaultLimits())
	if err != nil {
		return deliver.Entry{}, err
	}
	for _, o := range b.Objects {
		if !release.Lasting(o) && o.Type() != "marking-definition" {
			id := stix.NameID(o.Type(), o.ID()+" "+strconv.Itoa(number))
			alert = bytes.ReplaceAll(alert, []byte(o.ID()), []byte(id))
		}
	}
	e, err := entry(alert, func([]byte) ([]byte, error) { return make([]byte, 64), nil })
	e.Number, e.ID = uint64(number), stix.NameID("report", "bench "+strconv.Itoa(number))[len("report--"):]
	return e, err
}

// event is the n-th message of a case, in the form in which the log has them.
func event(n int) ([]byte, error) {
	kinds := []string{"received", "drafted", "consented", "approved", "released"}
	return json.Marshal(map[string]any{
		"policy": "1", "sealed": make([]byte, 1500),
		"events": []any{map[string]any{"version": 1, "kind": kinds[n%len(kinds)], "stage": hub.Full, "time": time.Unix(1_800_000_000, 0).UTC()}},
	})
}

func removeDatabase(file string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Remove(file + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("removing database: %w", err)
		}
	}
	return nil
}
