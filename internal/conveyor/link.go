package conveyor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"isac/hub"
	"isac/internal/natsbus"
	"isac/internal/sealing"
)

// Links are the only join between a member, its receipts and its cases: a keyed
// name as subject, a sealed case id as message. They are destroyed with age.

// link stores name → id unless name has a link, and returns the id that holds.
func (v *Conveyor) link(ctx context.Context, name, id string, now time.Time) (string, error) {
	_, recipient, err := v.Ring.Epoch(now)
	if err != nil {
		return "", err
	}
	sealed, err := sealing.Seal(recipient, encode(linked{id, now}))
	if err != nil {
		return "", err
	}
	_, err = v.Bus.Append(ctx, "link."+name, 0, nil, sealed)
	if err == nil {
		return id, nil
	}
	if hub.KindOf(err) != hub.Conflict {
		return "", err
	}
	return v.linked(ctx, name)
}

type linked struct {
	Case string    `json:"case"`
	Time time.Time `json:"time"`
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

func (v *Conveyor) openLink(sealed []byte) (linked, error) {
	var l linked
	data, err := v.Ring.OpenReport(sealed)
	if err != nil {
		return l, &hub.Error{Kind: hub.NotFound, Text: "error.not-found", Err: fmt.Errorf("opening link: %w", err)}
	}
	err = json.Unmarshal(data, &l)
	if err != nil {
		return l, fmt.Errorf("opening link: %w", err)
	}
	return l, nil
}

// list adds a case to the list of its member, which may hold it already.
func (v *Conveyor) list(ctx context.Context, member, id string, now time.Time) error {
	have, err := v.listed(ctx, member)
	if err != nil || slices.Contains(have, id) {
		return err
	}
	_, recipient, err := v.Ring.Epoch(now)
	if err != nil {
		return err
	}
	sealed, err := sealing.Seal(recipient, encode(linked{id, now}))
	if err != nil {
		return err
	}
	_, err = v.Bus.Append(ctx, "link."+v.listName(member), natsbus.AnySeq, nil, sealed)
	return err
}

func (v *Conveyor) listName(member string) string { return v.Ring.LinkName("cases", member) }

// listed returns the ids of a member's cases, oldest first.
func (v *Conveyor) listed(ctx context.Context, member string) ([]string, error) {
	messages, err := v.Bus.Subject(ctx, natsbus.Link, "link."+v.listName(member))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range messages {
		l, err := v.openLink(m.Data)
		if err != nil {
			continue // of a destroyed epoch
		}
		if !slices.Contains(ids, l.Case) {
			ids = append(ids, l.Case)
		}
	}
	return ids, nil
}
