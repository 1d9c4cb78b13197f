package picture

import (
	"encoding/json"
	"fmt"

	"isac/hub"
	"isac/hub/sector"
)

// layer is an ATT&CK Navigator layer, version 4.5.
type layer struct {
	Name        string           `json:"name"`
	Versions    layerVersions    `json:"versions"`
	Domain      string           `json:"domain"`
	Description string           `json:"description"`
	Techniques  []LayerTechnique `json:"techniques"`
}

type layerVersions struct {
	Layer string `json:"layer"`
}

// LayerTechnique is a technique with a score of 1 to 3 and a remark.
type LayerTechnique struct {
	ID      string `json:"techniqueID"`
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
}

// Layer writes techniques as a layer for the ATT&CK Navigator.
func Layer(name, description string, techniques []LayerTechnique) ([]byte, error) {
	if techniques == nil {
		techniques = []LayerTechnique{} // null isn't a layer
	}
	l := layer{Name: name, Versions: layerVersions{"4.5"}, Domain: "enterprise-attack", Description: description, Techniques: techniques}
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing layer: %w", err)
	}
	return append(data, '\n'), nil
}

// SectorLayer writes the techniques that the sector has seen as a layer. The score is
// that of the band, which stands beside it in words.
func SectorLayer(p Page, view sector.View) ([]byte, error) {
	var list []LayerTechnique
	for _, row := range view.Rows {
		if row.Class == hub.Technique {
			list = append(list, LayerTechnique{row.Value, level(row.Total), p.band(row.Total)})
		}
	}
	return Layer(p.Words("picture.matrix.title"), p.span(view.Quarters), list)
}
