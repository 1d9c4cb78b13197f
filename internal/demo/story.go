package demo

import (
	"context"
	"fmt"
	"slices"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/intake"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/node"
)

// told is what became of an incident.
type told struct {
	report  []byte
	receipt intake.Receipt
	view    conveyor.CaseView
	alerts  []hub.Alert // flash, full
}

// incident plays one incident to its two alerts: report, receipt, draft, the
// reporter's confirmation and consent, two approvals, release.
func (c *cast) incident(ctx context.Context, n *node.Node, s scenario, victim hub.Organisation) (told, error) {
	out, err := c.reported(ctx, n, s, victim)
	if err != nil {
		return out, err
	}
	for i := range stages {
		err = c.approve(ctx, n, stages[i], out.view.Stages[i].Digest)
		if err != nil {
			return out, err
		}
	}
	return out, c.released(ctx, victim, &out)
}

// reported is an incident up to the reporter's consent.
func (c *cast) reported(ctx context.Context, n *node.Node, s scenario, victim hub.Organisation) (told, error) {
	var out told
	var err error
	out.report, err = reportOf(s, victim)
	if err != nil {
		return out, err
	}
	list, _ := n.Roster.List()
	at := slices.IndexFunc(list.Members(), func(o hub.Organisation) bool { return o.ID == victim.ID })
	out.receipt, _, err = c.conns[at].Report(ctx, out.report)
	if err != nil {
		return out, err
	}
	out.view, err = c.drafted(ctx, victim)
	if err != nil {
		return out, err
	}
	return out, c.consent(ctx, victim, &out)
}

// drafted waits until the reporter sees a draft.
func (c *cast) drafted(ctx context.Context, victim hub.Organisation) (conveyor.CaseView, error) {
	reporter := c.reporters[victim.ID]
	var view conveyor.CaseView
	err := poll(ctx, "the draft", func() (bool, error) {
		cases, err := reporter.cases(ctx)
		if err != nil || len(cases) == 0 {
			return false, err
		}
		return cases[0].Stages[0].State != "waiting", reporter.api.Get(ctx, "/cases/"+cases[0].Case, nil, &view)
	})
	return view, err
}

// consent confirms every prose fact, which makes new drafts, and consents to both
// by signature over their digests.
func (c *cast) consent(ctx context.Context, victim hub.Organisation, t *told) error {
	reporter := c.reporters[victim.ID]
	path := "/cases/" + t.view.Case
	err := reporter.api.Post(ctx, path+"/answers", map[string]bool{"all": true}, &t.view)
	if err != nil {
		return err
	}
	for _, s := range t.view.Stages {
		if s.State != string(review.Asking) {
			return fmt.Errorf("consenting: the %s draft is %s, %s", s.Stage, s.State, s.Reason)
		}
		body := map[string]any{"stage": s.Stage, "digest": s.Digest, "signature": reporter.sign(review.ToConsent, s.Digest)}
		err := reporter.api.Post(ctx, path+"/consent", body, new(any))
		if err != nil {
			return err
		}
	}
	return nil
}

// approve lets the drawn moderators approve a draft, until it is released.
func (c *cast) approve(ctx context.Context, n *node.Node, stage hub.Stage, digest hub.Digest) error {
	approved := map[string]bool{}
	return poll(ctx, "two approvals", func() (bool, error) {
		err := c.approveOpen(ctx, n, approved, func(r review.ModeratorView) bool { return r.Digest == digest && r.Stage == stage })
		return len(approved) >= 2, err
	})
}

// approveOpen lets moderators approve what waits for them, if it is wanted, once.
func (c *cast) approveOpen(ctx context.Context, n *node.Node, approved map[string]bool, wanted func(review.ModeratorView) bool) error {
	for _, m := range c.moderators {
		reviews, err := n.Desk.Reviews(m.Person)
		if err != nil {
			return err
		}
		for _, r := range reviews {
			if r.Yours != review.Open || approved[r.Review] || !wanted(r) {
				continue
			}
			body := map[string]any{"digest": r.Digest, "signature": m.sign(r.Sign, r.Digest), "accept_thin": r.Thin}
			if r.Thin {
				body["signature"] = m.sign(review.ToApproveThin, r.Digest)
			}
			err := m.api.Post(ctx, "/reviews/"+r.Review+"/approve", body, new(any))
			if err != nil {
				return err
			}
			approved[r.Review] = true
		}
	}
	return nil
}

// released waits until both alerts are out.
func (c *cast) released(ctx context.Context, victim hub.Organisation, t *told) error {
	reporter := c.reporters[victim.ID]
	return poll(ctx, "the release", func() (bool, error) {
		err := reporter.api.Get(ctx, "/cases/"+t.view.Case, nil, &t.view)
		if err != nil {
			return false, err
		}
		t.alerts = nil
		for _, s := range t.view.Stages {
			if s.Reason != "" {
				return false, fmt.Errorf("releasing: the %s draft is %s, %s", s.Stage, s.State, s.Reason)
			}
			if s.Alert != nil {
				t.alerts = append(t.alerts, *s.Alert)
			}
		}
		return len(t.alerts) == len(stages), nil
	})
}

// story plays the main incident and tells it.
func story(ctx context.Context, n *node.Node, c *cast, s scenario, t *teller) (Result, error) {
	victim := c.victims[0]
	t.begin(n, len(c.conns), victim)
	out, err := c.incident(ctx, n, s, victim)
	if err != nil {
		return Result{}, err
	}
	want := int64(len(c.conns) * len(out.alerts))
	err = poll(ctx, "every member's client", func() (bool, error) { return c.received.Load() >= want, nil })
	if err != nil {
		return Result{}, err
	}
	var full deliver.Entry
	err = poll(ctx, "the full alert in the view", func() (bool, error) { // which follows the log
		entries, _, err := n.Entries(ctx, 0, 10)
		i := slices.IndexFunc(entries, func(e deliver.Entry) bool { return e.Stage == hub.Full })
		if err != nil || i < 0 {
			return false, err
		}
		full = entries[i]
		return true, nil
	})
	if err != nil {
		return Result{}, err
	}
	t.end(out, full, victim, len(c.conns))
	return resultOf(out, full, victim, len(c.conns)), t.err
}
