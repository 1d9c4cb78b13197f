package anonymize

import (
	"slices"

	"isac/hub"
	"isac/hub/warning"
)

// A factSet is the facts of a report that may go out, merged by key.
type factSet struct {
	released  []hub.Fact
	suggested []hub.Fact // maybe made for one victim, and no reviewer has said yes
}

// facts merges the claims and applies the answers of reporter and reviewers.
func (u *unit) facts() factSet {
	var set factSet
	u.story()
	var classes []hub.Fact
	for _, f := range u.merged() {
		key := f.Key()
		if u.dropped[key] || slices.Contains(u.in.Answers.Rejected, key) {
			continue
		}
		if as, rare := u.asClass(f); rare {
			if !u.dropped[as.Key()] && !slices.Contains(u.in.Answers.Rejected, as.Key()) {
				as.Confirmed = as.Confirmed || u.in.Answers.AllConfirmed || slices.Contains(u.in.Answers.Confirmed, key)
				classes = append(classes, as)
			}
			continue
		}
		f.Confirmed = f.Confirmed || u.in.Answers.AllConfirmed || slices.Contains(u.in.Answers.Confirmed, key)
		switch {
		case !f.Confirmed:
		case f.Single && !u.in.Answers.AllConfirmed && !slices.Contains(u.in.Answers.SingleOK, key):
			set.suggested = append(set.suggested, f)
		default:
			set.released = append(set.released, f)
		}
	}
	set.addClass(classes)
	return u.cell(set)
}

// asClass is what a fact is told as that few members of the sector show to the
// internet: a rare product, and a flaw of one.
func (u *unit) asClass(f hub.Fact) (hub.Fact, bool) {
	product := f.Value
	if f.Class == hub.CVE {
		product, _ = u.cfg.Vocab.ProductOf(f.Value)
	} else if f.Class != hub.Product {
		return f, false
	}
	if u.cfg.Profile.Named(product, u.cfg.Members) {
		return f, false
	}
	f.Class, f.Value = hub.Product, u.cfg.Profile.Exposed.Class
	return f, true
}

// addClass adds the one fact that several of a class are together.
func (s *factSet) addClass(facts []hub.Fact) {
	facts = slices.DeleteFunc(facts, func(f hub.Fact) bool { return !f.Confirmed })
	if len(facts) == 0 {
		return
	}
	all := facts[0]
	for _, f := range facts[1:] {
		all = join(all, f)
	}
	if at := slices.IndexFunc(s.released, func(f hub.Fact) bool { return f.Key() == all.Key() }); at >= 0 {
		s.released[at] = join(s.released[at], all)
		return
	}
	s.released = append(s.released, all)
	slices.SortStableFunc(s.released, byKey)
}

// merged joins the claims of one key: the surest word, the earliest step, and
// stated by an object if any object stated it. An object without a confidence only
// says that something is concerned, as a title does: a sentence about the same says
// how surely.
func (u *unit) merged() []hub.Fact {
	told := map[string]bool{}
	for _, c := range u.claims {
		says := c.fact.Source == hub.FromProse && !c.bare || u.objects[c.object].Has("confidence")
		told[c.fact.Key()] = told[c.fact.Key()] || says
	}
	at := map[string]int{}
	var out []hub.Fact
	for _, c := range u.claims {
		f := c.fact
		if c.bare && told[f.Key()] {
			f.Confidence = hub.Unknown
		}
		i, ok := at[f.Key()]
		if !ok {
			at[f.Key()] = len(out)
			out = append(out, f)
			continue
		}
		out[i] = join(out[i], f)
	}
	for i, f := range out { // anybody may be there tomorrow
		if u.verdicts[f.Key()] == warning.Shared && f.Confidence.Score() > hub.Possible.Score() {
			out[i].Confidence = hub.Possible
		}
	}
	slices.SortStableFunc(out, byKey)
	return out
}

var sources = []hub.Source{hub.FromObject, hub.FromPattern, hub.FromProse}

func join(a, b hub.Fact) hub.Fact {
	if b.Confidence.Score() > a.Confidence.Score() {
		a.Confidence = b.Confidence
	}
	if slices.Index(sources, b.Source) < slices.Index(sources, a.Source) {
		a.Source = b.Source
	}
	if a.Step == 0 || b.Step != 0 && b.Step < a.Step {
		a.Step = b.Step
	}
	a.Single = a.Single || b.Single
	a.Confirmed = a.Confirmed || b.Confirmed
	return a
}

// story keeps the steps of one text, the one that orders most, and only those of
// techniques: two texts that count each from 1 tell no order together.
func (u *unit) story() {
	told := map[string]int{}
	best := ""
	for _, c := range u.claims {
		if c.fact.Class != hub.Technique || c.fact.Step == 0 {
			continue
		}
		text := at(c.object, c.path)
		if told[text]++; told[text] > told[best] {
			best = text
		}
	}
	for i, c := range u.claims {
		if c.fact.Class != hub.Technique || at(c.object, c.path) != best {
			u.claims[i].fact.Step = 0
		}
	}
}

// flashClasses are what stops the attack; the rest waits for the full alert.
var flashClasses = map[hub.Class]bool{
	hub.Route: true, hub.Technique: true, hub.CVE: true, hub.Product: true, hub.Family: true, hub.Group: true, hub.Tool: true, hub.Indicator: true,
}

// forStage picks the facts that a stage tells. A flash tells no order.
func (s factSet) forStage(stage hub.Stage, facts []hub.Fact) []hub.Fact {
	out := []hub.Fact{}
	for _, f := range facts {
		if stage == hub.Flash {
			f.Step = 0
			if !flashClasses[f.Class] {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// proseFacts lists what sentences gave and may go out, for the reporter.
func (u *unit) proseFacts() []ProseFact {
	out := []ProseFact{}
	for _, c := range u.claims {
		if c.fact.Source == hub.FromProse && !u.dropped[c.fact.Key()] {
			out = append(out, u.proseFact(c))
		}
	}
	return out
}

// proseHints lists what sentences may state, for the reporter, best first.
func (u *unit) proseHints() []ProseFact {
	out := []ProseFact{}
	for _, h := range u.hints {
		out = append(out, u.proseFact(h.claim))
	}
	return out
}

func (u *unit) proseFact(c claim) ProseFact {
	return ProseFact{Key: c.fact.Key(), Sentence: c.sentence, Path: u.pointer(c.object, c.path)}
}
