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
	var seen, wrong int
	fresh, doubted := i.From, time.Time{}
	for _, c := range told {
		if c.Answer == FalsePositive {
			wrong, doubted = c.AtLeast, c.Since
			continue
		}
		seen += c.AtLeast
		if c.Since.After(fresh) {
			fresh = c.Since
		}
	}
	s := Standing{Confidence: i.Confidence, ValidUntil: i.Until}
	if fresh.After(i.From) && seen >= wrong {
		s.ValidUntil = later(i.Until, fresh.Add(i.Until.Sub(i.From)))
	}
	if end := doubted.Add(grace); wrong > seen && end.Before(s.ValidUntil) {
		s.ValidUntil = later(end, i.From)
	}
	s.Confidence = i.Confidence * (seen + k) / (seen + k + wrong)
	s.Confidence = decayed(s.Confidence, i.Type, fresh, s.ValidUntil, now.UTC().Truncate(24*time.Hour))
	return s
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
