package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/console"
)

// campaignList lists released alerts that tell the same way and those made of several,
// for who moderates.
func campaignList(ctx context.Context, e *console.Env) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var page struct {
		Clusters []struct {
			Alerts []struct {
				hub.Alert
				Title hub.Text
			}
			Score  int
			Shared []sector.Name
		}
		Campaigns []struct {
			hub.Alert
			Title hub.Text
			Gone  []string `json:"taken_back"`
		}
	}
	raw, err := fetch(ctx, api, "/campaigns", &page)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		for _, c := range page.Clusters {
			fmt.Fprintln(e.Out, e.Text("isac.query.score", strconv.Itoa(c.Score)))
			for _, n := range c.Shared {
				fmt.Fprintf(e.Out, "    %s\n", e.Text("isac.query.reason", e.Text("isac.class."+string(n.Class)), nameOf(e, n)))
			}
			for _, a := range c.Alerts {
				fmt.Fprintf(e.Out, "  %s\n      %s  %s\n", headOf(e, a.Alert), plain(a.ID), plain(a.Title.In(e.Lang)))
			}
		}
		if len(page.Clusters) == 0 {
			e.Say("isac.campaign.none")
		}
		for _, c := range page.Campaigns {
			fmt.Fprintf(e.Out, "%s\n      %s  %s\n", headOf(e, c.Alert), plain(c.ID), plain(c.Title.In(e.Lang)))
			if len(c.Gone) > 0 {
				fmt.Fprintf(e.Out, "      %s\n", e.Text("isac.campaign.gone", strconv.Itoa(len(c.Gone))))
			}
		}
	})
}

// campaignPropose has an alert about released alerts drafted and reviewed.
func campaignPropose(ctx context.Context, e *console.Env) error {
	a := accessFlags(e)
	alerts, err := e.Parse(2, -1)
	if err != nil {
		return err
	}
	api, err := a.api(e)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/campaigns", map[string]any{"alerts": alerts}, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { e.Say("isac.campaign.proposed") })
}
