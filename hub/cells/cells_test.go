package cells_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/cells"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
)

// naiveSafe is the bound word by word: every operator, every vendor, every two members.
func naiveSafe(set []cells.Member, k, spread int) bool {
	names := func(of func(cells.Member) string) []string {
		out := []string{"none"}
		for _, m := range set {
			if v := of(m); v != "" && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
		return out
	}
	for _, o := range names(func(m cells.Member) string { return m.Operator }) {
		for _, v := range names(func(m cells.Member) string { return m.Vendor }) {
			for i := range set {
				for j := range set {
					n, places := 0, map[string]bool{}
					for x, m := range set {
						if x != i && x != j && m.Operator != o && m.Vendor != v {
							n++
							places[m.Place] = true
						}
					}
					if n < k || len(places) < spread {
						return false
					}
				}
			}
		}
	}
	return len(set) > 0
}

func member(r *rand.Rand, n int) cells.Member {
	groups := map[string][]string{
		"region": {[]string{"e", "w"}[n%2], []string{"e1", "w1", "e2", "w2"}[n%4]},
		"size":   {[]string{"s", "l"}[r.IntN(2)]},
	}
	m := cells.Member{ID: fmt.Sprintf("M%03d", n), Place: fmt.Sprintf("p%d", r.IntN(6)), Groups: groups}
	if r.IntN(3) > 0 {
		m.Operator = fmt.Sprintf("o%d", r.IntN(12))
	}
	if r.IntN(4) > 0 {
		m.Vendor = fmt.Sprintf("v%d", r.IntN(5))
	}
	return m
}

func TestSafeIsTheBoundWordByWord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	yes := 0
	for range 2000 {
		var set []cells.Member
		for i := range 4 + r.IntN(14) {
			set = append(set, member(r, i))
		}
		k, spread := 2+r.IntN(4), 1+r.IntN(3)
		got, want := cells.Safe(set, k, spread), naiveSafe(set, k, spread)
		if got && !want {
			t.Fatalf("%d members are called safe for k %d, spread %d: %+v", len(set), k, spread, set)
		}
		if got != want {
			t.Fatalf("%d members are called weak (%s) for k %d, spread %d: %+v", len(set), cells.Weakness(set, k, spread), k, spread, set)
		}
		if got {
			yes++
		}
	}
	if yes < 100 {
		t.Errorf("only %d of the sets are safe: the test shows little", yes)
	}
}

func attributes() []profile.Attribute {
	group := func(ids ...string) profile.Level {
		var l profile.Level
		for _, id := range ids {
			l.Groups = append(l.Groups, profile.Group{ID: id, Label: hub.Text{JA: id, EN: id}, Values: []string{id}})
		}
		return l
	}
	return []profile.Attribute{
		{ID: "region", Column: "region", Weight: 1, Levels: []profile.Level{group("e", "w"), group("e1", "e2", "w1", "w2")}},
		{ID: "size", Column: "band", Weight: 0.9, Levels: []profile.Level{group("s", "l")}},
	}
}

var histories = flag.Int("histories", 300, "random histories of the property test")

// TestHistories lets members join, leave, change operator, vendor, place and size at
// random, and checks the invariant over every pair of versions without the package's
// own comparison.
func TestHistories(t *testing.T) {
	told, silenced, moved := 0, 0, 0
	for seed := range *histories {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		rules := cells.Rules{K: 3, Spread: 2, Attributes: attributes()}
		var members []cells.Member
		next := 0
		join := func(n int) {
			for range n {
				members = append(members, member(r, next))
				next++
			}
		}
		join(10 + r.IntN(60))
		var h cells.History
		for range 6 {
			var err error
			h, err = h.Next(members, rules)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			told += check(t, seed, h, rules)
			for _, c := range h.Now().Cells {
				if c.Silent {
					silenced++
				}
			}
			moved += disturb(r, &members, join)
		}
	}
	if told < *histories || silenced == 0 || moved == 0 {
		t.Errorf("told %d, silenced %d, moved %d: the test shows little", told, silenced, moved)
	}
}

// disturb changes who is a member and what they are.
func disturb(r *rand.Rand, members *[]cells.Member, join func(int)) int {
	changes := 0
	*members = slices.DeleteFunc(*members, func(cells.Member) bool { return r.IntN(6) == 0 })
	for i := range *members {
		m := &(*members)[i]
		switch r.IntN(12) {
		case 0: // taken over
			m.Operator = "o1"
		case 1:
			m.Vendor = "v1"
		case 2: // another profile
			m.Groups = map[string][]string{"region": {"w", "w2"}, "size": {"l"}}
			changes++
		}
	}
	join(r.IntN(25))
	return changes
}

// check holds the newest version against the bound and all earlier ones, and returns
// of how many members something is told.
func check(t *testing.T, seed int, h cells.History, rules cells.Rules) int {
	t.Helper()
	now, told := h.Now(), 0
	active := map[string]cells.Member{}
	for _, m := range now.Active {
		active[m.ID] = m
	}
	seen := map[string]bool{}
	for _, c := range now.Cells {
		for _, id := range c.Members {
			if seen[id] {
				t.Fatalf("seed %d: a member in two cells", seed)
			}
			seen[id] = true
		}
	}
	compared := map[string]bool{}
	for id := range active {
		b, ok := now.CellOf(id)
		if !ok {
			continue
		}
		told++
		for _, u := range h {
			a, ok := u.CellOf(id)
			pair := fmt.Sprint(u.Version, a.Number, b.Number)
			if !ok || compared[pair] {
				continue
			}
			compared[pair] = true
			var common []cells.Member
			for _, other := range b.Members {
				if slices.Contains(a.Members, other) {
					common = append(common, active[other])
				}
			}
			if !cells.Safe(common, rules.K, rules.Spread) {
				t.Fatalf("seed %d: a member is one of %d that versions %d and %d say the same of", seed, len(common), u.Version, now.Version)
			}
		}
	}
	return told
}

func TestAdmissibleRefusesWhatNextWouldNotMake(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var members []cells.Member
	for i := range 60 {
		members = append(members, member(r, i))
	}
	rules := cells.Rules{K: 3, Spread: 2, Attributes: attributes()}
	h, err := cells.History{}.Next(members, rules)
	if err != nil {
		t.Fatal(err)
	}
	next := h.Now()
	next.Version = 2
	next.Cells = slices.Clone(next.Cells)
	for i, c := range next.Cells {
		if len(c.Members) > 0 && len(c.Says) > 0 {
			next.Cells[i].Members = c.Members[:4]
			break
		}
	}
	if err := cells.Admissible(h, next, rules.K, rules.Spread); err == nil {
		t.Error("a cell of four members was admitted")
	}
	if err := cells.Admissible(h, h.Now(), rules.K, rules.Spread); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

// sector returns members of an invented list, drawn evenly.
func sector(n int) []cells.Member {
	var out []cells.Member
	for _, o := range synthetic.Register(n, 12) {
		if o.Member {
			out = append(out, cells.MemberOf(o, profile.HealthcareJP().Attributes))
		}
	}
	return out
}

func TestRealSector(t *testing.T) {
	list, err := register.New(synthetic.Register(500, 12))
	if err != nil {
		t.Fatal(err)
	}
	p := profile.HealthcareJP()
	rules := cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes}
	members := sector(500)
	if len(members) != len(list.Members()) {
		t.Fatalf("%d members of %d", len(members), len(list.Members()))
	}
	h, err := cells.History{}.Next(members, rules)
	if err != nil {
		t.Fatal(err)
	}
	again, err := cells.History{}.Next(members, rules)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := encode(t, h), encode(t, again); a != b {
		t.Error("the same members give another partition")
	}
	told, count := 0, 0
	for _, c := range h.Now().Cells {
		if c.Split == "" && !c.Silent && len(c.Says) > 0 && len(c.Members) > 0 {
			count++
			told += len(c.Members)
		}
	}
	t.Logf("%d members: %d cells, something is told of %d", len(members), count, told)
	if count < 5 || told < len(members)*3/4 {
		t.Errorf("%d cells for %d of %d members", count, told, len(members))
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func BenchmarkNext(b *testing.B) {
	p := profile.HealthcareJP()
	members := sector(1500)
	for b.Loop() {
		_, err := cells.History{}.Next(members, cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes})
		if err != nil {
			b.Fatal(err)
		}
	}
}
