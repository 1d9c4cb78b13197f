package ballot

import (
	"context"
	"encoding/json"
	"fmt"

	"isac/hub/feedback"
	"isac/hub/stix"
)

// Update returns a STIX bundle of the indicators that the newest telling changes before
// their alerts are updated, and the hub's signature over its SigningBytes. It is a
// function of released objects and of what is told: a consumer that holds them takes the
// changes by id and modified.
func (b *Box) Update(ctx context.Context) (data, signature []byte, err error) {
	newest, _, err := b.Newest(ctx)
	if err != nil {
		return nil, nil, err
	}
	var t feedback.Telling
	err = json.Unmarshal(newest, &t)
	if err != nil {
		return nil, nil, fmt.Errorf("reading what was told: %w", err)
	}
	u := update{box: b, seen: map[string]bool{}}
	for _, c := range t.Counts {
		o, ok := u.object(ctx, string(c.Topic))
		if !ok || u.seen[o.ID()] {
			continue
		}
		u.seen[o.ID()] = true
		changed, ok := b.Rules.Renewed(o, feedback.Of(t.Counts, c.Topic), t.At)
		if ok {
			u.add(ctx, changed)
		}
	}
	bundle := stix.Object{"type": "bundle", "id": stix.NameID("bundle", "told "+stix.FormatTime(t.At))}
	if len(u.changed) > 0 {
		bundle["objects"] = append(u.needed, u.changed...)
	}
	data, err = stix.Marshal(bundle)
	if err != nil {
		return nil, nil, fmt.Errorf("writing update: %w", err)
	}
	signature, err = b.Ring.SignAlert(feedback.SigningBytes(data))
	return data, signature, err
}

// update is a bundle in the making.
type update struct {
	box     *Box
	seen    map[string]bool
	needed  []any // whom and what the indicators refer to
	changed []any
}

// object returns a released indicator by its id; of other topics there is none.
func (u *update) object(ctx context.Context, id string) (stix.Object, bool) {
	body, ok := u.box.Public.Object(ctx, id)
	if !ok {
		return nil, false
	}
	v, err := stix.Decode(body, stix.DefaultLimits())
	if err != nil {
		return nil, false
	}
	return stix.AsObject(v)
}

// add puts an indicator in, and before it what it refers to.
func (u *update) add(ctx context.Context, o stix.Object) {
	for _, id := range append([]string{o.Str("created_by_ref")}, o.Strs("object_marking_refs")...) {
		ref, ok := u.object(ctx, id)
		if ok && !u.seen[id] {
			u.seen[id] = true
			u.needed = append(u.needed, ref)
		}
	}
	u.changed = append(u.changed, o)
}
