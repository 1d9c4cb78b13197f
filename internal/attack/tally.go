package attack

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"isac/hub"
	"isac/internal/attack/sentences"
	"isac/internal/attack/world"
)

// tally counts, by class, how many of the attacker's facts were kept.
type tally struct {
	sync.Mutex
	of     map[string]*kept
	missed map[string]int // what was missed or made up, for those who mend it
}

type kept struct{ want, have int }

func newTally() *tally { return &tally{of: map[string]*kept{}, missed: map[string]int{}} }

func (t *tally) add(class string, have bool) {
	k := t.of[class]
	if k == nil {
		k = &kept{}
		t.of[class] = k
	}
	k.want++
	if have {
		k.have++
	}
}

// count compares what a report states with what its full alert says. A product that is
// told as one of a list, or a flaw that the list has, is told, and counted by itself too.
func (t *tally) count(in world.Incident, expected []world.Expected, a answer, p *path) {
	if a.full.data == nil {
		return
	}
	said := map[string]hub.Fact{}
	for _, f := range a.full.draft.Body().Facts {
		said[strings.ToLower(f.Key())] = f
	}
	_, class := said["product:"+p.profile.Exposed.Class]
	listed := func(key string) bool { return class && p.lists(key) }
	t.Lock()
	defer t.Unlock()
	for _, e := range expected {
		f, ok := said[strings.ToLower(e.Key)]
		switch e.Fate {
		case world.Shared:
			if e.Class == "product" || e.Class == "cve" {
				t.add("objects.named", ok)
			}
			ok = ok || listed(e.Key)
			t.add("objects."+e.Class, ok)
			if !ok {
				t.missed["lost: "+e.Class+" "+e.Key]++
			}
		case world.Single:
			t.add("objects.single", ok && f.Single)
		case world.Victims:
			t.add("objects.victims", !ok)
		}
	}
	for _, s := range in.Sentences {
		t.sentence(s, said, listed, a)
	}
}

// sentence compares one sentence with the facts that were read from it.
func (t *tally) sentence(s world.Said, said map[string]hub.Fact, listed func(string) bool, a answer) {
	read := map[string]bool{}
	for _, p := range a.prose {
		if strings.Contains(squeezed(s.Text), squeezed(p.Sentence)) {
			read[strings.ToLower(p.Key)] = true
		}
	}
	for _, want := range s.Facts {
		have := ""
		for _, key := range want.Any {
			if key = strings.ToLower(key); read[key] && have == "" {
				have = key
			}
		}
		class, _, _ := strings.Cut(want.Any[0], ":")
		told := have != "" || slices.ContainsFunc(want.Any, func(k string) bool { _, ok := said[strings.ToLower(k)]; return ok || listed(k) })
		t.add("sentences."+class, told)
		if !told {
			t.missed["missed: "+want.Any[0]+" ← "+s.Text]++
		}
		if f, ok := said[have]; ok && want.Confidence != "" && f.Source == hub.FromProse {
			t.add("sentences.sure", string(f.Confidence) == want.Confidence)
		}
	}
	if len(s.Facts) == 0 && len(s.Open) == 0 {
		t.add("sentences.silent", len(read) == 0)
		for key := range read {
			t.missed["made up: "+key+" ← "+s.Text]++
		}
		return
	}
	for key := range read {
		wanted := among(s.Facts, key) || among(s.Open, key) || strings.HasPrefix(key, "product:") || strings.HasPrefix(key, "quarter:")
		t.add("sentences.precise", wanted)
		if !wanted {
			t.missed["too many: "+key+" ← "+s.Text]++
		}
	}
}

func among(list []sentences.Fact, key string) bool {
	return slices.ContainsFunc(list, func(f sentences.Fact) bool {
		return slices.ContainsFunc(f.Any, func(k string) bool { return strings.ToLower(k) == key })
	})
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// target is what a class must reach.
func target(class string) float64 {
	if class == "objects.named" {
		return 0 // a figure without a target: a sector of few members names less
	}
	if class == "objects.indicator" || class == "objects.victims" {
		return 1
	}
	return 0.98
}

// rows are the classes in order.
func (t *tally) rows() []Row {
	var out []Row
	for class, k := range t.of {
		out = append(out, proportion("facts", class, k.have, k.want, target(class)))
	}
	slices.SortFunc(out, func(a, b Row) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
