package cells

// Margin is what remains of a set when the worst is taken away: all members of one
// operator, of one vendor, and any two more.
type Margin struct {
	Members   int  `json:"members"`   // of the set, before anybody is taken away
	Places    int  `json:"places"`    // their prefectures
	Fewest    Loss `json:"fewest"`    // the loss that leaves the fewest members
	Narrowest Loss `json:"narrowest"` // the loss that leaves the fewest prefectures
}

// Loss is who is taken away, and what remains then.
type Loss struct {
	Operator string `json:"operator,omitempty"` // "" for none
	Vendor   string `json:"vendor,omitempty"`
	Members  int    `json:"members"` // that remain without two more
	Places   int    `json:"places"`  // that remain at the least without two more
}

// Holds reports whether the margin is enough; it says the same as Safe.
func (m Margin) Holds(k, spread int) bool {
	return m.Fewest.Members >= k && m.Narrowest.Places >= spread
}

// MarginOf measures a set of members.
func MarginOf(set []Member) Margin {
	m := Margin{Members: len(set), Places: len(tally(set, placeOf))}
	first := true
	for _, operator := range values(tally(set, operatorOf)) {
		for _, vendor := range values(tally(set, vendorOf)) {
			l := lose(set, operator, vendor)
			if first || l.Members < m.Fewest.Members {
				m.Fewest = l
			}
			if first || l.Places < m.Narrowest.Places {
				m.Narrowest = l
			}
			first = false
		}
	}
	return m
}

// lose takes an operator, a vendor and two members away.
func lose(set []Member, operator, vendor string) Loss {
	remain, places := without(set, operator, vendor)
	return Loss{Operator: operator, Vendor: vendor, Members: max(0, remain-moderators), Places: leastPlaces(places)}
}
