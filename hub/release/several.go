package release

import (
	"fmt"
	"slices"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/campaign"
	"isac/hub/deliver"
)

// restsOn wants a draft of several alerts to say nothing but what follows from their
// newest versions. Where one of them was corrected or taken back it is a hub.Held error:
// the draft must be made anew.
func restsOn(b anonymize.Body, related []deliver.Entry) error {
	held := func(err error) error {
		return &hub.Error{Kind: hub.Held, Text: "release.held", Err: fmt.Errorf("comparing with the alerts it was made of: %w", err)}
	}
	made, err := campaign.Of(related)
	if err != nil {
		return held(err)
	}
	foreign := func(f hub.Fact) bool { return !slices.Contains(made.Facts, f) }
	if !slices.Equal(made.Related, b.Related) || !slices.Equal(made.MalwareTypes, b.MalwareTypes) || made.Digest != b.Record || slices.ContainsFunc(b.Facts, foreign) {
		return held(fmt.Errorf("they say something else"))
	}
	return nil
}
