package conveyor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/campaign"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/review"
)

// An alert about several alerts has a case as every other has, in which the hub stands
// for the reporter: it is drawn, reviewed, released, corrected and taken back the same
// way. There is no report, no victim, nobody to ask for consent and nothing to leave out;
// its draft follows from released alerts alone, and the release compares it with them.

// Propose drafts an alert about released full alerts that tell the same way, and has it
// reviewed. The same again, while it is under review or out, is a conflict.
func (v *Conveyor) Propose(ctx context.Context, who hub.Person, alerts []string) error {
	err := v.propose(ctx, who, alerts)
	v.logRequest("campaign", err)
	return err
}

func (v *Conveyor) propose(ctx context.Context, who hub.Person, alerts []string) error {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	if len(alerts) > maxRelated {
		return hub.E(hub.TooLarge, "campaign.many", fmt.Sprint(maxRelated))
	}
	d, err := v.draftOfSeveral(ctx, alerts, nil)
	if err != nil {
		return err
	}
	made := d.Body()
	f, err := v.openCase(ctx, review.Hub, "alerts "+made.Record.String(), v.Now())
	if err != nil {
		return err
	}
	f, err = v.update(ctx, f.id, func(c *change) error {
		old, _ := c.fold.Draft(hub.Full)
		phase := c.fold.Phase(hub.Full)
		under := []review.Phase{review.Asking, review.Reviewing, review.Scheduled, review.Releasing}
		if slices.Contains(under, phase) || phase == review.Released && says(old.Bytes) == says(d.Encode()) {
			return hub.E(hub.Conflict, "campaign.already")
		}
		err := c.do(c.fold.Receive(review.Hub, review.Report{Number: randomName(), Digest: made.Record, Time: v.Now(), Proposed: &review.Proposed{Person: who.ID, Org: who.Org}}))
		if err != nil {
			return err
		}
		return c.do(c.fold.TakeDraft(v.Now(), hub.Full, draftOf(d), v.Roster, v.Random))
	})
	if err != nil {
		return err
	}
	v.see(ctx, f)
	return nil
}

// Proposal is an alert about several that was proposed and isn't out.
type Proposal struct {
	Alerts []string // of which it is made
	State  string   // phase of its review
	Review string   // of the one who asks, where she was drawn for it
}

// Proposals returns what is proposed now. Who proposed it and who reviews it isn't told.
func (v *Conveyor) Proposals(who hub.Person) ([]Proposal, error) {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	var out []Proposal
	waits := []review.Phase{review.Reviewing, review.Scheduled, review.Releasing, review.Returned, review.Held}
	for _, f := range v.cases.all() {
		phase := f.fold.Phase(hub.Full)
		if f.fold.Member() != review.Hub || !slices.Contains(waits, phase) {
			continue
		}
		draft, _ := f.fold.Draft(hub.Full)
		ids, err := relatedIDs(draft.Bytes)
		if err != nil {
			return nil, err
		}
		p := Proposal{Alerts: ids, State: string(phase)}
		for _, id := range f.fold.ReviewsOf(who.ID) {
			p.Review = id
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Proposal) int { return slices.Compare(a.Alerts, b.Alerts) })
	return out, nil
}

// maxRelated bounds of how many alerts one is made.
const maxRelated = 50

// draftOfSeveral makes the draft, without some of its facts, and has it pass the gate.
func (v *Conveyor) draftOfSeveral(ctx context.Context, alerts, leaveOut []string) (d anonymize.Draft, err error) {
	entries, err := v.newestOf(ctx, alerts)
	if err != nil {
		return d, err
	}
	several, err := campaign.Of(entries)
	if err != nil {
		return d, err
	}
	several.Facts = slices.DeleteFunc(several.Facts, func(f hub.Fact) bool { return slices.Contains(leaveOut, f.Key()) })
	several.Known, err = v.World(ctx)
	if err != nil {
		return d, err
	}
	a, g, err := v.tools()
	if err != nil {
		return d, err
	}
	d, err = a.DraftOf(several, v.Random)
	if err != nil {
		return d, err
	}
	d, _, err = release.Settle(a, d, v.trialParams(hub.Full), release.Gate{Register: g, Own: v.own()}, v.Random)
	return d, err
}

// newestOf returns the newest versions of alerts.
func (v *Conveyor) newestOf(ctx context.Context, alerts []string) ([]deliver.Entry, error) {
	var out []deliver.Entry
	for _, id := range alerts {
		if !isAlertID(id) {
			return nil, hub.E(hub.NotFound, "error.not-found")
		}
		e, err := v.newest(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// isAlertID reports whether a text can be the id of an alert, and no wildcard.
func isAlertID(id string) bool { return len(id) == 36 && strings.Trim(id, "0123456789abcdef-") == "" }

// relatedOf are the alerts of which the draft of a case was made, in their newest
// versions; none of a case with a report.
func (v *Conveyor) relatedOf(ctx context.Context, draft []byte) ([]deliver.Entry, error) {
	ids, err := relatedIDs(draft)
	if err != nil {
		return nil, err
	}
	return v.newestOf(ctx, ids)
}

func relatedIDs(draft []byte) ([]string, error) {
	var b anonymize.Body
	err := json.Unmarshal(draft, &b)
	if err != nil {
		return nil, fmt.Errorf("reading related alerts: %w", err)
	}
	var ids []string
	for _, ref := range b.Related {
		ids = append(ids, ref.ID)
	}
	return ids, nil
}

// redraftSeveral makes the draft anew without what a moderator wants left out.
func (v *Conveyor) redraftSeveral(ctx context.Context, f *caseFile) error {
	old, _ := f.fold.Draft(hub.Full)
	ids, err := relatedIDs(old.Bytes)
	if err != nil {
		return err
	}
	d, err := v.draftOfSeveral(ctx, ids, f.fold.LeaveOut(hub.Full))
	if err != nil {
		return err
	}
	_, err = v.update(ctx, f.id, func(c *change) error {
		return c.do(c.fold.TakeDraft(v.Now(), hub.Full, draftOf(d), v.Roster, v.Random))
	})
	return err
}
