package adversary

import "isac/hub"

// Moderator was drawn for the case. She sees the draft, so nothing more than the
// alert will say, and knows what the draw knows: the victim isn't her own
// organisation, nor of its operator, nor, as a rule, of its vendor or town.
func Moderator(s *Sector, r Release, v View) []string {
	return notNear(s, r, open(s, r, v))
}

// ModeratorWithNews reads the news as well, and saw the draft before the alert.
func ModeratorWithNews(s *Sector, r Release, v View) []string {
	early := r
	early.FlashAt = r.FlashAt.Add(-r.DraftAge)
	suspects := notNear(s, r, open(s, r, v))
	return best(headlines(s, early, v, suspects), suspects)
}

func notNear(s *Sector, r Release, list []string) []string {
	hers := r.Seat
	return orAll(without(list, func(id string) bool { return near(hers, s.Organs[id]) }), list)
}

// near reports whether the draw would have passed somebody over.
func near(a, b hub.Organisation) bool {
	same := func(x, y string) bool { return x != "" && x == y }
	return a.ID == b.ID || same(a.Operator, b.Operator) || same(a.Vendor, b.Vendor) || a.Prefecture == b.Prefecture && same(a.Municipality, b.Municipality)
}
