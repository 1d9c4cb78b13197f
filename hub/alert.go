package hub

import "time"

// Stage is one of the two alerts that a case may give, or says that an entry is none.
type Stage string

// A flash is early and holds what stops the attack; a full alert adds the ordered
// path, impact by class, analysis and quarter.
const (
	Flash Stage = "flash"
	Full  Stage = "full"
)

// Advisory is the stage of what is passed on of a published notice on vulnerabilities: an
// entry of the log as alerts are, but of no incident.
const Advisory Stage = "advisory"

// TLP is a Traffic Light Protocol 2.0 label, in the lower case used in subjects.
type TLP string

// The labels of TLP 2.0 (FIRST, August 2022).
const (
	TLPClear       TLP = "clear"
	TLPGreen       TLP = "green"
	TLPAmber       TLP = "amber"
	TLPAmberStrict TLP = "amber-strict"
	TLPRed         TLP = "red"
)

// Severity orders alerts for the reader. It is derived by rule, never typed in.
type Severity string

// The severities.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// AlertKind says what a numbered entry of the alert log is.
type AlertKind string

// Kinds of entries. A withdrawal or correction is a new version of the same id; so is
// an update, which changes what indicators are worth and nothing that people decided
// on. A recall names a released id whose payload must be deleted everywhere.
const (
	Released  AlertKind = "released"
	Corrected AlertKind = "corrected"
	Updated   AlertKind = "updated"
	Withdrawn AlertKind = "withdrawn"
	Recalled  AlertKind = "recalled"
)

// Alert is what stands on the outside of a released bundle. Number is
// consecutive from 1 over all entries; Previous is the digest of the bundle with
// Number-1, zero for the first. Both stand inside the signed bytes as well.
type Alert struct {
	Number    uint64    `json:"number"`
	Previous  Digest    `json:"previous"`
	ID        string    `json:"id"`      // UUIDv4, the same over all versions
	Version   int       `json:"version"` // from 1
	Kind      AlertKind `json:"kind"`
	Stage     Stage     `json:"stage"`
	TLP       TLP       `json:"tlp"`
	Severity  Severity  `json:"severity"`
	Published time.Time `json:"published"` // UTC, milliseconds
	Digest    Digest    `json:"digest"`    // of the bundle's exact bytes
}

// Back reports whether the entry takes the alert back.
func (k AlertKind) Back() bool { return k == Withdrawn || k == Recalled }

// Subject is the NATS subject on which members receive the alert:
// isac.alert.<tlp>.<severity>.
func (a Alert) Subject() string {
	return "isac.alert." + string(a.TLP) + "." + string(a.Severity)
}
