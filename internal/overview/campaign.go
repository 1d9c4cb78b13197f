package overview

import (
	"context"
	"slices"
	"time"

	"isac/hub/sector"
	"isac/internal/store"
)

// Campaign is an alert that was made of several others, as it stands now.
type Campaign struct {
	store.AlertRow
	Rests []string // ids of the alerts of which it was made
	Gone  []string // of them, those that were taken back since
}

// Campaigns returns the alerts made of several others that stand, newest first.
func (o *Overview) Campaigns(ctx context.Context) ([]Campaign, error) {
	rows, err := o.public.Alerts(ctx, store.AlertQuery{Class: store.OfAlerts, Limit: 500})
	if err != nil {
		return nil, err
	}
	rests, err := o.public.Rests(ctx, 0)
	if err != nil {
		return nil, err
	}
	var out []Campaign
	for _, row := range rows {
		if !row.Kind.Back() {
			out = append(out, campaignOf(row, rests[row.Number]))
		}
	}
	return out, nil
}

// Campaign says on which alerts one rests, and which of them were taken back since: any
// reader of the released log could find the same. Of an alert of one incident it is empty.
func (o *Overview) Campaign(ctx context.Context, row store.AlertRow) (Campaign, error) {
	rests, err := o.public.Rests(ctx, row.Number)
	if err != nil {
		return Campaign{}, err
	}
	return campaignOf(row, rests[row.Number]), nil
}

func campaignOf(row store.AlertRow, rests []store.RestRow) Campaign {
	c := Campaign{AlertRow: row}
	for _, r := range rests {
		c.Rests = append(c.Rests, r.ID)
		if r.Back {
			c.Gone = append(c.Gone, r.ID)
		}
	}
	return c
}

// Shaken counts the alerts made of several of which one was taken back since.
func (o *Overview) Shaken(ctx context.Context) (n int, err error) {
	all, err := o.Campaigns(ctx)
	for _, c := range all {
		if len(c.Gone) > 0 {
			n++
		}
	}
	return n, err
}

// Untold returns full alerts since an instant that tell the same way, and that no
// alert which stands tells together.
func (o *Overview) Untold(ctx context.Context, since time.Time, score int) ([]sector.Cluster, error) {
	clusters, err := o.Clusters(ctx, since, score)
	if err != nil {
		return nil, err
	}
	told, err := o.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(clusters, func(c sector.Cluster) bool {
		return slices.ContainsFunc(told, func(t Campaign) bool {
			return !slices.ContainsFunc(c.IDs, func(id string) bool { return !slices.Contains(t.Rests, id) })
		})
	}), nil
}
