package conveyor

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/natsbus"
)

// Links are the only join between a member's incident or receipt and its case: a
// keyed name as subject, a sealed case id as message. What goes into a name is
// random (an incident's id, a receipt's number) and known to the reporter alone once
// the case is shredded, so nobody can try all names. Links outlive the case and end
// with age.

type linked struct {
	Case   string         `json:"case"`
	Time   time.Time      `json:"time"`
	Motion *review.Motion `json:"motion,omitempty"` // on an alert without a case
}

// link stores name → id unless name leads to a case already, and returns the id
// that holds. A link to a case that has ended gives way.
func (v *Conveyor) link(ctx context.Context, name, id string, now time.Time) (string, error) {
	sealed, err := v.Ring.SealLink(now, encode(linked{Case: id, Time: now}))
	if err != nil {
		return "", err
	}
	var old uint64
	for range attempts {
		_, err = v.Bus.Append(ctx, "link."+name, old, nil, sealed)
		if err == nil && old > 0 {
			err = v.Bus.EraseOne(ctx, natsbus.Link, old)
		}
		if err == nil {
			return id, nil
		}
		if hub.KindOf(err) != hub.Conflict {
			return "", err
		}
		var holds string
		holds, old, err = v.holds(ctx, name)
		if err != nil || holds != "" {
			return holds, err
		}
	}
	return "", hub.E(hub.Conflict, "error.conflict")
}

// holds returns the living case that name leads to, "" for none, and the sequence
// of the link.
func (v *Conveyor) holds(ctx context.Context, name string) (id string, seq uint64, err error) {
	m, err := v.Bus.Last(ctx, natsbus.Link, "link."+name)
	if hub.KindOf(err) == hub.NotFound {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	l, err := v.openLink(m.Data)
	if hub.KindOf(err) == hub.NotFound {
		return "", m.Seq, nil
	}
	if err != nil {
		return "", 0, err
	}
	over, err := v.over(ctx, l.Case)
	if err != nil || over {
		return "", m.Seq, err
	}
	return l.Case, m.Seq, nil
}

// over reports whether a case was shredded. The head of its last event says so.
func (v *Conveyor) over(ctx context.Context, id string) (bool, error) {
	if _, open := v.cases.get(id); open {
		return false, nil
	}
	m, err := v.Bus.Last(ctx, natsbus.Cases, "case."+id)
	if hub.KindOf(err) == hub.NotFound {
		return false, nil // it has only a name yet
	}
	if err != nil {
		return false, err
	}
	var s stored
	err = json.Unmarshal(m.Data, &s)
	if err != nil {
		return false, fmt.Errorf("reading events: %w", err)
	}
	return len(s.Events) > 0 && s.Events[len(s.Events)-1].Kind == review.KindShredded, nil
}

// linked returns what name links to, or hub.NotFound.
func (v *Conveyor) linked(ctx context.Context, name string) (string, error) {
	m, err := v.Bus.Last(ctx, natsbus.Link, "link."+name)
	if err != nil {
		return "", err
	}
	l, err := v.openLink(m.Data)
	return l.Case, err
}

// openLink opens a link; one whose secret has ended is hub.NotFound.
func (v *Conveyor) openLink(sealed []byte) (linked, error) {
	var l linked
	data, err := v.Ring.OpenLink(sealed)
	if err != nil {
		return l, &hub.Error{Kind: hub.NotFound, Text: "error.not-found", Err: fmt.Errorf("opening link: %w", err)}
	}
	err = json.Unmarshal(data, &l)
	if err != nil {
		return l, fmt.Errorf("opening link: %w", err)
	}
	return l, nil
}
