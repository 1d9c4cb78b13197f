package release

import (
	"bytes"
	"fmt"

	"isac/hub"
	"isac/hub/gate"
)

// Forms writes everything else that is ever sent of a bundle in the clear, as mails say,
// and the texts in it that are the hub's own.
type Forms func(bundle []byte) (forms [][]byte, own []string, err error)

// alsoIn puts through the gate what will be sent of a bulletin in other forms, with the
// needles of the case, which later aren't there any more. A hit holds the bulletin.
func (f Forms) alsoIn(b Bulletin, r rendered, g Gate) (Bulletin, error) {
	if f == nil {
		return b, nil
	}
	forms, own, err := f(r.data)
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing in other forms: %w", err)
	}
	passed, hits, err := g.Register.Check(bytes.Join(forms, []byte("\n\n")), g.LeftOut, g.Own, r.issued, gate.NewVocabulary(readable(own)))
	if err != nil {
		return Bulletin{}, &hub.Error{Kind: hub.Held, Text: "release.gate-failed", Err: fmt.Errorf("gating other forms: %w", err)}
	}
	if len(hits) > 0 || !passed.Valid() {
		return Bulletin{}, hub.E(hub.Held, "release.held")
	}
	return b, nil
}
