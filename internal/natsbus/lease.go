package natsbus

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync/atomic"
	"time"

	"isac/hub"
	"isac/hub/lease"
)

// Lease lets one of several nodes do what must be done once: clocks, releases, tellings.
// It stands as the last message of a subject of NODES; package lease decides by it. One
// node that is cut off may believe for a moment longer than it may that it leads, and
// what it then stores is refused where another was faster: every store of a case or alert
// expects the sequence that its node knew.
type Lease struct {
	bus     *Bus
	subject string
	name    string       // of this node, random
	until   atomic.Int64 // of this node's, in nanoseconds since begun; 0 while another has it
	begun   time.Time
}

// leaseLife is how long a node may be silent before another takes its place.
const leaseLife = 6 * time.Second

// NewLease returns a lease that nobody holds yet; Run takes and keeps it.
func (b *Bus) NewLease(what string) *Lease {
	var name [8]byte
	rand.Read(name[:])
	return &Lease{bus: b, subject: "node.lease." + what, name: hex.EncodeToString(name[:]), begun: time.Now()}
}

// Held reports whether this node holds the lease. It is false some time before another
// may take it.
func (l *Lease) Held() bool { return int64(time.Since(l.begun)) < l.until.Load() }

// Run takes the lease when it is free and keeps it until ctx ends, then gives it back.
func (l *Lease) Run(ctx context.Context) {
	view := lease.New(l.name, leaseLife)
	for ctx.Err() == nil {
		asked := time.Since(l.begun)
		m, err := l.bus.Last(ctx, Nodes, l.subject)
		known := err == nil || hub.KindOf(err) == hub.NotFound
		if known && view.Read(asked, m.Seq, string(m.Data)) {
			last, err := l.bus.Append(ctx, l.subject, m.Seq, nil, []byte(l.name))
			if err == nil {
				view.Wrote(asked, last)
				l.until.Store(int64(view.Until()))
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(view.Every()):
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
