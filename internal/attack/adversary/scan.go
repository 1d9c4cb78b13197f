package adversary

import "isac/hub"

// Scanner has a table of what the internet shows of each member, and looks for who
// shows the product that the alert names or whose flaw it names; given techniques
// alone, for who shows anything that they could have used.
func Scanner(s *Sector, r Release, v View) []string {
	suspects := open(s, r, v)
	return keep(suspects, showing(s, v.says(r)))
}

// showing are the members that show a product of the alert, or any where the alert
// says that something open to the internet was used.
func showing(s *Sector, facts []hub.Fact) []string {
	products := values(facts, hub.Product)
	for _, cve := range values(facts, hub.CVE) {
		if p := s.Flaws[cve]; p != "" {
			products = append(products, p)
		}
	}
	var out []string
	for p := range set(products) {
		out = append(out, s.Scan[p]...)
		for _, behind := range s.Behind[p] {
			out = append(out, s.Scan[behind]...)
		}
	}
	if len(out) > 0 {
		return out
	}
	open := set(strength.Scan.Techniques)
	for _, t := range values(facts, hub.Technique) {
		if open[t] {
			for _, ids := range s.Scan {
				out = append(out, ids...)
			}
			return out
		}
	}
	return nil
}

// HeadlinesAndScan has both lists: who is in the news and shows the product comes
// before who is only in the news.
func HeadlinesAndScan(s *Sector, r Release, v View) []string {
	suspects := open(s, r, v)
	scores := headlines(s, r, v, suspects)
	shows := set(showing(s, v.says(r)))
	for id, score := range scores {
		if shows[id] {
			scores[id] = score * strength.Scan.InNews
		}
	}
	if len(scores) == 0 {
		return keep(suspects, showing(s, v.says(r)))
	}
	return best(scores, suspects)
}
