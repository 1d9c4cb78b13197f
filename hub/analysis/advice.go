package analysis

import (
	"cmp"
	"slices"
	"strings"

	"isac/hub"
)

// How many lines a section holds at most; the page is for two minutes.
const (
	mostExposures  = 7
	mostToday      = 6
	mostWeek       = 8
	mostQuarter    = 5
	mostDetections = 9
	leastToday     = 3
)

// placed is an advice that follows from the facts: how much speaks for it, and
// where in the attack and in its file it stands.
type placed struct {
	advice
	weight, at, file int
}

// follow returns at most so many of the advice that follows from the facts: of
// all of it what must be kept, then what most speaks for; in the end what stops
// the attack earliest stands first.
func (r *reading) follow(list []advice, most int) []advice {
	var fit []placed
	told := map[string]bool{}
	for i, a := range list {
		if at, ok := r.earliest(a.For); ok && !a.Fallback && (a.Group == "" || !told[a.Group] || r.best(a.Even).Score() > 0) {
			told[a.Group] = true
			fit = append(fit, placed{a, r.weight(a), at, i})
		}
	}
	early := func(a, b placed) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.file, b.file)) }
	slices.SortFunc(fit, func(a, b placed) int { return cmp.Or(cmp.Compare(b.weight, a.weight), early(a, b)) })
	fit = fit[:min(len(fit), most)]
	slices.SortFunc(fit, early)
	var all []advice
	for _, p := range fit {
		all = append(all, p.advice)
	}
	return all
}

// weight is how much speaks for an advice: what was weak and how they got in more
// than a technique. What must be kept outweighs everything.
func (r *reading) weight(a advice) int {
	sum := 0
	if a.Keep {
		sum = 1000
	}
	for _, key := range a.For {
		switch class, _, _ := strings.Cut(key, ":"); {
		case !r.has(key):
		case class == string(hub.Weakness), class == string(hub.Route):
			sum += 2
		default:
			sum++
		}
	}
	return sum
}

// earliest is the place of the first fact among the keys.
func (r *reading) earliest(keys []string) (int, bool) {
	first, found := 0, false
	for _, key := range keys {
		if at, ok := r.place[key]; ok && (!found || at < first) {
			first, found = at, true
		}
	}
	return first, found
}

// actions returns what to do, by time. A flash has today only. Where the facts give
// little to do in particular, what answers their tactics fills up the day, then
// general precautions: the first of them, a backup that is offline, has its place always.
func (r *reading) actions() []Action {
	var all []Action
	for _, span := range []struct {
		when string
		most int
	}{{"today", mostToday}, {"week", mostWeek}, {"quarter", mostQuarter}} {
		if span.when != "today" && r.in.Stage == hub.Flash {
			continue
		}
		var of []advice
		for _, a := range r.lib.todo {
			if a.When == span.when {
				of = append(of, a)
			}
		}
		chosen := r.follow(of, span.most)
		if span.when == "today" {
			chosen = topUp(chosen, of, leastToday-1, func(a advice) bool {
				_, follows := r.earliest(a.For)
				return a.Fallback && follows
			})
		}
		if span.when == "today" && len(chosen) > 0 {
			chosen = topUp(chosen, of, leastToday, func(a advice) bool { return a.General })
		}
		for _, a := range chosen {
			all = append(all, r.action(a))
		}
	}
	return all
}

// topUp adds what may fill up until there are so many.
func topUp(chosen, from []advice, least int, may func(advice) bool) []advice {
	for _, a := range from {
		have := func(b advice) bool { return b.ID == a.ID }
		if may(a) && len(chosen) < least && !slices.ContainsFunc(chosen, have) {
			chosen = append(chosen, a)
		}
	}
	return chosen
}

func (r *reading) action(a advice) Action {
	out := Action{
		ID: a.ID, When: a.When, Mitigation: a.Mitigation,
		Text:       r.filled(hub.Text{JA: a.JA, EN: a.EN}),
		Techniques: r.answers(a),
	}
	for _, c := range r.sector.Checklist {
		if a.Topic != "" && slices.Contains(c.Topics, a.Topic) {
			out.Checklist = append(out.Checklist, c.ID)
		}
	}
	return out
}

// answers are the techniques of the case that the advice follows from.
func (r *reading) answers(a advice) []string {
	var ids []string
	for _, key := range a.For {
		if id, ok := strings.CutPrefix(key, "technique:"); ok {
			ids = append(ids, id)
		}
	}
	return r.present(ids)
}

// detections returns what to look for in the logs.
func (r *reading) detections() []Detection {
	var all []Detection
	for _, a := range r.follow(r.lib.logs, mostDetections) {
		all = append(all, Detection{
			ID:         a.ID,
			Text:       r.filled(hub.Text{JA: a.JA, EN: a.EN}),
			Techniques: r.answers(a),
		})
	}
	return all
}

// actionLines are the lines of one time.
func (r *reading) actionLines(actions []Action, when string) []hub.Text {
	var lines []hub.Text
	for _, a := range actions {
		if a.When != when {
			continue
		}
		text := a.Text
		i := slices.IndexFunc(r.lib.todo, func(b advice) bool { return b.ID == a.ID })
		var notes []hub.Text
		if a.Mitigation != "" {
			notes = append(notes, hub.Text{JA: a.Mitigation, EN: a.Mitigation})
		}
		if items := r.checkItems(a.Checklist); items.JA != "" {
			notes = append(notes, fill(r.word("action.checklist"), "{list}", items))
		}
		if targets := r.targets(); r.lib.todo[i].Targets && targets.JA != "" {
			notes = append(notes, fill(r.word("action.targets"), "{list}", targets))
		}
		lines = append(lines, cite(text, notes...))
	}
	if len(lines) == 0 && when != "today" {
		return []hub.Text{r.word("advice.none")}
	}
	return r.orOpen(lines)
}

// checkItems are the names of items of the sector's checklist.
func (r *reading) checkItems(ids []string) hub.Text {
	var names []hub.Text
	for _, c := range r.sector.Checklist {
		if slices.Contains(ids, c.ID) {
			names = append(names, c.Name)
		}
	}
	return r.join(names, mostNames)
}

func (r *reading) detectionLines(detections []Detection) []hub.Text {
	var lines []hub.Text
	for _, d := range detections {
		lines = append(lines, cite(d.Text, same(d.Techniques)...))
	}
	return r.orOpen(lines)
}

func (r *reading) exposureLines() []hub.Text {
	var lines []hub.Text
	for _, a := range r.follow(r.lib.exposures, mostExposures) {
		text := r.filled(hub.Text{JA: a.JA, EN: a.EN})
		if strings.Contains(text.JA, "{list}") {
			text = fill(text, "{list}", r.targets())
		}
		text.EN = upper(text.EN)
		lines = append(lines, text)
	}
	return r.orOpen(lines)
}
