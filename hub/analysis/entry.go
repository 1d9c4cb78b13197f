package analysis

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// scenes returns the scenes of a section that fit the facts, one of each group.
func (r *reading) scenes(section string) []scene {
	var fit []scene
	told := map[string]bool{}
	for _, s := range r.lib.scenes {
		if s.Section != section || (s.Group != "" && told[s.Group]) || !r.fits(s) {
			continue
		}
		told[s.Group] = true
		fit = append(fit, s)
	}
	return fit
}

func (r *reading) fits(s scene) bool {
	for _, key := range s.All {
		if !r.has(key) {
			return false
		}
	}
	return len(s.Any) == 0 || slices.ContainsFunc(s.Any, r.has)
}

// confidence of a scene is that of the least sure fact that it needs.
func (r *reading) confidence(s scene) hub.Confidence {
	least := hub.Confirmed
	lower := func(c hub.Confidence) {
		if c.Score() < least.Score() {
			least = c
		}
	}
	for _, key := range s.All {
		lower(r.keys[key])
	}
	if len(s.Any) > 0 {
		lower(r.best(s.Any))
	}
	if s.Most != "" {
		lower(s.Most)
	}
	return least
}

// sceneLines tells the scenes of a section: those that stand for the routes, and
// the others. It returns the keys of the facts that need no sentence of their own
// any more as well.
func (r *reading) sceneLines(section string) (ways, lines []hub.Text, done []string) {
	for _, s := range r.scenes(section) {
		line := r.filled(hub.Text{JA: s.JA, EN: s.EN})
		if !s.Plain {
			line = sentence(line, r.confidence(s))
		}
		line = cite(line, same(r.present(s.Lets))...)
		if s.Group == "way" {
			ways = append(ways, line)
		} else {
			lines = append(lines, line)
		}
		for _, key := range s.Replaces {
			if s.Most == "" || r.keys[key].Score() <= s.Most.Score() {
				done = append(done, key)
			}
		}
	}
	return ways, lines, done
}

// entryLines say how they got in.
func (r *reading) entryLines() []hub.Text {
	lines, after, done := r.sceneLines("entry")
	for _, f := range r.of(hub.Route) {
		if !slices.Contains(done, f.Key()) {
			lines = append(lines, r.routeLine(f))
		}
	}
	if len(lines) == 0 {
		lines = r.firstSteps()
	}
	switch {
	case len(lines) > 0:
	case r.kind().NoEntry:
		lines = append(lines, r.word("entry.none"))
	default:
		lines = append(lines, r.word("entry.open"))
	}
	lines = append(lines, after...)
	if r.in.Stage == hub.Flash {
		for _, f := range r.of(hub.Weakness) {
			if !slices.Contains(done, f.Key()) {
				lines = append(lines, r.weaknessLine(f))
			}
		}
	}
	if others := r.otherCVEs(); len(others) > 0 {
		lines = append(lines, fill(r.word("entry.cves"), "{list}", r.join(others, mostNames)))
	}
	if products := r.products(); products.JA != "" {
		lines = append(lines, fill(r.word("entry.products"), "{list}", products))
	}
	return append(lines, r.exposedLines()...)
}

// exposedLines list the products that a class stands for, where it is told.
func (r *reading) exposedLines() []hub.Text {
	class := r.in.Profile.Exposed.Class
	if !slices.ContainsFunc(r.of(hub.Product), func(f hub.Fact) bool { return f.Value == class }) {
		return nil
	}
	return append([]hub.Text{r.word("entry.exposed")}, ExposedTexts(r.in.Profile, r.vocab)...)
}

// ExposedTexts are the products that the profile's class of exposed ones stands for,
// each with its known flaws, for everybody to check.
func ExposedTexts(p *profile.Profile, v *vocab.Vocab) []hub.Text {
	if p == nil {
		return nil
	}
	var lines []hub.Text
	for _, id := range p.Exposed.Listed() {
		label, known := v.Label(hub.Product, id)
		if !known {
			continue
		}
		if flaws := strings.Join(v.FlawsOf(id), ", "); flaws != "" {
			label = hub.Text{JA: label.JA + "：" + flaws, EN: label.EN + ": " + flaws}
		}
		lines = append(lines, label)
	}
	return lines
}

// firstSteps tell how they got in by technique, where no route is known.
func (r *reading) firstSteps() []hub.Text {
	var lines []hub.Text
	for _, f := range r.path {
		t, known := r.technique(f.Value)
		if known && r.tactic(f.Value) == "initial-access" && f.Confidence.Score() > 0 && !r.detailed(f) {
			lines = append(lines, cite(sentence(r.happened(t), f.Confidence), same([]string{t.ID})...))
		}
	}
	return lines
}

func (r *reading) routeLine(f hub.Fact) hub.Text {
	c, ok := r.lib.routes.get(f.Value)
	if !ok {
		label, _ := r.vocab.Label(hub.Route, f.Value)
		return named(label, f.Confidence)
	}
	line := sentence(r.filled(hub.Text{JA: c.JA, EN: c.EN}), f.Confidence)
	return cite(line, same(r.present(c.Lets))...)
}

// products are the product families with their confidence.
func (r *reading) products() hub.Text {
	var names []hub.Text
	for _, f := range r.of(hub.Product) {
		label, _ := r.vocab.Label(hub.Product, f.Value)
		names = append(names, named(label, f.Confidence))
	}
	return r.join(names, mostNames)
}

// cves are the ids of those CVEs that some condition holds for.
func (r *reading) cves(want func(cve string) bool) hub.Text {
	var ids []string
	for _, f := range r.of(hub.CVE) {
		if want(f.Value) {
			ids = append(ids, f.Value)
		}
	}
	return r.join(same(ids), mostNames)
}

// otherCVEs are those that aren't known to be exploited, where some are: the
// sentence about the exploited ones doesn't name them.
func (r *reading) otherCVEs() []hub.Text {
	var names []hub.Text
	for _, f := range r.of(hub.CVE) {
		if r.has("exploited:*") && !r.exploited(f.Value) {
			names = append(names, named(hub.Text{JA: f.Value, EN: f.Value}, f.Confidence))
		}
	}
	return names
}

// targets are product families and CVEs together, for actions on devices.
func (r *reading) targets() hub.Text {
	var all []hub.Text
	for _, f := range r.of(hub.Product) {
		if r.lib.everywhere[f.Value] {
			continue
		}
		label, _ := r.vocab.Label(hub.Product, f.Value)
		all = append(all, label)
	}
	for _, f := range r.of(hub.CVE) {
		all = append(all, hub.Text{JA: f.Value, EN: f.Value})
	}
	return r.join(all, mostNames)
}
