package world

import (
	"slices"
	"time"
)

// News is an item of what anybody can read: somebody's care or systems stand still.
type News struct {
	Org     string // id
	Day     time.Time
	Impacts []string // as words of facts
}

// News are the items of a history: of outages four in five, of other incidents one
// in ten, and of organisations that reported to no hub as many as half of these.
func (w *World) News(history int) []News {
	r := w.dice(diceNews, history)
	var out []News
	for _, in := range w.Incidents {
		if in.History != history {
			continue
		}
		var seen []string
		for _, word := range in.Impacts {
			if outsideImpacts[word] && r.IntN(10) < 7 {
				seen = append(seen, word)
			}
		}
		if limit := 1 + 7*min(1, len(seen)); r.IntN(10) < limit {
			out = append(out, News{w.Members[in.Victim].ID, in.Day.Add(time.Duration(r.ExpFloat64() * float64(24*time.Hour))), seen})
		}
		if r.IntN(2) == 0 {
			out = append(out, w.elsewhere(r.IntN(len(w.List)), r.IntN(Years*365), r.IntN(len(w.Incidents))))
		}
	}
	slices.SortFunc(out, func(a, b News) int { return a.Day.Compare(b.Day) })
	return out
}

// elsewhere is an outage at somebody who didn't report it, like another one's.
func (w *World) elsewhere(org, day, like int) News {
	n := News{Org: w.List[org].ID, Day: start.Add(time.Duration(day) * 24 * time.Hour)}
	for _, word := range w.Incidents[like].Impacts {
		if outsideImpacts[word] {
			n.Impacts = append(n.Impacts, word)
		}
	}
	return n
}

// Scan is what a scan of the internet finds: by product, who shows it. It misses one
// in five.
func (w *World) Scan() map[string][]string {
	r := w.dice(diceNews, 1<<20)
	out := map[string][]string{}
	for _, m := range w.Members {
		if m.Shows != "" && r.IntN(5) > 0 {
			out[m.Shows] = append(out[m.Shows], m.ID)
		}
	}
	return out
}

// Flaws tells of which product a CVE is.
func Flaws() map[string]string {
	out := map[string]string{}
	for _, p := range products {
		for _, cve := range p.cves {
			out[cve] = p.id
		}
	}
	return out
}
