package projection

import (
	"context"
	"encoding/json"
	"fmt"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/natsbus"
)

// told puts the newest telling of what members answered in the place of the one before.
func (p *Projection) told(ctx context.Context) error {
	m, err := p.bus.Last(ctx, natsbus.Told, feedback.Subject)
	if hub.KindOf(err) == hub.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var t feedback.Telling
	err = json.Unmarshal(m.Data, &t)
	if err != nil {
		return fmt.Errorf("reading what was told: %w", err)
	}
	return p.public.PutTold(ctx, m.Seq, t.Counts)
}
