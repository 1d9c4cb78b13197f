package analysis

import (
	"strconv"

	"isac/hub"
	"isac/hub/profile"
)

// cellLine tells of what members the victim is one: the bound, never how many.
func (r *reading) cellLine(cell string) hub.Text {
	var labels []hub.Text
	for _, label := range r.in.Profile.Described(cell) {
		labels = append(labels, quoted(label))
	}
	return r.cellText(together(labels))
}

func (r *reading) cellText(list hub.Text) hub.Text {
	p := r.in.Profile
	return fill(r.word("cell.line"), "{n}", strconv.Itoa(p.K), "{noun}", p.Plural, "{list}", list)
}

// quoted marks a label, so that its words stand for nothing else on a page.
func quoted(label hub.Text) hub.Text {
	return hub.Text{JA: "「" + label.JA + "」", EN: "“" + label.EN + "”"}
}

// together joins quoted labels, with nothing between them that isn't ASCII.
func together(labels []hub.Text) hub.Text {
	var out hub.Text
	for i, l := range labels {
		if i > 0 {
			out.EN += ", "
		}
		out.JA, out.EN = out.JA+l.JA, out.EN+l.EN
	}
	return out
}

// CellTexts returns what a page can say of a cell of the profile: the pieces of the
// sentence and each label in its marks. p may be nil.
func (lib *Library) CellTexts(p *profile.Profile) []hub.Text {
	if p == nil {
		return nil
	}
	r := read(Input{Profile: p, Library: lib})
	all := pieces(r.cellText(hub.Text{JA: "{}", EN: "{}"}))
	for _, a := range p.Attributes {
		for _, level := range a.Levels {
			for _, g := range level.Groups {
				all = append(all, quoted(g.Label))
			}
		}
	}
	return all
}
