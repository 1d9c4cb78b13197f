package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"isac/hub/feedback"
	"isac/hub/find"
	"isac/internal/member"
)

// mostTold is how many bits of a hash are told, whatever the hub asks for: of a million
// released values sixteen bits leave 15 to a bucket.
const mostTold = 16

// askPrivately returns the indicators of a value that keep says so of. The hub is told
// the first bits of the value's hash, so few that every answer has many values; the
// comparing is done here.
func askPrivately(ctx context.Context, api member.API, value string, keep func(typ string, until time.Time) bool) (json.RawMessage, error) {
	var how struct{ Bits int }
	err := api.Get(ctx, "/indicators/buckets", nil, &how)
	if err != nil {
		return nil, err
	}
	how.Bits = max(0, min(how.Bits, mostTold))
	var bucket struct {
		Indicators []json.RawMessage `json:"indicators"`
	}
	err = api.Post(ctx, "/indicators/buckets", map[string]any{"bits": how.Bits, "prefix": find.Bucket(value, how.Bits)}, &bucket)
	if err != nil {
		return nil, err
	}
	value = find.Canonical(value)
	bucket.Indicators = slices.DeleteFunc(bucket.Indicators, func(raw json.RawMessage) bool {
		var i struct {
			Type, Value string
			Standing    feedback.Standing
		}
		err := json.Unmarshal(raw, &i)
		return err != nil || find.Canonical(i.Value) != value || !keep(i.Type, i.Standing.ValidUntil)
	})
	return json.Marshal(bucket)
}
