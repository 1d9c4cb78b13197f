package profile

import (
	"strings"

	"isac/hub"
)

// Describe writes groups by attribute as the value of a fact of the class cell, in
// the profile's order: "region=west+size=from-200". It is "" where there is none, or
// where one isn't the profile's.
func (p *Profile) Describe(groups map[string]string) string {
	var parts []string
	for _, a := range p.Attributes {
		group, ok := groups[a.ID]
		if !ok {
			continue
		}
		if a.Label(group) == (hub.Text{}) {
			return ""
		}
		parts = append(parts, a.ID+"="+group)
	}
	if len(parts) < len(groups) {
		return ""
	}
	return strings.Join(parts, "+")
}

// Described returns the labels of a value that Describe wrote with this profile, and
// nil for any other.
func (p *Profile) Described(value string) []hub.Text {
	groups := map[string]string{}
	for part := range strings.SplitSeq(value, "+") {
		attribute, group, _ := strings.Cut(part, "=")
		groups[attribute] = group
	}
	if value == "" || p.Describe(groups) != value {
		return nil
	}
	var labels []hub.Text
	for _, a := range p.Attributes {
		if group, ok := groups[a.ID]; ok {
			labels = append(labels, a.Label(group))
		}
	}
	return labels
}
