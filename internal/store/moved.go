package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"isac/hub/feedback"
)

// Moved returns the ids of alerts that aren't taken back and whose newest version was
// published at an instant or before, with an indicator that has moved by now from what
// was last said of it, the oldest first.
func (p *Public) Moved(ctx context.Context, rules feedback.Rules, before, now time.Time) ([]string, error) {
	told, err := p.Told(ctx, "")
	if err != nil {
		return nil, err
	}
	of := map[feedback.Topic][]feedback.Count{}
	for _, c := range told {
		of[c.Topic] = append(of[c.Topic], c)
	}
	rows, err := p.db.QueryContext(ctx, `SELECT a.id, i.stix_id, i.type, i.confidence, i.valid_from, i.valid_until, i.stated, i.stated_until
		FROM indicators i JOIN alerts a USING (number)
		WHERE a.newest = 1 AND a.published <= ? AND a.kind NOT IN ('withdrawn', 'recalled') AND (i.valid_until > ? OR i.stix_id IN (SELECT topic FROM told))
		ORDER BY i.number, i.row`, before.UnixMilli(), now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("looking for moved indicators: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, topic string
		var i feedback.Indicator
		var last feedback.Standing
		var from, until, stated int64
		err := rows.Scan(&id, &topic, &i.Type, &last.Confidence, &from, &until, &i.Confidence, &stated)
		if err != nil {
			return nil, fmt.Errorf("reading indicators: %w", err)
		}
		if len(out) > 0 && out[len(out)-1] == id {
			continue
		}
		i.From, i.Until, last.ValidUntil = time.UnixMilli(from).UTC(), time.UnixMilli(stated).UTC(), time.UnixMilli(until).UTC()
		if rules.Moved(i, last, of[feedback.Topic(topic)], now) {
			out = append(out, id)
		}
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("reading indicators: %w", err)
	}
	return out, nil
}
