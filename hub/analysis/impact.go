package analysis

import (
	"slices"

	"isac/hub"
)

// impactLines say what was and wasn't lost, by class: services of the sector,
// systems, personal data, backups. What nobody has told yet is said to be open.
func (r *reading) impactLines() []hub.Text {
	var lines []hub.Text
	if services := r.services(); services.JA != "" {
		lines = append(lines, fill(r.word("impact.services"), "{name}", r.sector.Services, "{list}", services))
	}
	_, scenes, done := r.sceneLines("impact")
	for _, f := range r.of(hub.Impact) {
		c, ok := r.lib.impacts.get(f.Value)
		switch {
		case r.ofSector(f.Value) || slices.Contains(done, f.Key()):
		case ok:
			lines = append(lines, sentence(r.filled(hub.Text{JA: c.JA, EN: c.EN}), f.Confidence))
		default:
			label, _ := r.vocab.Label(hub.Impact, f.Value)
			lines = append(lines, named(label, f.Confidence))
		}
	}
	lines = append(lines, scenes...)
	for _, q := range r.lib.questions {
		if !slices.Contains(ofVictim, q.ID) || r.stated(q.ID) {
			continue
		}
		word := "slot.open"
		if r.beside(q.ID) {
			word = "slot.beside"
		}
		lines = append(lines, fill(r.word(word), "{name}", r.slot(q)))
	}
	return lines
}

// services are the impacts that only the sector knows, by their labels.
func (r *reading) services() hub.Text {
	var list []hub.Text
	for _, f := range r.of(hub.Impact) {
		if label, ok := r.vocab.Label(hub.Impact, f.Value); ok && r.ofSector(f.Value) {
			list = append(list, named(label, f.Confidence))
		}
	}
	return r.join(list, 2*mostNames)
}

// slot names what isn't known, in the words of the sector.
func (r *reading) slot(q question) hub.Text {
	return fill(hub.Text{JA: q.SlotJA, EN: q.SlotEN}, "{name}", r.sector.Services)
}
