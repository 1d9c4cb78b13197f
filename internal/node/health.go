package node

import (
	"context"
	"crypto/tls"
	"errors"
	"sync"
	"time"

	"isac/hub"
	"isac/internal/backup"
	"isac/internal/doctor"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/retention"
)

// overdue is what retention last found.
type overdue struct {
	mu   sync.Mutex
	late map[string]int
}

// missedAfter is how long something may be due before it counts as missed.
const missedAfter = 15 * time.Minute

// tend ends what nothing else ends, and measures how the hub is, until ctx ends.
func (n *Node) tend(ctx context.Context) {
	tick := time.NewTicker(n.Tick)
	defer tick.Stop()
	var swept, measured time.Time
	for {
		now := n.Now()
		if now.Sub(swept) >= time.Hour {
			swept = now
			err := errors.Join(n.sessions.Sweep(ctx, now), n.Postbox.Sweep(ctx), n.lookForLate(ctx))
			if err != nil && ctx.Err() == nil {
				n.Log.Warn("sweep failed", "class", string(hub.KindOf(err)))
			}
		}
		if now.Sub(measured) >= 15*time.Second {
			measured = now
			n.measure(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lookForLate notes what should have ended and hasn't.
func (n *Node) lookForLate(ctx context.Context) error {
	late, err := retention.Overdue(ctx, retention.Config{
		Bus: n.Bus, Ring: n.Ring, Sessions: n.sessions, Links: n.Clocks.LinkRetention, Notices: n.Postbox.Ended, Now: n.Now,
		Cases: func(grace time.Duration) int { return n.Desk.Health(grace).Late },
	})
	if err != nil {
		return err
	}
	found := map[string]int{}
	for _, l := range late {
		found[l.What] = l.N
		n.Metrics.Overdue(l.What, l.N)
	}
	n.overdue.mu.Lock()
	defer n.overdue.mu.Unlock()
	n.overdue.late = found
	return nil
}

// Health is what the hub says of itself, to its operator alone.
func (n *Node) Health(ctx context.Context) (doctor.Inside, error) {
	err := n.lookForLate(ctx)
	if err != nil {
		return doctor.Inside{}, err
	}
	in := n.health(ctx)
	n.overdue.mu.Lock()
	in.Late = n.overdue.late
	n.overdue.mu.Unlock()
	pool, err := n.Office.Pool()
	if err != nil {
		return in, err
	}
	in.Moderators, in.Short = pool.Moderators, len(pool.Short)
	counts, err := n.Metrics.Summary()
	if err != nil {
		return in, err
	}
	in.Alarms = map[string]int{}
	for _, c := range counts.Due {
		in.Alarms[c.Kind] = c.N
	}
	return in, nil
}

// health is the part that is cheap enough for every minute.
func (n *Node) health(ctx context.Context) doctor.Inside {
	clocks, signer := n.Desk.Health(missedAfter), n.Ring.SignerReady()
	in := doctor.Inside{
		Storing: n.Bus.Ready() == nil, Room: n.Bus.Room() == nil, Turned: clocks.Turned, Missed: clocks.Missed, Now: n.Now(),
		Members: len(n.members()), Connections: n.Bus.Connections(), Unsigned: signer != nil || n.Ring.Replaced() || n.Ring.Unsure(), TooLong: errors.Is(signer, keyring.ErrTooLong), Replaced: n.Ring.Replaced(), Unsure: n.Ring.Unsure(),
	}
	applied, err := n.Public.Applied(ctx)
	in.View = err == nil
	last, err := n.Bus.LastSeq(ctx, natsbus.Alerts)
	if err == nil && last > applied {
		in.Behind = last - applied
	}
	usage, err := n.Bus.Usage(ctx)
	if err == nil {
		in.Bytes, in.Limit, in.Full, in.Replicas = usage.Bytes, usage.Limit, usage.Full, usage.Replicas
	}
	in.Waiting, in.Oldest, err = n.Bus.Waiting(ctx, natsbus.Intake, time.Now())
	if err != nil {
		in.Storing = false
	}
	return in
}

// measure puts into the metrics how the hub is.
func (n *Node) measure(ctx context.Context) {
	in := n.health(ctx)
	if ctx.Err() != nil {
		return
	}
	n.Metrics.State(map[string]float64{
		"isac_ready": truth(n.ready(ctx) == nil), "isac_intake_waiting": float64(in.Waiting), "isac_intake_oldest_seconds": in.Oldest.Seconds(),
		"isac_view_behind": float64(in.Behind), "isac_signer_away": truth(in.Unsigned), "isac_duties_missed": float64(in.Missed), "isac_clocks_turned_timestamp_seconds": seconds(in.Turned),
		"isac_streams_bytes": float64(in.Bytes), "isac_connections": float64(in.Connections),
		"isac_disk_free_bytes": float64(natsbus.Free(n.Dir)), "isac_backup_timestamp_seconds": seconds(backup.Last(n.Dir)), "isac_certificate_end_timestamp_seconds": seconds(n.certificateEnd()),
	})
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// seconds are those since 1970, 0 for no time.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// certificateEnd is when the first of the hub's certificates ends, zero without any.
func (n *Node) certificateEnd() (end time.Time) {
	if n.TLS == nil {
		return end
	}
	inUse := n.TLS.Certificates
	if n.TLS.GetCertificate != nil { // files that are read again when they change
		c, err := n.TLS.GetCertificate(&tls.ClientHelloInfo{})
		if err != nil {
			return end
		}
		inUse = []tls.Certificate{*c}
	}
	for _, c := range inUse {
		if c.Leaf != nil && (end.IsZero() || c.Leaf.NotAfter.Before(end)) {
			end = c.Leaf.NotAfter
		}
	}
	return end
}

// alive refuses when the hub's clocks stand still: then a restart is the way out.
func (n *Node) alive() error {
	turned := n.Desk.Health(missedAfter).Turned
	if !turned.IsZero() && n.Now().Sub(turned) > doctor.Stalled {
		return hub.E(hub.Unavailable, "error.unavailable")
	}
	return nil
}

// ready refuses when the hub takes no reports or can't show alerts.
func (n *Node) ready(ctx context.Context) error {
	_, err := n.Public.Newest(ctx)
	return errors.Join(err, n.Bus.Ready(), n.Bus.Room(), n.alive())
}
