package adversary

import "isac/hub"

// Linkage has the sector list and joins on it whatever an alert says: the cell's
// description, by its words alone, and impacts that only some can have.
func Linkage(s *Sector, r Release, v View) []string {
	facts := v.says(r)
	list := s.Active[r.Year]
	if c := cell(facts); c != "" {
		list = keep(list, matching(s, list, c))
	}
	for _, needs := range strength.Linkage.Needs {
		for _, impact := range values(facts, hub.Impact) {
			if impact == needs.Impact {
				list = keep(list, having(s, list, needs.Functions))
			}
		}
	}
	return list
}

// matching are the members that a description fits.
func matching(s *Sector, list []string, description string) []string {
	return without(list, func(id string) bool { return !s.Fits(description, s.Organs[id]) })
}

func having(s *Sector, list, functions []string) []string {
	want := set(functions)
	return without(list, func(id string) bool {
		for _, f := range s.Organs[id].Functions {
			if want[f] {
				return false
			}
		}
		return true
	})
}
