package webui

import (
	"isac/hub/picture"
	"isac/hub/sector"
)

func (u *UI) matrixOf(view sector.View) painter {
	return func(p picture.Page) string { return picture.Matrix(p, u.Vocab, view) }
}

func (u *UI) timelineOf(view sector.View) painter {
	return func(p picture.Page) string { return picture.Timeline(p, u.Vocab, view) }
}

// sectorMatrix gives the techniques that the sector has seen as a picture.
func (u *UI) sectorMatrix(v *visit) error {
	view, err := v.sectorView()
	if err != nil {
		return err
	}
	return v.picture("sector-matrix", "", u.matrixOf(view))
}

// sectorTimeline gives what the sector has seen by quarter as a picture.
func (u *UI) sectorTimeline(v *visit) error {
	view, err := v.sectorView()
	if err != nil {
		return err
	}
	return v.picture("sector-timeline", "", u.timelineOf(view))
}

// sectorLayer gives the sector's techniques as a layer for the ATT&CK Navigator.
func (u *UI) sectorLayer(v *visit) error {
	view, err := v.sectorView()
	if err != nil {
		return err
	}
	data, err := picture.SectorLayer(v.picturePage(picture.Wide, ""), view)
	if err != nil {
		return err
	}
	return v.layer("isac-sector-layer.json", data)
}
