package bench

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/intake"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/hub/vocab"
	"isac/internal/sample"
	"isac/internal/validation"
)

// tools are the pure stages against one sector list, as the hub holds them.
type tools struct {
	validator  *validate.Validator
	anonymizer *anonymize.Anonymizer
	gate       *gate.Register
	words      *vocab.Vocab
	own        *gate.Vocabulary
}

func newTools(list *register.Register) (t *tools, err error) {
	t = &tools{}
	t.validator, err = validation.Embedded()
	if err != nil {
		return t, err
	}
	t.gate, err = gate.Compile(list.Header(), list.Rows())
	if err != nil {
		return t, err
	}
	p := profile.HealthcareJP()
	t.words = vocab.Default(p)
	t.own = release.OwnTexts(t.words, p)
	t.anonymizer = anonymize.New(anonymize.Config{
		Register: register.NewIndex(list), RegisterDigest: list.Digest(), Profile: p, Vocab: t.words,
	})
	return t, nil
}

// oneCore keeps everything on one processor until the function it returns is called.
func oneCore() func() {
	before := runtime.GOMAXPROCS(1)
	return func() { runtime.GOMAXPROCS(before) }
}

// validate measures strict reading, schemas and all rules, in objects a second.
func (r *run) validate(context.Context) error {
	r.Progress("validate")
	const bundles = 10
	mixed, err := sample.Mixed(bundles)
	if err != nil {
		return err
	}
	defer oneCore()()
	value, yardstick, err := alternate(r.Rounds, func() (float64, error) {
		took, err := pace(each(mixed, func(data []byte) error {
			_, err := r.tools.validator.Document(data)
			return err
		}))
		return bundles * sample.MixedObjects / took.Seconds(), err
	}, func() (float64, error) {
		took, err := pace(each(mixed, decode))
		return bundles * sample.MixedObjects / took.Seconds(), err
	})
	r.took("validate", value, yardstick)
	return err
}

func each(all [][]byte, do func([]byte) error) func() error {
	return func() error {
		for _, data := range all {
			err := do(data)
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func decode(data []byte) error {
	var tree any
	return json.Unmarshal(data, &tree)
}

// anonymize measures what follows validation, as the hub does it for each report:
// the drafts of both stages, each rendered and passed through the gate.
func (r *run) anonymize(context.Context) error {
	r.Progress("anonymize")
	member := r.list.Members()[0]
	report, err := sample.Report(member, "anonymize")
	if err != nil {
		return err
	}
	r.result.ReportBytes = len(report)
	checked, err := r.tools.check(member, report)
	if err != nil {
		return err
	}
	defer oneCore()()
	value, yardstick, err := alternate(r.Rounds, func() (float64, error) {
		took, err := pace(func() error {
			_, err := r.tools.alerts(checked, member, nil)
			return err
		})
		return milliseconds(took), err
	}, func() (float64, error) {
		took, err := pace(func() error { return decode(report) })
		return milliseconds(took), err
	})
	r.took("anonymize", value, yardstick)
	return err
}

func (t *tools) check(member hub.Organisation, report []byte) (validate.Checked, error) {
	received, err := intake.New(member.ID, "number", time.Now(), report)
	if err != nil {
		return validate.Checked{}, err
	}
	return t.validator.Check(received)
}

// alerts makes the alerts that other figures need. The tools go after it: what
// follows is to have no more in memory than the hub has.
func (r *run) alerts(context.Context) error {
	members, known := r.list.Members(), map[string]stix.Object{}
	for i := range different {
		member := members[i%len(members)]
		report, err := sample.Report(member, fmt.Sprint("alert ", i))
		if err != nil {
			return err
		}
		checked, err := r.tools.check(member, report)
		if err != nil {
			return err
		}
		both, err := r.tools.alerts(checked, member, known)
		if err != nil {
			return err
		}
		alert := both[(i+1)%2] // full and flash in turn
		err = remember(known, alert)
		if err != nil {
			return err
		}
		r.made = append(r.made, alert)
	}
	r.tools = nil
	return nil
}

// remember adds an alert's lasting objects, which later alerts repeat.
func remember(known map[string]stix.Object, alert []byte) error {
	b, err := stix.ParseBundle(alert, stix.DefaultLimits())
	for _, o := range b.Objects {
		if release.Lasting(o) {
			known[o.ID()] = o
		}
	}
	return err
}

// alerts makes the alerts of both stages, as trials without a place in the log. Lasting
// objects are taken from known where it has them.
func (t *tools) alerts(checked validate.Checked, member hub.Organisation, known map[string]stix.Object) ([][]byte, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	given := anonymize.Input{
		Checked: checked, Member: member, Answers: anonymize.Answers{AllConfirmed: true}, Random: rand.Reader, Received: checked.Received().At(),
	}
	p := release.Params{
		Number: 1, FirstNumber: 1, Published: now, FirstPublished: now, Kind: hub.Released, Vocab: t.words, BaseURL: "https://hub.example",
		Hub:   release.Identity{ID: stix.NameID("identity", "bench"), Name: "bench", Created: now.Add(-time.Hour)},
		Known: func(id string) (stix.Object, bool) { o, ok := known[id]; return o, ok },
	}
	g := release.Gate{Register: t.gate, Own: t.own}
	made, err := release.SettleReport(t.anonymizer, given, func(hub.Stage) release.Params { return p }, g, hub.Flash, hub.Full)
	if err = errors.Join(err, made.Held); err != nil {
		return nil, err
	}
	return [][]byte{made.Alerts[hub.Flash], made.Alerts[hub.Full]}, nil
}
