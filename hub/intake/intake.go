// Package intake is the first stage: a report as it arrived, and the receipt that
// its reporter holds for it.
//
// It trusts the caller for who the member is (the NATS subject proves it) and for
// the time; the report's bytes are trusted for nothing. What is unreadable here is
// still received: every receipt is a case.
//
//	r, err := intake.New("SYN00042", number, now, report)
//	key := r.IncidentKey() // the same for every version of one incident
package intake

import (
	"errors"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// MaxSealed is the largest sealed report in bytes that the hub takes.
const MaxSealed = 4 << 20

// Received is one report of one member. Only New makes one.
type Received struct {
	member string
	number string
	at     time.Time
	report []byte
	key    string
}

// New takes the report of a member in. Number is the number of its receipt.
// It refuses what has no member, number, time or bytes; it doesn't refuse
// unreadable bytes, which the next stage answers.
func New(member, number string, at time.Time, report []byte) (Received, error) {
	if member == "" || number == "" || at.IsZero() {
		return Received{}, errors.New("taking a report in: member, number and time are needed")
	}
	if len(report) == 0 {
		return Received{}, hub.E(hub.Invalid, "intake.empty")
	}
	return Received{member, number, at.UTC(), report, incidentKey(report)}, nil
}

// Valid reports whether r was made by New.
func (r Received) Valid() bool { return r.member != "" }

// Member is the id of the organisation that sent the report.
func (r Received) Member() string { return r.member }

// Number is the random number of the receipt.
func (r Received) Number() string { return r.number }

// At is when the report arrived, UTC.
func (r Received) At() time.Time { return r.at }

// Report is the report's exact bytes. The caller must not change them.
func (r Received) Report() []byte { return r.report }

// IncidentKey names the incident within the member: two reports with the same key
// are versions of one case. It is a secret of the report; only a keyed hash of it
// may be stored.
func (r Received) IncidentKey() string { return r.key }

// String hides everything, so that a report in a log line says nothing.
func (r Received) String() string { return "report" }

// GoString hides everything in %#v too.
func (r Received) GoString() string { return "report" }

// incidentKey picks what stays the same over the versions of one incident: the
// smallest incident id, else the smallest report id, else the digest of the bytes.
func incidentKey(report []byte) string {
	bundle, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		return "bytes:" + hub.Sum(report).String()
	}
	for _, typ := range []string{"incident", "report"} {
		if id := smallestID(bundle, typ); id != "" {
			return id
		}
	}
	return "bytes:" + hub.Sum(report).String()
}

func smallestID(b stix.Bundle, typ string) string {
	var ids []string
	for _, o := range b.Objects {
		if o.Type() == typ && o.ID() != "" {
			ids = append(ids, o.ID())
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return slices.Min(ids)
}
