package adversary

// Minimality knows the rule by which a description is chosen, and runs it: suspects
// are those of whom the rule tells exactly this, not all whom the words fit. Where no
// cell is named, those of whom none is ever told are likelier than the others.
func Minimality(s *Sector, r Release, v View) []string {
	list, told := s.Active[r.Year], s.Told[r.Year]
	if c := cell(v.says(r)); c != "" {
		return keep(list, told[c])
	}
	if v == Bare {
		return list
	}
	of := silent(s, r.Year)
	return orAll(without(list, func(id string) bool { return !of[id] }), list)
}

func orAll(list, all []string) []string {
	if len(list) == 0 {
		return all
	}
	return list
}

// open are all who may be the victim: those of the cell, where one is named.
func open(s *Sector, r Release, v View) []string {
	list := s.Active[r.Year]
	if c := cell(v.says(r)); c != "" {
		return keep(list, s.Told[r.Year][c])
	}
	return list
}

// silent are the members of whom no cell is ever told.
func silent(s *Sector, year int) map[string]bool {
	out := set(s.Active[year])
	for _, ids := range s.Told[year] {
		for _, id := range ids {
			delete(out, id)
		}
	}
	return out
}
