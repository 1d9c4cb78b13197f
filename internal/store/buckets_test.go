package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/hub/find"
)

// TestNoBucketIsSmall puts in more and more values: with as many bits as are told, every
// bucket has enough of them, is whole, and holds nothing else.
func TestNoBucketIsSmall(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const least = 20
	var values []string
	for n, total := range []int{5, 39, 400, 3000} {
		row := labelled(uint64(n+1), hub.TLPGreen)
		for len(values) < total {
			v := fmt.Sprintf("H%d.example", len(values))
			values = append(values, v)
			row.Indicators = append(row.Indicators, IndicatorRow{StixID: v, Type: string(hub.Domain), Value: v})
		}
		err := p.Put(t.Context(), []AlertRow{row})
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Buckets(t.Context(), least)
		if err != nil || b.Values != total || total >= 400 && b.Bits < 2 {
			t.Fatalf("%d values: %+v, %v", total, b, err)
		}
		in := map[uint32]int{}
		for _, v := range values {
			in[find.Bucket(v, b.Bits)]++
		}
		for prefix := range uint32(1) << b.Bits {
			rows, err := p.InBucket(t.Context(), prefix, b.Bits)
			if err != nil || len(rows) != in[prefix] || len(rows) < min(least, total) {
				t.Errorf("%d values, bucket %d of %d bits: %d rows of %d, %v", total, prefix, b.Bits, len(rows), in[prefix], err)
			}
			for _, r := range rows {
				if find.Bucket(r.Value, b.Bits) != prefix {
					t.Errorf("%s isn't of bucket %d", r.Value, prefix)
				}
			}
		}
	}
}
