package webui

import (
	"encoding/json"
	"fmt"
	"strconv"

	"isac/hub"
)

// layer is an ATT&CK Navigator layer, version 4.5.
type layer struct {
	Name        string           `json:"name"`
	Versions    layerVersions    `json:"versions"`
	Domain      string           `json:"domain"`
	Description string           `json:"description"`
	Techniques  []layerTechnique `json:"techniques"`
}

type layerVersions struct {
	Layer string `json:"layer"`
}

type layerTechnique struct {
	ID    string `json:"techniqueID"`
	Score int    `json:"score"`
}

// alertLayer gives an alert's techniques as a layer for the ATT&CK Navigator.
func (u *UI) alertLayer(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	names, err := u.Public.NamesOf(v.r.Context(), row.Number)
	if err != nil {
		return err
	}
	l := layer{
		Name: v.t("web.alert.number", strconv.FormatUint(row.Number, 10)), Versions: layerVersions{"4.5"},
		Domain: "enterprise-attack", Description: row.Title.In(v.lang), Techniques: []layerTechnique{},
	}
	for _, n := range names {
		if n.Class == string(hub.Technique) {
			l.Techniques = append(l.Techniques, layerTechnique{n.Value, 1})
		}
	}
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("writing layer: %w", err)
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", `attachment; filename="isac-alert-`+row.ID+`-layer.json"`)
	_, _ = v.w.Write(append(data, '\n')) // a reader who left is no error of ours
	return nil
}
