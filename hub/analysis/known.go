package analysis

import (
	"slices"

	"isac/hub"
)

// Known is what the world and the sector know apart from a report: a function of
// published lists and released alerts alone, so that any reader could compute it.
type Known struct {
	Exploited []string `json:"exploited"` // CVEs in a list of exploited ones
	Unfixed   []string `json:"unfixed"`   // CVEs that have no fix yet
	Routes    []string `json:"routes"`    // entry routes of two or more other alerts of the last 30 days
}

// Clone returns a copy that shares no memory with k.
func (k Known) Clone() Known {
	return Known{slices.Clone(k.Exploited), slices.Clone(k.Unfixed), slices.Clone(k.Routes)}
}

// Of is the part of it that these facts name.
func (k Known) Of(facts []hub.Fact) Known {
	only := func(values []string, class hub.Class) []string {
		out := []string{}
		for _, f := range facts {
			if f.Class == class && slices.Contains(values, f.Value) && !slices.Contains(out, f.Value) {
				out = append(out, f.Value)
			}
		}
		slices.Sort(out)
		return out
	}
	return Known{only(k.Exploited, hub.CVE), only(k.Unfixed, hub.CVE), only(k.Routes, hub.Route)}
}
