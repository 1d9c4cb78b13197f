package cells_test

import (
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/cells"
	"isac/hub/profile"
)

func TestMarginSaysWhatSafeSays(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	yes := 0
	for range 2000 {
		var set []cells.Member
		for i := range r.IntN(18) {
			set = append(set, member(r, i))
		}
		k, spread := 2+r.IntN(4), 1+r.IntN(3)
		m := cells.MarginOf(set)
		safe := cells.Safe(set, k, spread)
		if m.Holds(k, spread) != safe {
			t.Fatalf("k %d, spread %d: safe %v, margin %+v of %+v", k, spread, safe, m, set)
		}
		if safe {
			yes++
		}
	}
	if yes < 100 {
		t.Errorf("only %d of the sets are safe: the test shows little", yes)
	}
}

// TestToldIsTheBoundToday lets members join, leave and change after the last build:
// what is told of a member on that day is large enough on that day, by the naive
// bound, and so is what it has in common with every cell told before.
func TestToldIsTheBoundToday(t *testing.T) {
	told, lapsed, weak := 0, 0, 0
	for seed := range 30 {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		rules := cells.Rules{K: 3, Spread: 2, Attributes: attributes()}
		var members []cells.Member
		next := 0
		join := func(n int) {
			for range n {
				members = append(members, member(r, next))
				next++
			}
		}
		join(40 + r.IntN(40))
		var h cells.History
		for range 3 {
			var err error
			h, err = h.Next(members, rules)
			if err != nil {
				t.Fatal(err)
			}
			disturb(r, &members, join)
		}
		standing := map[int]cells.Standing{}
		list, err := h.Check(members, rules)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			standing[s.Cell] = s
			if !s.Holds {
				weak++
				if s.Next != cells.Silent {
					t.Fatalf("seed %d: cell %d doesn't hold and becomes %s", seed, s.Cell, s.Next)
				}
			}
		}
		looked := map[int]bool{}
		for _, m := range members {
			c, ok := h.Told(m.ID, members, rules)
			if _, was := h.Now().CellOf(m.ID); was != ok {
				lapsed++
			}
			if s, listed := standing[c.Number]; ok != (listed && s.Holds) {
				t.Fatalf("seed %d: told %v of cell %d, which stands as %+v", seed, ok, c.Number, s)
			}
			if ok {
				told++
			}
			if ok && !looked[c.Number] {
				looked[c.Number] = true
				wantSafeToday(t, h, c, members, rules)
			}
		}
		if _, ok := h.Told("nobody", members, rules); ok {
			t.Fatal("something is told of nobody")
		}
	}
	if told == 0 || lapsed == 0 || weak == 0 {
		t.Errorf("told %d, lapsed %d, weak %d: the test shows little", told, lapsed, weak)
	}
}

func wantSafeToday(t *testing.T, h cells.History, c cells.Cell, now []cells.Member, r cells.Rules) {
	t.Helper()
	common := func(with []string) (set []cells.Member) {
		for _, m := range now {
			if slices.Contains(c.Members, m.ID) && slices.Contains(with, m.ID) {
				set = append(set, m)
			}
		}
		return set
	}
	if !naiveSafe(common(c.Members), r.K, r.Spread) {
		t.Fatalf("cell %d is told with too few", c.Number)
	}
	for _, p := range h {
		for _, u := range p.Cells {
			if u.Silent || u.Split != "" || len(u.Says) == 0 {
				continue
			}
			if set := common(u.Members); len(set) > 0 && !naiveSafe(set, r.K, r.Spread) {
				t.Fatalf("cell %d is told, and cell %d of version %d was: %d members in common", c.Number, u.Number, p.Version, len(set))
			}
		}
	}
}

func TestWhoHasLeftIsInNoCell(t *testing.T) {
	p := profile.HealthcareJP()
	rules := cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes}
	members := sector(500)
	h, err := cells.History{}.Next(members, rules)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range members {
		c, ok := h.Told(m.ID, members, rules)
		if !ok {
			continue
		}
		if value := c.Value(p); p.Described(value) == nil {
			t.Errorf("cell %d is described as %q", c.Number, value)
		}
		if _, ok := h.Told(m.ID, slices.Delete(slices.Clone(members), i, i+1), rules); ok {
			t.Error("something is told of who has left")
		}
		return
	}
	t.Error("nothing is told of anybody")
}

func TestChosenTwoTimesInThree(t *testing.T) {
	random := rand.NewChaCha8([32]byte{3})
	const draws = 9000
	yes := 0
	for range draws {
		ok, err := cells.Chosen(random)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			yes++
		}
	}
	if yes < draws*2/3-200 || yes > draws*2/3+200 {
		t.Errorf("%d of %d", yes, draws)
	}
	if _, err := cells.Chosen(emptyReader{}); hub.KindOf(err) != hub.Internal || err == nil {
		t.Errorf("without randomness: %v", err)
	}
}

type emptyReader struct{}

func (emptyReader) Read([]byte) (int, error) { return 0, io.EOF }
