package deliver

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"isac/hub"
)

// Names of the NATS headers of an alert message. Its payload is the exact bundle.
const (
	hNumber    = "Isac-Number"
	hPrevious  = "Isac-Previous"
	hID        = "Isac-Alert"
	hVersion   = "Isac-Version"
	hKind      = "Isac-Kind"
	hStage     = "Isac-Stage"
	hTLP       = "Isac-Tlp"
	hSeverity  = "Isac-Severity"
	hPublished = "Isac-Published"
	hDigest    = "Isac-Digest"
	hSignature = "Isac-Signature"
	hReason    = "Isac-Reason"
	hClear     = "Isac-Clear"
)

// Header writes the entry's metadata as message headers.
func Header(e Entry) map[string][]string {
	h := map[string][]string{
		hNumber: {strconv.FormatUint(e.Number, 10)}, hPrevious: {e.Previous.String()},
		hID: {e.ID}, hVersion: {strconv.Itoa(e.Version)}, hKind: {string(e.Kind)},
		hStage: {string(e.Stage)}, hTLP: {string(e.TLP)}, hSeverity: {string(e.Severity)},
		hPublished: {e.Published.UTC().Format(time.RFC3339Nano)}, hDigest: {e.Digest.String()},
		hSignature: {base64.StdEncoding.EncodeToString(e.Signature)},
	}
	if e.Reason != "" {
		h[hReason] = []string{e.Reason}
	}
	if e.Clear {
		h[hClear] = []string{"yes"}
	}
	return h
}

// FromMessage reads an entry from headers and payload. Verify it before use.
func FromMessage(h map[string][]string, data []byte) (Entry, error) {
	get := func(name string) string {
		if v := h[name]; len(v) == 1 {
			return v[0]
		}
		return ""
	}
	e := Entry{Reason: get(hReason), Clear: get(hClear) == "yes"}
	e.ID, e.Kind, e.Stage = get(hID), hub.AlertKind(get(hKind)), hub.Stage(get(hStage))
	e.TLP, e.Severity = hub.TLP(get(hTLP)), hub.Severity(get(hSeverity))
	var errs [6]error
	e.Number, errs[0] = strconv.ParseUint(get(hNumber), 10, 64)
	e.Version, errs[1] = strconv.Atoi(get(hVersion))
	e.Published, errs[2] = time.Parse(time.RFC3339Nano, get(hPublished))
	e.Signature, errs[3] = base64.StdEncoding.DecodeString(get(hSignature))
	errs[4] = e.Previous.UnmarshalText([]byte(get(hPrevious)))
	errs[5] = e.Digest.UnmarshalText([]byte(get(hDigest)))
	for _, err := range errs {
		if err != nil {
			return Entry{}, &hub.Error{Kind: hub.Invalid, Text: "deliver.no-metadata", Err: fmt.Errorf("reading alert headers: %w", err)}
		}
	}
	e.Published = e.Published.UTC()
	if e.Kind != hub.Recalled || len(data) > 0 {
		e.Bundle = data
	}
	return e, nil
}
