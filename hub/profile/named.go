package profile

// Named returns a profile that is built in, by its id. "" is the first one.
func Named(id string) (*Profile, bool) {
	if id == "" {
		return HealthcareJP(), true
	}
	for _, p := range []*Profile{HealthcareJP(), LocalGovernmentJP()} {
		if p.ID == id {
			return p, true
		}
	}
	return nil, false
}
