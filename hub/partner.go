package hub

// Partner is an organisation outside of the sector that relays what is released: an
// information-sharing secretariat, a ministry, a national office, a CERT.
type Partner struct {
	Name string `json:"name"`
	// Edition is what it is given: TLPClear, the flashes that everybody may read, or
	// TLPGreen, what the whole community may.
	Edition TLP `json:"edition"`
}

// OnlyClear reports whether somebody is given nothing but what everybody may read: a
// relay partner for whom no more was chosen.
func (p Person) OnlyClear() bool {
	return p.Has(RelayPartner) && (p.Partner == nil || p.Partner.Edition != TLPGreen)
}
