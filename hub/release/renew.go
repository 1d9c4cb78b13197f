package release

import (
	"fmt"
	"slices"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// Renew makes the update of an alert whose indicators are due to be told anew: its next
// version, which says all that the newest one says, with what its indicators are worth
// now. It is a function of released entries, of what is told and of the place in the log
// alone. A zero Bulletin says that nothing is due: too soon after the newest version,
// taken back, or nothing has moved.
func Renew(newest deliver.Entry, p Params, g Gate) (Bulletin, error) {
	if newest.Kind.Back() || len(newest.Bundle) == 0 || p.Updates.Every <= 0 || p.instant().Before(newest.Published.Add(p.Updates.Every)) {
		return Bulletin{}, nil
	}
	err := p.check(newest.Version + 1)
	if err != nil {
		return Bulletin{}, fmt.Errorf("updating: %w", err)
	}
	b, err := stix.ParseBundle(newest.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 2 * maxObjects})
	if err != nil {
		return Bulletin{}, fmt.Errorf("updating: %w", err)
	}
	proof, err := deliver.ProofOf(newest.Bundle)
	if err != nil {
		return Bulletin{}, fmt.Errorf("updating: %w", err)
	}
	alert := placed(newest.Alert, p)
	alert.Kind, alert.Version = hub.Updated, newest.Version+1
	m := &maker{p: p, alert: alert, proof: proof, now: stix.FormatTime(alert.Published), seen: map[string]bool{}}
	moved := false
	for _, o := range b.Objects {
		o, due := m.renewed(o)
		moved = moved || due
		if !m.seen[o.ID()] {
			m.take(o)
		}
	}
	if !moved {
		return Bulletin{}, nil
	}
	r, err := m.bundle()
	if err != nil {
		return Bulletin{}, fmt.Errorf("updating: %w", err)
	}
	return pass(alert, r, g, newest.Bundle)
}

// renewed is an object as the update has it, and whether it is an indicator that is due.
// What keeps its id for ever stands as it was last released by any alert.
func (m *maker) renewed(o stix.Object) (stix.Object, bool) {
	switch o.Type() {
	case "report":
		return m.reissued(o, stix.Object{
			"published": m.now, "labels": list(m.labels()), "external_references": m.references(o),
		}), false
	case "language-content":
		return m.reissued(o, stix.Object{"object_modified": m.now}), false
	}
	if before, ok := m.known(o.ID()); ok && Lasting(o) {
		o = before
	}
	if o.Type() != "indicator" {
		return o, false
	}
	out, due := m.p.Updates.Renewed(o, m.p.told(o.ID()), m.alert.Published)
	if !due {
		return o, false
	}
	return out, true
}

// reissued is an object of this alert, modified now.
func (m *maker) reissued(o, props stix.Object) stix.Object {
	out := stix.Object{}
	for name, value := range o {
		out[name] = value
	}
	for name, value := range props {
		out[name] = value
	}
	out["modified"] = m.now
	return out
}

// references are those of the new version, and what the report refers to besides.
func (m *maker) references(report stix.Object) []any {
	out := list(deliver.References(m.alert, m.proof, m.p.BaseURL, m.p.PreviousID))
	var own []string
	for _, r := range out {
		own = append(own, r.(map[string]any)["source_name"].(string))
	}
	for _, ref := range report.Objs("external_references") {
		if !slices.Contains(own, ref.Str("source_name")) && ref.Str("source_name") != deliver.SourcePrevious {
			out = append(out, ref)
		}
	}
	return out
}
