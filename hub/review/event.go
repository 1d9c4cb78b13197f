package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"isac/hub"
)

// Event is one thing that happened to a case. Its head (all but Data) may be
// stored in the clear and outlives the case's key; Data is sealed with it.
type Event struct {
	Version int             `json:"version"` // of the kind's data
	Kind    Kind            `json:"kind"`
	Time    time.Time       `json:"time"` // UTC, milliseconds
	Stage   hub.Stage       `json:"stage,omitempty"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// String hides the data, so that an event in a log line says nothing of the case.
func (e Event) String() string { return "event " + string(e.Kind) }

// GoString hides the data in %#v too.
func (e Event) GoString() string { return e.String() }

// body is the data of one kind of event, and how it changes the case. Fold may
// leave the case half changed on error: Apply works on a copy.
type body interface {
	kind() Kind
	fold(c *Case, t *track, e Event) error
}

// marksSigned is the version of an approval from which on its signature covers the
// marks that it accepts.
const marksSigned = 2

// newest are the versions of kinds whose data has changed; of all others it is 1. Older
// ones are read too.
var newest = map[Kind]int{KindApproved: marksSigned, KindReturned: 2, KindAnswered: 2}

func newestOf(k Kind) int { return max(1, newest[k]) }

// bodies makes an empty body of each kind.
var bodies = map[Kind]func() body{
	KindReceived:     func() body { return new(received) },
	KindProblems:     func() body { return new(problems) },
	KindReminded:     func() body { return new(reminded) },
	KindKept:         func() body { return new(kept) },
	KindShredded:     func() body { return new(shredded) },
	KindUnsealed:     func() body { return new(unsealed) },
	KindDrafted:      func() body { return new(drafted) },
	KindConsentAsked: func() body { return new(consentAsked) },
	KindOpened:       func() body { return new(opened) },
	KindPhoned:       func() body { return new(phoned) },
	KindConsented:    func() body { return new(consented) },
	KindObjected:     func() body { return new(objected) },
	KindDrawn:        func() body { return new(drawn) },
	KindCalled:       func() body { return new(called) },
	KindApproved:     func() body { return new(approved) },
	KindDeclined:     func() body { return new(declined) },
	KindStopped:      func() body { return new(stopped) },
	KindReturned:     func() body { return new(returned) },
	KindAnswered:     func() body { return new(answered) },
	KindRecused:      func() body { return new(recused) },
	KindReopened:     func() body { return new(reopened) },
	KindHeld:         func() body { return new(held) },
	KindScheduled:    func() body { return new(scheduled) },
	KindReleasing:    func() body { return new(releasing) },
	KindReleased:     func() body { return new(released) },
	KindUpdated:      func() body { return new(updated) },
	KindReviewed:     func() body { return new(reviewed) },
	KindCancelled:    func() body { return new(cancelled) },
	KindBackAsked:    func() body { return new(backAsked) },
	KindWithdrawn:    func() body { return new(withdrawn) },
	KindRecalled:     func() body { return new(recalled) },
	KindClosed:       func() body { return new(closed) },
}

// events writes bodies as events of one stage ("" for the whole case).
func events(now time.Time, stage hub.Stage, list ...body) ([]Event, error) {
	var out []Event
	for _, b := range list {
		data, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("writing event %s: %w", b.kind(), err)
		}
		out = append(out, Event{Version: newestOf(b.kind()), Kind: b.kind(), Time: instant(now), Stage: stage, Data: data})
	}
	return out, nil
}

// read returns the event's body. Unknown kinds, versions and fields are errors:
// a node that doesn't understand an event must not act on the case.
func (e Event) read() (body, error) {
	make, ok := bodies[e.Kind]
	if !ok {
		return nil, fmt.Errorf("reading event: unknown kind")
	}
	if e.Version < 1 || e.Version > newestOf(e.Kind) {
		return nil, fmt.Errorf("reading event %s: unknown version %d", e.Kind, e.Version)
	}
	if e.Time.IsZero() {
		return nil, fmt.Errorf("reading event %s: no time", e.Kind)
	}
	b := make()
	d := json.NewDecoder(bytes.NewReader(e.Data))
	d.DisallowUnknownFields()
	err := d.Decode(b)
	if err != nil || d.More() {
		return nil, fmt.Errorf("reading event %s: malformed data", e.Kind) // the cause could quote a value
	}
	return b, nil
}

// instant is t as it stands in events: UTC, milliseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
