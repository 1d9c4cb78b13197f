package deliver_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/deliver"
)

// history is a true log of n entries, and the entries of a liar with the same key
// who forked it.
func history(t *testing.T, n int) (whole, forked []deliver.Entry, pub ed25519.PublicKey) {
	pub, priv := keys(t, 1)
	var last, other hub.Digest
	for i := range uint64(n) {
		e := entry(t, priv, i+1, last)
		f := entry(t, priv, i+1, hub.Sum(append(other[:], byte(i))))
		whole, forked = append(whole, e), append(forked, f)
		last, other = e.Digest, f.Digest
	}
	return whole, forked, pub
}

// TestChainOnlyEverHoldsTheTrueLog feeds a client the entries of both logs in any
// order: it stays on the first log that it saw, entry by entry.
func TestChainOnlyEverHoldsTheTrueLog(t *testing.T) {
	whole, forked, _ := history(t, 12)
	rapid.Check(t, func(rt *rapid.T) {
		var c deliver.Chain
		first, err := c.Next(whole[0])
		if err != nil {
			rt.Fatal(err)
		}
		c = first
		for range 60 {
			from := whole
			if rapid.IntRange(0, 3).Draw(rt, "forked") == 0 {
				from = forked
			}
			e := from[rapid.IntRange(0, len(from)-1).Draw(rt, "entry")]
			if rapid.Bool().Draw(rt, "next") {
				e = whole[min(int(c.Last), len(whole)-1)]
			}
			next, err := c.Next(e)
			switch {
			case err != nil && next != c:
				rt.Fatalf("a refused entry moved the chain")
			case err == nil && (next.Digest != whole[next.Last-1].Digest || next.Last < c.Last || next.Last > c.Last+1):
				rt.Fatalf("chain at %d isn't the true log", next.Last)
			}
			var gap *deliver.Gap
			if errors.As(err, &gap) && (gap.From != c.Last || gap.To != e.Number) {
				rt.Fatalf("gap %+v", *gap)
			}
			c = next
		}
	})
}

// TestCatchUpComesToTheEnd pages through logs with bundles of any size, over JSON.
func TestCatchUpComesToTheEnd(t *testing.T) {
	whole, _, _ := history(t, 12)
	rapid.Check(t, func(rt *rapid.T) {
		log := append([]deliver.Entry(nil), whole...)
		for i := range log {
			log[i].Bundle = make([]byte, rapid.SampledFrom([]int{0, 10, deliver.PageBytes / 3, deliver.PageBytes, deliver.PageBytes * 2}).Draw(rt, "size"))
		}
		after, pages := uint64(rapid.IntRange(0, 12).Draw(rt, "after")), 0
		var c deliver.Chain
		if after > 0 {
			c = deliver.Chain{Last: after, Digest: whole[after-1].Digest}
		}
		for {
			page := deliver.Page(log[c.Last:], uint64(len(log)))
			size := 0
			for i, e := range page.Entries {
				size += len(e.Bundle)
				next, err := c.Next(e)
				if err != nil {
					rt.Fatalf("page holds an entry out of order: %v", err)
				}
				if c = next; i > 0 && size > deliver.PageBytes {
					rt.Fatalf("page of %d bytes", size)
				}
			}
			if pages++; !page.More {
				break
			}
			if pages > len(log) {
				rt.Fatal("no end")
			}
		}
		if c.Last != uint64(len(log)) {
			rt.Fatalf("ended at %d of %d", c.Last, len(log))
		}
	})
}

// TestAHoleKeepsTheChainWhole: who comes after a recall still checks all of the log.
func TestAHoleKeepsTheChainWhole(t *testing.T) {
	whole, _, pub := history(t, 4)
	_, priv := keys(t, 1)
	hole := whole[1]
	hole.Kind, hole.Bundle, hole.Reason = hub.Recalled, nil, "recalled"
	stone, err := deliver.Tombstone(hole.Alert, hole.Reason)
	if err != nil {
		t.Fatal(err)
	}
	hole.Signature = ed25519.Sign(priv, stone)
	var c deliver.Chain
	for _, e := range []deliver.Entry{whole[0], hole, whole[2], whole[3]} {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var got deliver.Entry
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if err := deliver.Verify(pub, got); err != nil {
			t.Fatalf("number %d: %v", e.Number, err)
		}
		next, err := c.Next(got)
		if err != nil {
			t.Fatalf("number %d: %v", e.Number, err)
		}
		c = next
	}
}
