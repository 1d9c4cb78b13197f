package analysis

import (
	"cmp"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

func (r *reading) technique(id string) (vocab.Technique, bool) { return r.vocab.Technique(id) }

// tactic returns the tactic under which a technique is told.
func (r *reading) tactic(id string) string { return r.lib.Tactic(r.vocab, id) }

// Tactic returns the short name of the tactic under which a technique is told: the one
// that the library chose, or the earliest in an attack; "" for an unknown technique.
func (lib *Library) Tactic(v *vocab.Vocab, id string) string {
	t, known := v.Technique(id)
	if !known {
		return ""
	}
	if c, ok := lib.technique(v, id); ok && c.Tactic != "" {
		return c.Tactic
	}
	if len(t.Tactics) == 0 {
		return ""
	}
	return slices.MinFunc(t.Tactics, func(a, b string) int {
		return cmp.Compare(lib.tactics.rank(a), lib.tactics.rank(b))
	})
}

// technique is the clause of a technique, which the file may know by a former id.
func (lib *Library) technique(v *vocab.Vocab, id string) (clause, bool) {
	if c, ok := lib.techniques.get(id); ok {
		return c, true
	}
	for _, former := range v.Former(id) {
		if c, ok := lib.techniques.get(former); ok {
			return c, true
		}
	}
	return clause{}, false
}

// column is the place of a technique's tactic in an attack.
func (r *reading) column(f hub.Fact) int { return r.lib.tactics.rank(r.tactic(f.Value)) }

// ordered sorts techniques: by step where there is one, the others among them by
// tactic. Steps that can't be (damage before the way in) are set aside.
func (r *reading) ordered(facts []hub.Fact) (path []hub.Fact, jumbled bool) {
	usual := func(a, b hub.Fact) int {
		return cmp.Or(cmp.Compare(r.column(a), r.column(b)),
			cmp.Compare(r.lib.techniques.rank(a.Value), r.lib.techniques.rank(b.Value)),
			strings.Compare(a.Value, b.Value))
	}
	var steps, loose []hub.Fact
	for _, f := range facts {
		if f.Step > 0 {
			steps = append(steps, f)
		} else {
			loose = append(loose, f)
		}
	}
	slices.SortFunc(steps, func(a, b hub.Fact) int { return cmp.Or(cmp.Compare(a.Step, b.Step), usual(a, b)) })
	if r.impossible(steps) {
		loose, steps, jumbled = slices.Concat(loose, steps), nil, true
	}
	slices.SortFunc(loose, usual)
	for len(steps) > 0 && len(loose) > 0 {
		if r.column(loose[0]) < r.column(steps[0]) {
			path, loose = append(path, loose[0]), loose[1:]
		} else {
			path, steps = append(path, steps[0]), steps[1:]
		}
	}
	return r.framed(slices.Concat(path, steps, loose)), jumbled
}

// framed puts the way in first and what can only be the damage last:
// people tell first what they saw, which is the end of an attack. Whoever encrypts
// makes recovery impossible before.
func (r *reading) framed(path []hub.Fact) []hub.Fact {
	place := func(f hub.Fact) int {
		t, _ := r.technique(f.Value)
		switch {
		case r.tactic(f.Value) == "initial-access":
			return 0
		case f.Value == "T1490":
			return 2
		case slices.Equal(t.Tactics, []string{"impact"}):
			return 3
		}
		return 1
	}
	slices.SortStableFunc(path, func(a, b hub.Fact) int { return cmp.Compare(place(a), place(b)) })
	return path
}

// impossible reports whether something that can only be the damage comes before
// something that can only be the way in.
func (r *reading) impossible(steps []hub.Fact) bool {
	damage := -1
	for _, f := range steps {
		t, _ := r.technique(f.Value)
		switch {
		case slices.Equal(t.Tactics, []string{"impact"}) && damage < 0:
			damage = f.Step
		case slices.Equal(t.Tactics, []string{"initial-access"}) && damage >= 0 && damage < f.Step:
			return true
		}
	}
	return false
}

// pathLines tells the techniques one by one; a technique whose sub-technique is
// told as well needs no line.
func (r *reading) pathLines() []hub.Text {
	var lines []hub.Text
	for _, f := range r.path {
		t, known := r.technique(f.Value)
		if !known || r.detailed(f) {
			continue
		}
		line := item(r.happened(t), f.Confidence, t.ID)
		lines = append(lines, fill(r.word("path.line"), "{tactic}", r.tacticName(f.Value), "{list}", line))
	}
	return r.orOpen(lines)
}

// detailed reports whether another technique says what f says: a sub-technique of it, or
// one that the library names.
func (r *reading) detailed(f hub.Fact) bool {
	c, _ := r.lib.technique(r.vocab, f.Value)
	return slices.ContainsFunc(r.path, func(g hub.Fact) bool {
		parent, _, _ := strings.Cut(g.Value, ".")
		return strings.HasPrefix(g.Value, f.Value+".") || slices.Contains(c.ToldBy, g.Value) || slices.Contains(c.ToldBy, parent)
	})
}

// happened is the clause of a technique: its own, its parent's, or its tactic's
// with the name that ATT&CK gives.
func (r *reading) happened(t vocab.Technique) hub.Text {
	parent, _, _ := strings.Cut(t.ID, ".")
	for _, id := range []string{t.ID, parent} {
		if c, ok := r.lib.technique(r.vocab, id); ok {
			return r.filled(hub.Text{JA: c.JA, EN: c.EN})
		}
	}
	c, ok := r.lib.tactics.get(r.tactic(t.ID))
	if !ok {
		c, _ = r.lib.tactics.get("execution")
	}
	return fill(r.filled(hub.Text{JA: c.JA, EN: c.EN}), "{name}", hub.Text{JA: t.NameJA, EN: t.Name})
}

func (r *reading) tacticName(id string) hub.Text {
	if t, ok := r.vocab.Tactic(r.tactic(id)); ok {
		return t.Name
	}
	return r.word("open")
}
