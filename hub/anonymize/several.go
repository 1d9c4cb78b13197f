package anonymize

import (
	"fmt"
	"io"
	"slices"

	"isac/hub"
	"isac/hub/analysis"
)

// Several is what released alerts have in common. Nothing else makes a draft without a
// report.
type Several struct {
	Related      []analysis.Reference // two at least
	Digest       hub.Digest           // of the list of them
	Facts        []hub.Fact
	MalwareTypes []string
	Known        analysis.Known
}

// DraftOf makes the draft of an alert about several released ones. It has no cell,
// quarter or impact: there is no victim.
func (a *Anonymizer) DraftOf(s Several, random io.Reader) (Draft, error) {
	b := Body{
		Format: 1, Stage: hub.Full, TLP: a.cfg.Profile.TLP, Known: s.Known, Record: s.Digest, Related: s.Related,
		Facts: s.Facts, Suggested: []hub.Fact{}, MalwareTypes: s.MalwareTypes,
	}
	d, err := a.write(b, random)
	if err != nil {
		return Draft{}, err
	}
	err = a.checkBody(d.Body())
	if err != nil {
		return Draft{}, fmt.Errorf("drafting of several alerts: %w", err)
	}
	return d, nil
}

// ofOne are the classes of facts that one victim has.
var ofOne = []hub.Class{hub.Cell, hub.Quarter, hub.Impact}

// checkSeveral wants a draft of several alerts to have two at least, once each, and
// nothing that is of one victim.
func checkSeveral(b Body) bool {
	if len(b.Related) == 0 {
		return true
	}
	var ids []string
	for _, ref := range b.Related {
		if ref.Number == 0 || len(ref.ID) != 36 || slices.Contains(ids, ref.ID) {
			return false
		}
		ids = append(ids, ref.ID)
	}
	single := func(f hub.Fact) bool { return slices.Contains(ofOne, f.Class) || f.Single }
	return len(ids) > 1 && b.Stage == hub.Full && len(b.Suggested) == 0 && !slices.ContainsFunc(b.Facts, single)
}
