// Package lease decides which of several nodes does what must be done once.
//
// A lease is the last message of one subject of a log: the name of who has it, empty
// when it was given back. Whoever has it writes it anew every few seconds, each time on
// condition that the last message is still the one that it read; who sees it unchanged
// for longer than a life takes it in the same way. So by the log's word two never have
// it. By their own word two may, for a moment: a machine that stood still believes what
// it believed before. What they store meanwhile must expect what they knew, as their
// taking of the lease does.
//
// The package trusts the log's sequences. Times are those of a node's own clock that is
// never set, since any moment; clocks of different nodes are never compared.
//
//	if l.Read(now, seq, holder) { // and the log takes the name after seq, at at:
//		l.Wrote(now, at)
//	}
//	if l.Held(now) { … }
package lease

import "time"

// Lease is one node's view of a lease.
type Lease struct {
	name  string
	life  time.Duration
	seen  uint64        // sequence of the last message known
	since time.Duration // when it was seen first
	until time.Duration // of this node's own hold
}

// New returns the view of a node that knows nothing yet. Name is the node's own, of no
// other; life is how long a holder may be silent before another takes its place.
func New(name string, life time.Duration) Lease { return Lease{name: name, life: life} }

// Read takes in the last message of the lease, as asked for at now: its sequence, 0 for
// none, and the name in it. It tells whether this node should write its own name after it.
func (l *Lease) Read(now time.Duration, seq uint64, holder string) (write bool) {
	if seq != l.seen {
		l.seen, l.since = seq, now
	}
	return holder == l.name || holder == "" || now-l.since > l.life
}

// Wrote takes in that the log has this node's name at seq. Asked is when the node asked
// for it: the hold counts from there, and ends some time before another may take it.
func (l *Lease) Wrote(asked time.Duration, seq uint64) {
	l.seen, l.since, l.until = seq, asked, asked+l.life*2/3
}

// Held reports whether this node may do what must be done once.
func (l *Lease) Held(now time.Duration) bool {
	return now < l.until
}

// Until is when the hold ends; 0 before the first.
func (l *Lease) Until() time.Duration { return l.until }

// Every is how often a node should read: often enough that its own hold has no gap.
func (l *Lease) Every() time.Duration { return l.life / 6 }
