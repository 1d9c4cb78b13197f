package store

import (
	"context"
	"fmt"
	"math/bits"
	"sync"

	"isac/hub/find"
)

// Buckets say how finely values may be asked for by the beginning of their hash.
type Buckets struct {
	Bits   int // of the hash, at most
	Values int // different values altogether
}

// buckets remembers how fine they are, until an alert comes.
type buckets struct {
	sync.Mutex
	seq  uint64
	last Buckets
}

// Buckets returns the most bits with which every bucket still has least different
// values; 0 bits are one bucket for all.
func (p *Public) Buckets(ctx context.Context, least int) (Buckets, error) {
	seq, err := p.Applied(ctx)
	if err != nil {
		return Buckets{}, err
	}
	p.buckets.Lock()
	defer p.buckets.Unlock()
	if p.buckets.seq == seq && seq > 0 {
		return p.buckets.last, nil
	}
	b, err := p.countBuckets(ctx, least)
	if err != nil {
		return b, fmt.Errorf("counting buckets: %w", err)
	}
	p.buckets.seq, p.buckets.last = seq, b
	return b, nil
}

func (p *Public) countBuckets(ctx context.Context, least int) (b Buckets, err error) {
	err = p.db.QueryRowContext(ctx, "SELECT count(DISTINCT bucket) FROM indicators").Scan(&b.Values)
	if err != nil || b.Values < 2*least {
		return b, err
	}
	for b.Bits = bits.Len(uint(b.Values/least)) - 1; b.Bits > 0; b.Bits-- {
		var count, smallest int
		err = p.db.QueryRowContext(ctx, "SELECT count(*), min(n) FROM (SELECT count(DISTINCT bucket) n FROM indicators GROUP BY bucket >> ?)", find.BucketBits-b.Bits).Scan(&count, &smallest)
		if err != nil || count == 1<<b.Bits && smallest >= least {
			return b, err
		}
	}
	return b, nil
}

// InBucket returns all indicators whose hash begins with these bits.
func (p *Public) InBucket(ctx context.Context, prefix uint32, length int) ([]IndicatorRow, error) {
	first := int64(prefix) << (find.BucketBits - length)
	last := first | (1<<(find.BucketBits-length) - 1)
	var out []IndicatorRow
	q := IndicatorQuery{bucketed: true, firstBucket: first, lastBucket: last, Limit: 500}
	for {
		rows, err := p.Indicators(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if len(rows) < q.Limit {
			return out, nil
		}
		q.After = rows[len(rows)-1].Row
	}
}
