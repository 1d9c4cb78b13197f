package api

import (
	"net/http"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/httpx"
)

// clusterJSON is released alerts that tell the same way, and what they share.
type clusterJSON struct {
	Alerts []alertJSON   `json:"alerts"`
	Score  int           `json:"score"`
	Shared []sector.Name `json:"shared"`
}

// togetherJSON is an alert about several others.
type togetherJSON struct {
	alertJSON
	Rests []string `json:"rests_on"`
	Gone  []string `json:"taken_back,omitempty"` // of those: somebody should look at it again
}

type campaignPage struct {
	Clusters  []clusterJSON  `json:"clusters"`
	Campaigns []togetherJSON `json:"campaigns"`
}

type proposalJSON struct {
	Alerts []string `json:"alerts"` // ids
}

// campaignList answers GET /campaigns for who moderates and for the secretariat: full
// alerts that tell the same way and have no alert of their own, and the alerts that are
// made of several. It follows from released alerts alone, and says nothing of victims.
func (a API) campaignList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	out := campaignPage{[]clusterJSON{}, []togetherJSON{}}
	rules := a.Desk.Profile.Campaigns
	if rules.Score > 0 {
		clusters, err := a.Reading.Of(who).Overview.Untold(r.Context(), a.Now().Add(-rules.Within.Std()), rules.Score)
		if err != nil {
			return err
		}
		for _, c := range clusters {
			alerts, err := a.rowsOf(r, who, c.IDs)
			if err != nil {
				return err
			}
			out.Clusters = append(out.Clusters, clusterJSON{alerts, c.Score, c.Shared})
		}
	}
	campaigns, err := a.Reading.Of(who).Overview.Campaigns(r.Context())
	if err != nil {
		return err
	}
	for _, c := range campaigns {
		out.Campaigns = append(out.Campaigns, togetherJSON{alertOf(c.AlertRow), c.Rests, c.Gone})
	}
	return httpx.WriteJSON(w, out)
}

func (a API) rowsOf(r *http.Request, who hub.Person, ids []string) ([]alertJSON, error) {
	var out []alertJSON
	for _, id := range ids {
		row, err := a.Reading.Of(who).Public.Alert(r.Context(), id)
		if err != nil {
			return nil, err
		}
		out = append(out, alertOf(row))
	}
	return out, nil
}

// campaignPropose takes POST /campaigns {"alerts": […]}: an alert about several released
// ones, drafted and put under review.
func (a API) campaignPropose(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body proposalJSON
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
