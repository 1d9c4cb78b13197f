package release

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// indicators puts indicators in and ties each to the campaign; then hashes to the
// family where there is one alone, while there is room.
func (m *maker) indicators(c content, campaign string) {
	var hashes []string
	n := 0
	for _, f := range c.facts {
		if f.Class != hub.Indicator || n == maxIndicators {
			continue
		}
		n++
		id := m.indicator(f)
		m.relate(id, "indicates", campaign, false)
		if strings.HasPrefix(string(f.Kind), "file:hashes") {
			hashes = append(hashes, id)
		}
	}
	family := m.onlyFamily()
	for _, id := range hashes {
		if family != "" && len(m.objects)+closing < maxObjects {
			m.relate(id, "indicates", family, true)
		}
	}
}

// onlyFamily is the id of the one family of the bundle, "" where there are more or
// none.
func (m *maker) onlyFamily() string {
	id := ""
	for _, o := range m.objects {
		if o.Type() != "malware" {
			continue
		}
		if id != "" {
			return ""
		}
		id = o.ID()
	}
	return id
}

// indicator puts one in and returns its id: one id for ever by canonical pattern.
func (m *maker) indicator(f hub.Fact) string {
	text := PatternOf(f)
	row := texts().of(f.Kind)
	description := row.description()
	id := stix.NameID("indicator", text)
	before, _ := m.known(id)
	stated, repeated := feedback.Stated(before)
	from, until := window(stated, repeated, m.alert.Published, time.Duration(row.Days)*24*time.Hour)
	props := stix.Object{
		"name":              nameOf(row, f),
		"description":       description.JA + "\n\n" + description.EN,
		"indicator_types":   []any{"malicious-activity"},
		"pattern":           text,
		"pattern_type":      "stix",
		"pattern_version":   "2.1",
		"valid_from":        stix.FormatTime(from),
		"valid_until":       stix.FormatTime(until),
		"kill_chain_phases": []any{phase(row.Phase)},
	}
	if score := max(stated.Confidence, f.Confidence.Score()); score > 0 { // the surest word of any alert
		props["confidence"] = score
	}
	if !m.seen[id] {
		o := m.object("indicator", id, m.now, props)
		m.take(m.kept(m.p.Updates.Repeated(o, before, m.p.told(id), m.alert.Published)))
	}
	return id
}

// window is for how long an indicator is stated to be valid. One that was released
// before keeps its first instant and is prolonged only with less than half of its life
// left, so that a repeated indicator is mostly resent unchanged.
func window(stated feedback.Indicator, repeated bool, now time.Time, life time.Duration) (from, until time.Time) {
	switch {
	case !repeated:
		return now, now.Add(life)
	case stated.Until.Sub(now) >= life/2:
		return stated.From, stated.Until
	}
	return stated.From, now.Add(life)
}

// longestName is how many characters of a value a name holds.
const longestName = 100

// nameOf is the kind, with the value where it is one short printable text.
func nameOf(row kindText, f hub.Fact) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if f.Kind == hub.Pattern || utf8.RuneCountInString(f.Value) > longestName || strings.ContainsFunc(f.Value, hidden) {
		return row.Name
	}
	return row.Name + ": " + f.Value
}

// PatternOf writes the STIX pattern of an indicator fact. A network is compared as
// a network: an address in it is a match.
func PatternOf(f hub.Fact) string {
	if f.Kind == hub.Pattern {
		return f.Value
	}
	text := pattern.Equal(f.Kind, f.Value)
	if (f.Kind == hub.IPv4 || f.Kind == hub.IPv6) && strings.Contains(f.Value, "/") {
		return strings.Replace(text, " = ", " ISSUBSET ", 1)
	}
	return text
}
