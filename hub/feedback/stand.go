package feedback

import (
	"strings"
	"time"
)

// Indicator is what was released of an indicator.
type Indicator struct {
	Type       string // "ipv4-addr:value"
	Confidence int    // as released, 0 to 100
	From       time.Time
	Until      time.Time
}

// Standing is what an indicator is worth on a day.
type Standing struct {
	Confidence int       `json:"confidence"`
	ValidUntil time.Time `json:"valid_until"`
}

// grace is how long an indicator still holds that more call false than have seen.
const grace = 7 * 24 * time.Hour

// Stand returns what an indicator is worth on the day of now. It is worth less the
// older it is, by its type, and nothing at its end. Sightings let it begin anew;
// false positives lower what it is worth, and where they outweigh sightings it ends.
func Stand(i Indicator, told []Count, k int, now time.Time) Standing {
	w := weigh(i, told, k)
	return Standing{decayed(w.confidence, i.Type, w.fresh, w.until, now.UTC().Truncate(24*time.Hour)), w.until}
}

// weighed is an indicator after what is told of it, before age.
type weighed struct {
	confidence   int
	fresh, until time.Time // from when on age counts, and its end
}

func weigh(i Indicator, told []Count, k int) weighed {
	var seen, wrong int
	w, doubted := weighed{fresh: i.From, until: i.Until}, time.Time{}
	for _, c := range told {
		if c.Answer == FalsePositive {
			wrong, doubted = c.AtLeast, c.Since
			continue
		}
		seen += c.AtLeast
		w.fresh = later(w.fresh, c.Since)
	}
	if w.fresh.After(i.From) && seen >= wrong {
		w.until = later(i.Until, w.fresh.Add(i.Until.Sub(i.From)))
	}
	if end := doubted.Add(grace); wrong > seen && end.Before(w.until) {
		w.until = later(end, i.From)
	}
	w.confidence = i.Confidence * (seen + k) / (seen + k + wrong)
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
func decayed(confidence int, typ string, from, until, now time.Time) int {
	if !now.Before(until) {
		return 0
	}
	if !now.After(from) || !until.After(from) {
		return confidence
	}
	age := float64(now.Sub(from)) / float64(until.Sub(from))
	lost := 1.0
	for range slowness(typ) {
		lost *= age
	}
	return int(float64(confidence)*(1-lost) + 0.5)
}

// slowness is how late age tells on a type: an address goes to another soon, a file
// stays what it is.
func slowness(typ string) int {
	kind, property, _ := strings.Cut(typ, ":")
	switch {
	case kind == "ipv4-addr" || kind == "ipv6-addr" || kind == "url":
		return 1
	case strings.HasPrefix(property, "hashes"):
		return 4
	}
	return 2
}
