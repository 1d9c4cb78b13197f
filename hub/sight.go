package hub

// Sees are the labels of what somebody may read. RED is for named recipients, so for
// nobody here. AMBER is for members and the hub's own people; who is neither, or came
// to answer calls for help alone, reads what the whole community may.
func (p Person) Sees(member bool) []TLP {
	if p.OnlyClear() {
		return []TLP{TLPClear}
	}
	out := []TLP{TLPClear, TLPGreen}
	if p.Has(RelayPartner) {
		return out
	}
	inside := member || p.Org == "hub" && (len(p.Roles) != 1 || p.Roles[0] != Helper)
	if inside {
		out = append(out, TLPAmber, TLPAmberStrict)
	}
	return out
}
