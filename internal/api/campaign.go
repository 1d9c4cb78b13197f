package api

import (
	"net/http"
	"slices"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/httpx"
	"isac/internal/store"
)

// clusterJSON is released alerts that tell the same way, and what they share.
type clusterJSON struct {
	Alerts []alertJSON   `json:"alerts"`
	Score  int           `json:"score"`
	Shared []sector.Name `json:"shared"`
}

// campaignList answers GET /campaigns for who moderates and for the secretariat: full
// alerts that tell the same way and have no alert of their own. It follows from released
// alerts alone, and says nothing of victims.
func (a API) campaignList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	out := struct {
		Clusters []clusterJSON `json:"clusters"`
	}{Clusters: []clusterJSON{}}
	rules := a.Desk.Profile.Campaigns
	if rules.Score == 0 {
		return httpx.WriteJSON(w, out)
	}
	clusters, err := a.Overview.Clusters(r.Context(), a.Now().Add(-rules.Within.Std()), rules.Score)
	if err != nil {
		return err
	}
	for _, c := range clusters {
		done, err := a.toldTogether(r, c.IDs)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		one := clusterJSON{Score: c.Score, Shared: c.Shared}
		for _, id := range c.IDs {
			row, err := a.Public.Alert(r.Context(), id)
			if err != nil {
				return err
			}
			one.Alerts = append(one.Alerts, alertOf(row))
		}
		out.Clusters = append(out.Clusters, one)
	}
	return httpx.WriteJSON(w, out)
}

// toldTogether reports whether an alert that stands was made of these, or of more.
func (a API) toldTogether(r *http.Request, ids []string) (bool, error) {
	rows, err := a.Public.Alerts(r.Context(), store.AlertQuery{Class: store.OfAlerts, Name: ids[0], Limit: 500})
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		names, err := a.Public.NamesOf(r.Context(), row.Number)
		if err != nil {
			return false, err
		}
		missing := func(id string) bool { return !slices.Contains(names, store.NameRow{Class: store.OfAlerts, Value: id}) }
		if !row.Kind.Back() && !slices.ContainsFunc(ids, missing) {
			return true, nil
		}
	}
	return false, nil
}

// campaignPropose takes POST /campaigns {"alerts": […]}: an alert about several released
// ones, drafted and put under review.
func (a API) campaignPropose(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body struct {
		Alerts []string `json:"alerts"`
	}
	err := httpx.ReadJSON(r, 1<<12, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Propose(r.Context(), who, body.Alerts)
	if err != nil {
		return err
	}
	return done(w)
}
