package natsbus

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync/atomic"
	"time"

	"isac/hub"
)

// Lease lets one of several nodes do what must be done once: clocks, releases, tellings.
// It stands as the last message of a subject of NODES. Who holds it writes it anew every
// few seconds, each time only if the last message is still its own; who sees it unchanged
// for longer than its time, by a clock of its own, takes it in the same way. So two never
// hold it by the store's word; one that is cut off may believe so for a moment longer
// than it may, and what it then stores is refused where another was faster: every store
// of a case or alert expects the sequence that its node knew.
type Lease struct {
	bus     *Bus
	subject string
	name    string        // of this node, random
	life    time.Duration // after which an unchanged lease is nobody's
	until   atomic.Int64  // of this node's, in nanoseconds since begun; 0 while another has it
	begun   time.Time
}

// leaseLife is how long a node may be silent before another takes its place.
const leaseLife = 6 * time.Second

// NewLease returns a lease that nobody holds yet; Run takes and keeps it.
func (b *Bus) NewLease(what string) *Lease {
	var name [8]byte
	rand.Read(name[:])
	return &Lease{bus: b, subject: "node.lease." + what, name: hex.EncodeToString(name[:]), life: leaseLife, begun: time.Now()}
}

// Held reports whether this node holds the lease. It is false some time before another
// may take it.
func (l *Lease) Held() bool { return int64(time.Since(l.begun)) < l.until.Load() }

// Run takes the lease when it is free and keeps it until ctx ends, then gives it back.
func (l *Lease) Run(ctx context.Context) {
	var seen uint64 // sequence of the last message known
	var since time.Time
	for ctx.Err() == nil {
		asked := time.Now()
		m, err := l.bus.Last(ctx, Nodes, l.subject)
		free := hub.KindOf(err) == hub.NotFound || err == nil && len(m.Data) == 0
		if err == nil && m.Seq != seen {
			seen, since = m.Seq, asked
		}
		mine := err == nil && string(m.Data) == l.name
		if mine || free || err == nil && time.Since(since) > l.life {
			last, err := l.bus.Append(ctx, l.subject, m.Seq, nil, []byte(l.name))
			if err == nil {
				seen, since = last, asked
				l.until.Store(int64(asked.Add(l.life * 2 / 3).Sub(l.begun)))
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(l.life / 6):
		}
	}
	l.giveBack()
}

// giveBack lets another node take the lease at once.
func (l *Lease) giveBack() {
	if !l.Held() {
		return
	}
	l.until.Store(0)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	m, err := l.bus.Last(ctx, Nodes, l.subject)
	if err == nil && string(m.Data) == l.name {
		_, _ = l.bus.Append(ctx, l.subject, m.Seq, nil, nil) // else it ends by itself
	}
}
