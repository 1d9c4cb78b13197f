package adversary

// Intersection is told by an oracle which alerts, over all years, are of one victim,
// and keeps those who are suspects in all of them. What is in common of two answers
// is what a hub must guard that answers twice.
func Intersection(s *Sector, releases []Release) []string {
	list := s.Active[0]
	if len(releases) > 0 {
		list = Minimality(s, releases[0], Everything)
	}
	for _, r := range releases {
		if cell(r.Says) != "" {
			list = keep(list, Minimality(s, r, Everything))
		}
	}
	return list
}
