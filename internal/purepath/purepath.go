// Package purepath composes the pure stages for one report without a hub: what
// isacd anonymize and isac preview show. Nothing is sent, stored or signed.
//
// It decides as if the reporter had confirmed every prose fact and the reviewers
// every value maybe made for the victim. It trusts its register and nothing of the
// report.
//
//	out, err := purepath.Run(purepath.Input{Register: reg, Bundle: b, Now: now, Random: rand.Reader})
package purepath

import (
	"fmt"
	"io"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// Input is a report and the knowledge to check it against.
type Input struct {
	Register *register.Register
	Member   string // id in the register, "" if unknown
	Members  int    // of the sector; 0 where that isn't known, and then every product is told by name
	Bundle   stix.Bundle
	Profile  *profile.Profile  // HealthcareJP when nil
	Library  *analysis.Library // the embedded one when nil
	Known    analysis.Known    // what is known apart from the report
	Sides    bool              // tell of every property too
	Now      time.Time
	Random   io.Reader
}

// Output is what would go out, and what was left out by class. Alert is nil when
// the gate holds it.
type Output struct {
	Alert  []byte
	Draft  anonymize.Draft
	Record anonymize.Record
	Prose  []anonymize.ProseFact
	Hints  []anonymize.ProseFact // what the hub would ask besides
	Sides  []anonymize.Side      // the report's properties beside what comes of them
	Vocab  *vocab.Vocab          // what people read for the facts
}

// Run anonymizes and gates the report as a full alert.
func Run(in Input) (Output, error) {
	if in.Profile == nil {
		in.Profile = profile.HealthcareJP()
	}
	words := vocab.Default(in.Profile)
	a := anonymize.New(anonymize.Config{
		Register: register.NewIndex(in.Register), RegisterDigest: in.Register.Digest(), Members: in.Members, Profile: in.Profile, Vocab: words, Library: in.Library,
	})
	member, _ := in.Register.ByID(in.Member)
	given := anonymize.Input{
		Bundle: in.Bundle, Member: member, Answers: anonymize.Answers{AllConfirmed: true}, Random: in.Random, Received: in.Now, Known: in.Known,
	}
	compiled, err := gate.Compile(in.Register.Header(), in.Register.Rows())
	if err != nil {
		return Output{}, fmt.Errorf("compiling the gate: %w", err)
	}
	g := release.Gate{Register: compiled, Own: release.OwnTextsOf(in.Library, words, in.Profile)}
	made, err := release.SettleReport(a, given, func(hub.Stage) release.Params { return params(in, words) }, g, hub.Full)
	if err != nil {
		return Output{}, err
	}
	out := Output{Alert: made.Alerts[hub.Full], Draft: made.Full, Record: made.Record, Prose: made.Prose, Hints: made.Hints, Vocab: words}
	if in.Sides {
		out.Sides = a.Sides(given, out.Draft.Body().Facts)
	}
	return out, made.Held
}

// params place the alert nowhere in a log.
func params(in Input, words *vocab.Vocab) release.Params {
	return release.Params{
		Number: 1, FirstNumber: 1, Published: in.Now, FirstPublished: in.Now, Kind: hub.Released, Vocab: words,
		BaseURL: "https://isac.invalid",
		Hub:     release.Identity{ID: stix.NameID("identity", "preview"), Name: "ISAC preview", Created: in.Now.Truncate(time.Hour)},
	}
}
