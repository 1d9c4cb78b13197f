package webui

import (
	"strconv"

	"isac/hub"
	"isac/hub/picture"
)

// alertLayer gives an alert's techniques as a layer for the ATT&CK Navigator.
func (u *UI) alertLayer(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	names, err := v.reads.Public.NamesOf(v.r.Context(), row.Number)
	if err != nil {
		return err
	}
	var list []picture.LayerTechnique
	for _, n := range names {
		if n.Class == string(hub.Technique) {
			list = append(list, picture.LayerTechnique{ID: n.Value, Score: 1})
		}
	}
	data, err := picture.Layer(v.t("web.alert.number", strconv.FormatUint(row.Number, 10)), row.Title.In(v.lang), list)
	if err != nil {
		return err
	}
	return v.layer("isac-alert-"+row.ID+"-layer.json", data)
}

// layer gives a layer as a file.
func (v *visit) layer(name string, data []byte) error {
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = v.w.Write(data) // a reader who left is no error of ours
	return nil
}
