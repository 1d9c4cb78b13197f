package release

import (
	"slices"
	"strconv"
	"strings"

	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// instants are the only times that an alert holds: all of them instants of a
// release.
var instants = []string{"created", "modified", "published", "valid_from", "valid_until", "object_modified"}

// walk checks every property at every depth: names, lists, references, times.
// names are those of the properties down to v.
func (c *profileCheck) walk(at string, v any, names []string) {
	switch v := v.(type) {
	case map[string]any:
		c.need(len(v) > 0, at, "alert.empty")
		for name, inner := range v {
			c.need(!strings.HasPrefix(name, "x_"), at+"/"+name, "alert.custom")
			c.walk(at+"/"+name, inner, append(slices.Clone(names), name))
		}
	case []any:
		c.need(len(v) > 0, at, "alert.empty")
		for i, inner := range v {
			c.walk(at+"/"+strconv.Itoa(i), inner, names)
		}
	case string:
		c.need(v != "", at, "alert.empty")
		if len(names) > 0 {
			c.value(at, names[len(names)-1], v)
		}
	}
}

// value checks one string by the name of its property.
func (c *profileCheck) value(at, name, v string) {
	if strings.HasSuffix(name, "_ref") || strings.HasSuffix(name, "_refs") {
		c.need(c.byID[v] != nil, at, "alert.reference")
	}
	if _, err := stix.ParseTime(v); err == nil {
		c.need(slices.Contains(instants, name), at, "alert.times")
	}
}

// ends are the relationships of an alert: type → source type → target type.
var ends = map[string][][2]string{
	"uses":          {{"campaign", "attack-pattern"}, {"campaign", "malware"}, {"campaign", "tool"}},
	"targets":       {{"campaign", "vulnerability"}},
	"attributed-to": {{"campaign", "intrusion-set"}},
	"indicates":     {{"indicator", "campaign"}, {"indicator", "malware"}},
	"mitigates":     {{"course-of-action", "attack-pattern"}},
}

func (c *profileCheck) relationship(at string, o stix.Object) {
	source, target := c.byID[o.Str("source_ref")], c.byID[o.Str("target_ref")]
	c.need(slices.Contains(ends[o.Str("relationship_type")], [2]string{source.Type(), target.Type()}), at, "alert.relationship")
	eternal := Lasting(source) && Lasting(target)
	c.need(Lasting(o) == eternal, at+"/id", "alert.lasting-id")
}

func (c *profileCheck) indicator(at string, o stix.Object) {
	from, ok1 := o.Time("valid_from")
	until, ok2 := o.Time("valid_until")
	c.need(ok1 && ok2 && until.After(from), at+"/valid_until", "alert.times")
	p, err := pattern.Parse(o.Str("pattern"))
	c.need(err == nil && p.String() == o.Str("pattern"), at+"/pattern", "alert.pattern")
}
