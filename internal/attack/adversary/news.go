package adversary

import (
	"math"
	"time"

	"isac/hub"
)

// Headlines reads the news of outages and takes for the victim whom it read of in the
// days before the alert: the nearer and the more alike, the likelier. Nobody in the
// news means that it guesses.
func Headlines(s *Sector, r Release, v View) []string {
	suspects := open(s, r, v)
	return best(headlines(s, r, v, suspects), suspects)
}

// headlines scores those of the suspects who were in the news.
func headlines(s *Sector, r Release, v View, suspects []string) map[string]float64 {
	in, facts, p := set(suspects), v.says(r), strength.News
	quiet := map[string]bool{}
	if v == Everything && cell(facts) == "" {
		quiet = silent(s, r.Year)
	}
	impacts := set(values(facts, hub.Impact))
	scores := map[string]float64{}
	for _, n := range s.News[r.History] {
		days := r.FlashAt.Sub(n.Day).Hours() / 24
		if !in[n.Org] || days < 0 || days > p.WindowDays {
			continue
		}
		score := math.Exp(-days / p.MeanLagDays)
		if v == Everything {
			score *= alike(s, n, impacts, p.Both, p.OnlyNews, p.OnlyAlert)
			if q := values(facts, hub.Quarter); len(q) == 1 && q[0] != quarterOf(n.Day) {
				score *= p.OtherQuarter
			}
			if quiet[n.Org] {
				score *= p.Silent
			}
		}
		scores[n.Org] = max(scores[n.Org], score)
	}
	return scores
}

// alike compares what the news say stands still with what the alert says.
func alike(s *Sector, n News, impacts map[string]bool, both, onlyNews, onlyAlert float64) float64 {
	score, read := 1.0, set(n.Impacts)
	for w := range read {
		if impacts[w] {
			score *= both
		} else {
			score *= onlyNews
		}
	}
	for w := range impacts {
		if !read[w] && s.Outside(hub.Fact{Class: hub.Impact, Value: w}) {
			score *= onlyAlert
		}
	}
	return score
}

func quarterOf(t time.Time) string {
	return t.Format("2006-Q") + string('1'+rune((t.Month()-1)/3))
}

// best returns those of the highest score, or all where nobody has one.
func best(scores map[string]float64, all []string) []string {
	top := 0.0
	var out []string
	for _, id := range all {
		switch score := scores[id]; {
		case score > top:
			top, out = score, []string{id}
		case score == top && score > 0:
			out = append(out, id)
		}
	}
	return orAll(out, all)
}
