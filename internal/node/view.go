package node

import (
	"context"
	"errors"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/stix"
)

func (n *Node) known(ctx context.Context, id string) (stix.Object, bool) {
	body, ok := n.Public.Object(ctx, id)
	if !ok {
		return nil, false
	}
	v, err := stix.Decode(body, stix.DefaultLimits())
	if err != nil {
		return nil, false
	}
	return stix.AsObject(v)
}

// world is what drafts may know apart from the report.
func (n *Node) world(ctx context.Context) (analysis.Known, error) {
	routes, err := n.overview.Recurring(ctx, n.Now())
	return analysis.Known{Routes: routes, Exploited: n.Roster.Exploited().CVEs, Unfixed: n.Roster.Unfixed()}, err
}

// movedIndicators are alerts with an indicator that is due to be told anew.
func (n *Node) movedIndicators(ctx context.Context, before, now time.Time) ([]string, error) {
	return n.Public.Moved(ctx, Rules(n.Profile), before, now)
}

// Entries returns entries of the released log after a number, and the newest number.
func (n *Node) Entries(ctx context.Context, after uint64, limit int) ([]deliver.Entry, uint64, error) {
	rows, err := n.Public.Entries(ctx, after, limit)
	if err != nil {
		return nil, 0, err
	}
	last, err := n.Public.Newest(ctx)
	if err != nil {
		return nil, 0, err
	}
	var out []deliver.Entry
	for _, r := range rows {
		e := deliver.Entry{Alert: r.Alert, Bundle: r.Bundle, Signature: r.Signature, Reason: r.Reason}
		if e.Bundle == nil {
			e.Kind = hub.Recalled
		}
		out = append(out, e)
	}
	return out, last, nil
}

func (n *Node) change() {
	select {
	case n.moved <- struct{}{}:
	default:
	}
}

// viewLoop brings the views up to date after each change, and now and then.
func (n *Node) viewLoop(ctx context.Context) {
	for {
		err := errors.Join(n.finder.CatchUp(ctx), n.overview.CatchUp(ctx)) // before somebody asks
		if err != nil && ctx.Err() == nil {
			n.Log.Error("index not up to date", "class", string(hub.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return
		case <-n.moved:
		case <-time.After(time.Minute):
		}
		err = n.view.CatchUp(ctx)
		if err != nil && ctx.Err() == nil {
			n.Log.Error("view not up to date", "class", string(hub.KindOf(err)))
		}
		n.live.Announce()
		n.Notices.Wake()
		n.countMails(ctx)
	}
}

// countMails measures how many mails at once members get.
func (n *Node) countMails(ctx context.Context) {
	this, _, err := n.Office.Mails(ctx)
	if err == nil {
		n.Metrics.Mails(this.Mails, this.Most)
	}
}
