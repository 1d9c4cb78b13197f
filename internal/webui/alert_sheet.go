package webui

import (
	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/paper"
)

// alertSheet gives an alert as one sheet of A4, for a wall, a meeting or a fax.
func (u *UI) alertSheet(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	if row.Kind == hub.Withdrawn {
		return hub.E(hub.Gone, "isac.picture.withdrawn")
	}
	text, err := deliver.TextOf(row.Bundle)
	if err != nil {
		return err
	}
	l := v.line(row)
	head := v.alertNote(row) + " · " + v.t("web.severity."+string(l.Severity)) + " · " + v.t("web.stage."+string(l.Stage)) + " · " + l.Published.Local().Format("2006-01-02 15:04")
	return v.paper("application/pdf", "isac-alert-"+row.ID+".pdf", func(f *paper.Font) ([]byte, error) {
		return paper.PDF(paper.Alert(u.Library, v.lang, head, text.In(v.lang), row.Number, v.t), f)
	})
}

// paper gives what is drawn with the hub's font, two at a time: each takes some memory.
func (v *visit) paper(kind, name string, draw func(*paper.Font) ([]byte, error)) error {
	if v.ui.Font == nil {
		return hub.E(hub.Unavailable, "paper.no-font")
	}
	select {
	case v.ui.drawing <- struct{}{}:
		defer func() { <-v.ui.drawing }()
	case <-v.r.Context().Done():
		return v.r.Context().Err()
	}
	data, err := draw(v.ui.Font)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Language", v.lang)
	v.w.Header().Set("Content-Disposition", `inline; filename="`+name+`"`)
	_, _ = v.w.Write(data) // a reader who left is no error of ours
	return nil
}
