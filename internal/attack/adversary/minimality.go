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
	var some []string
	for _, ids := range told {
		some = append(some, ids...)
	}
	silent := set(some)
	return orAll(without(list, func(id string) bool { return silent[id] }), list)
}

func orAll(list, all []string) []string {
	if len(list) == 0 {
		return all
	}
	return list
}
