package webui

import (
	"isac/hub"
	"isac/hub/sector"
)

// sectorPage is what the sector has seen.
type sectorPage struct {
	Frame
	View    sector.View
	Groups  []group
	Columns int
	Matrix  drawing
	Line    drawing // the timeline
}

func (sectorPage) template() string { return "sector" }

// group is the rows of one class.
type group struct {
	Class hub.Class
	Rows  []sectorRow
}

type sectorRow struct {
	sector.Row
	Label string
}

const (
	quartersShown = 8
	rowsOfAClass  = 30
)

func (v *visit) sectorView() (sector.View, error) {
	return v.reads.Overview.View(v.r.Context(), v.ui.Now(), quartersShown)
}

func (u *UI) sectorShow(v *visit) error {
	view, err := v.sectorView()
	if err != nil {
		return err
	}
	p := sectorPage{
		Frame: v.frame(), View: view, Columns: quartersShown + 2,
		Matrix: v.drawn("/sector/matrix.svg", "", u.matrixOf(view)), Line: v.drawn("/sector/timeline.svg", "", u.timelineOf(view)),
	}
	for _, row := range view.Rows {
		if len(p.Groups) == 0 || p.Groups[len(p.Groups)-1].Class != row.Class {
			p.Groups = append(p.Groups, group{Class: row.Class})
		}
		g := &p.Groups[len(p.Groups)-1]
		if len(g.Rows) < rowsOfAClass {
			g.Rows = append(g.Rows, sectorRow{row, u.label(v.lang, row.Class, row.Value)})
		}
	}
	return v.show(p)
}
