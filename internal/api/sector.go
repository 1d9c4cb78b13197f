package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/httpx"
)

const (
	mostRelated     = 20
	defaultQuarters = 8
	mostQuarters    = 80
)

// relatedJSON is an alert that relates to another, and why.
type relatedJSON struct {
	alertJSON
	Score   int           `json:"score"`
	Reasons []sector.Name `json:"reasons"`
}

type relatedPage struct {
	Related []relatedJSON `json:"related"`
}

// alertRelated answers GET /alerts/{id}/related, the closest first.
func (a API) alertRelated(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	_, err := a.served(r, who)
	if err != nil {
		return err
	}
	related, err := a.Reading.Of(who).Overview.Related(r.Context(), chi.URLParam(r, "id"), mostRelated)
	if err != nil {
		return err
	}
	out := relatedPage{Related: []relatedJSON{}}
	for _, rel := range related {
		row, err := a.Reading.Of(who).Public.Alert(r.Context(), rel.ID)
		if hub.KindOf(err) == hub.NotFound {
			continue // a newer version has a stricter label
		}
		if err != nil {
			return err
		}
		out.Related = append(out.Related, relatedJSON{alertOf(row), rel.Score, rel.Reasons})
	}
	return httpx.WriteJSON(w, out)
}

// sectorShow answers GET /sector?quarters=, in whole quarters that are over.
func (a API) sectorShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	p := given(r)
	n := int(p.Number("quarters", 1, mostQuarters))
	if p.Err() != nil {
		return p.Err()
	}
	if n == 0 {
		n = defaultQuarters
	}
	v, err := a.Reading.Of(who).Overview.View(r.Context(), a.Now(), n)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, v)
}
