package feedback

import (
	"strings"
	"time"
)

// Rules say how an indicator follows what is told and its age. They are the sector
// profile's.
type Rules struct {
	K     int            // the least number of members of whom anything is told
	Grace time.Duration  // how long an indicator still holds that more call false than have seen
	Slow  map[string]int // how late age tells, by the beginning of a type; see slow
	Every time.Duration  // an alert is updated no sooner after its newest version; 0 is never
	Step  int            // and of a confidence is told only what has moved by so many points
}

// Indicator is an indicator as an alert stated it, before answers and age.
type Indicator struct {
	Type       string // "ipv4-addr:value"
	Confidence int    // 0 to 100
	From       time.Time
	Until      time.Time
}

// Standing is what an indicator is worth on a day.
type Standing struct {
	Confidence int       `json:"confidence"`
	ValidUntil time.Time `json:"valid_until"`
}

// Stand returns what an indicator is worth on the day of now. It is worth less the
// older it is, by its type, and nothing at its end. Sightings let it begin anew;
// false positives lower what it is worth, and where they outweigh sightings it ends.
func (r Rules) Stand(i Indicator, told []Count, now time.Time) Standing {
	w := r.weigh(i, told)
	return Standing{r.decayed(w, i.Type, now.UTC().Truncate(24*time.Hour)), w.until}
}

// weighed is an indicator after what is told of it, before age.
type weighed struct {
	confidence   int
	fresh, until time.Time // from when on age counts, and its end
}

func (r Rules) weigh(i Indicator, told []Count) weighed {
	var seen, wrong int
	begun := later(i.From, i.Until.Add(-Life(i.Type))) // one that alerts repeat began with the last of them
	w, doubted := weighed{fresh: begun, until: i.Until}, time.Time{}
	for _, c := range told {
		if c.Answer == FalsePositive {
			wrong, doubted = c.AtLeast, c.Since
			continue
		}
		seen += c.AtLeast
		w.fresh = later(w.fresh, c.Since)
	}
	if w.fresh.After(begun) && seen >= wrong {
		w.until = later(i.Until, w.fresh.Add(i.Until.Sub(begun)))
	}
	if end := doubted.Add(r.Grace); wrong > seen && end.Before(w.until) {
		w.until = later(end, i.From.Add(r.Grace))
	}
	w.confidence = i.Confidence * (seen + r.K) / max(seen+r.K+wrong, 1)
	return w
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// decayed takes from a confidence what age takes: of an address in even steps, of
// what changes hands more slowly late.
func (r Rules) decayed(w weighed, typ string, now time.Time) int {
	if !now.Before(w.until) {
		return 0
	}
	if !now.After(w.fresh) || !w.until.After(w.fresh) {
		return w.confidence
	}
	age := float64(now.Sub(w.fresh)) / float64(w.until.Sub(w.fresh))
	lost := 1.0
	for range r.slow(typ) {
		lost *= age
	}
	return int(float64(w.confidence)*(1-lost) + 0.5)
}

// usual is how late age tells on a type of which nothing is said.
const usual = 2

// slow is how late age tells on a type: an address goes to another soon, a file stays
// what it is. The longest beginning that is named counts.
func (r Rules) slow(typ string) int {
	n, best := usual, 0
	for beginning, slow := range r.Slow {
		if strings.HasPrefix(typ, beginning) && len(beginning) > best {
			n, best = slow, len(beginning)
		}
	}
	return n
}

// Life is for how long an indicator of a type is stated to hold at first.
func Life(typ string) time.Duration {
	const day = 24 * time.Hour
	kind, property, _ := strings.Cut(typ, ":")
	switch {
	case kind == "ipv4-addr", kind == "ipv6-addr", kind == "url", kind == "autonomous-system":
		return 30 * day
	case kind == "file" && strings.HasPrefix(property, "hashes"):
		return 365 * day
	}
	return 90 * day
}
