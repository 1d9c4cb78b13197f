package ballot

import (
	"context"
	"slices"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/store"
)

// mostTopics is how many indicators one value may stand in.
const mostTopics = 50

// topics are what a request is about: released, and neither withdrawn nor recalled.
func (b *Box) topics(ctx context.Context, q feedback.Request) ([]feedback.Topic, error) {
	switch {
	case q.Value != "" && q.Alert == "" && q.Question == "":
		return b.indicators(ctx, q.Value)
	case q.Alert != "" && q.Value == "":
		t, err := b.alert(ctx, q.Alert, q.Question)
		return []feedback.Topic{t}, err
	}
	return nil, hub.E(hub.Invalid, "http.bad-body")
}

// indicators are those that compare a value, or the one with this STIX id.
func (b *Box) indicators(ctx context.Context, value string) ([]feedback.Topic, error) {
	known, err := b.Public.HasIndicator(ctx, value)
	if err != nil {
		return nil, err
	}
	if known {
		return []feedback.Topic{feedback.OfIndicator(value)}, nil
	}
	rows, err := b.Public.Indicators(ctx, store.IndicatorQuery{Value: value, Limit: 500})
	if err != nil {
		return nil, err
	}
	var out []feedback.Topic
	for _, r := range rows {
		if t := feedback.OfIndicator(r.StixID); !slices.Contains(out, t) && len(out) < mostTopics {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, hub.E(hub.NotFound, "feedback.not-released")
	}
	return out, nil
}

func (b *Box) alert(ctx context.Context, id string, q feedback.Question) (feedback.Topic, error) {
	row, err := b.Public.Alert(ctx, id)
	if hub.KindOf(err) == hub.NotFound || err == nil && (row.Kind == hub.Withdrawn || row.Kind == hub.Recalled) {
		return "", hub.E(hub.NotFound, "feedback.not-released")
	}
	if err != nil || q == "" {
		return feedback.OfAlert(id), err
	}
	asked, err := b.Questions(ctx, row.Number)
	if err != nil {
		return "", err
	}
	if !slices.Contains(asked, q) {
		return "", hub.E(hub.NotFound, "feedback.not-asked")
	}
	return feedback.OfQuestion(id, q), nil
}

// Questions are what the alert with this number asks.
func (b *Box) Questions(ctx context.Context, number uint64) ([]feedback.Question, error) {
	rows, err := b.Public.NamesOf(ctx, number)
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for _, r := range rows {
		names[r.Class] = append(names[r.Class], r.Value)
	}
	return feedback.Questions(names), nil
}

// released reports whether a topic can still be answered about.
func (b *Box) released(ctx context.Context, t feedback.Topic) (bool, error) {
	var err error
	if id, q, ok := t.Question(); ok {
		_, err = b.alert(ctx, id, q)
	} else if id, ok := t.Alert(); ok {
		_, err = b.alert(ctx, id, "")
	} else {
		return b.Public.HasIndicator(ctx, string(t))
	}
	if hub.KindOf(err) == hub.NotFound {
		return false, nil
	}
	return err == nil, err
}
