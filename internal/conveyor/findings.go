package conveyor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/natsbus"
)

// findings are what is kept, sealed, beside the original: the record, what the gate
// searches for, the sentences for the reporter's preview, and the answers.
type findings struct {
	Record  anonymize.Record      `json:"record"`
	LeftOut []string              `json:"left_out"`
	Prose   []anonymize.ProseFact `json:"prose"`
	Hints   []anonymize.ProseFact `json:"hints,omitempty"`
	Answers anonymize.Answers     `json:"answers"`
	At      time.Time             `json:"at"`     // of the report
	Report  string                `json:"report"` // receipt number
	Pieces  string                `json:"pieces,omitempty"`
}

const (
	// piece is how much of findings goes into one message, in bytes.
	piece = 4 << 20
	// maxFindings bounds what one report can make the hub store.
	maxFindings = 32 << 20
)

// errTooMuch says that a report holds more than the hub works through. Its reporter
// is told; to try again is in vain.
var errTooMuch = hub.E(hub.TooLarge, "stix.too-much")

// keepFindings seals the findings beside the original; the newest count. Large ones
// are kept in pieces, whose last message leads to them.
func (v *Conveyor) keepFindings(ctx context.Context, f *caseFile, p prepared) error {
	data, err := json.Marshal(p.findings)
	if err != nil {
		return fmt.Errorf("keeping findings: %w", err)
	}
	if len(data) > maxFindings {
		return errTooMuch
	}
	if len(data) > piece {
		lead := findings{Pieces: randomName()}
		for part := range slices.Chunk(data, piece) {
			err := v.keepSealed(ctx, f, "pieces."+lead.Pieces, part)
			if err != nil {
				return err
			}
		}
		data = encode(lead)
	}
	return v.keepSealed(ctx, f, "findings", data)
}

func (v *Conveyor) keepSealed(ctx context.Context, f *caseFile, name string, data []byte) error {
	sealed, err := f.key.Seal(data)
	if err != nil {
		return err
	}
	_, err = v.Bus.Append(ctx, "vault."+f.id+"."+name, natsbus.AnySeq, nil, sealed)
	return err
}

// findings returns the newest findings of a case.
func (v *Conveyor) findings(ctx context.Context, f *caseFile) (findings, error) {
	m, err := v.Bus.Last(ctx, natsbus.Vault, "vault."+f.id+".findings")
	if err != nil {
		return findings{}, err
	}
	return v.gather(ctx, f, m)
}

// gather opens findings by their last message, which leads to the pieces of large ones.
func (v *Conveyor) gather(ctx context.Context, f *caseFile, m natsbus.Message) (findings, error) {
	out, err := openFindings(f, []natsbus.Message{m})
	if err != nil || out.Pieces == "" {
		return out, err
	}
	pieces, err := v.Bus.Subject(ctx, natsbus.Vault, "vault."+f.id+".pieces."+out.Pieces)
	if err != nil {
		return findings{}, err
	}
	return openFindings(f, pieces)
}

// Record returns the record that a draft or an alert of the case names by its
// commitment, to one of the reporter's people. Drafts are made anew, and an alert that
// is out keeps the record that it was made with, so all that were kept are looked at.
func (v *Conveyor) Record(ctx context.Context, who hub.Person, id string, commitment hub.Digest, signature []byte) (anonymize.Record, error) {
	f, ok := v.cases.get(id)
	if !ok {
		return anonymize.Record{}, hub.E(hub.NotFound, "review.not-found")
	}
	err := f.fold.MayReadRecord(commitment, review.Signed{Person: who.ID, Signature: signature}, v.Roster)
	if err != nil {
		return anonymize.Record{}, err
	}
	kept, err := v.Bus.Subject(ctx, natsbus.Vault, "vault."+id+".findings")
	if err != nil {
		return anonymize.Record{}, err
	}
	for _, m := range slices.Backward(kept) {
		found, err := v.gather(ctx, f, m)
		if err != nil {
			return anonymize.Record{}, err
		}
		if found.Record.Commitment() == commitment {
			return found.Record, nil
		}
	}
	return anonymize.Record{}, hub.E(hub.NotFound, "review.no-record")
}

// Original returns the newest report of a case as it was sent, to one of the
// reporter's people.
func (v *Conveyor) Original(ctx context.Context, who hub.Person, id string) ([]byte, error) {
	f, err := v.ofReporter(who, id)
	if err != nil {
		return nil, err
	}
	have, err := v.findings(ctx, f)
	if err != nil {
		return nil, err
	}
	return v.original(ctx, f, have)
}

// ofReporter returns a case to one of the reporter's people.
func (v *Conveyor) ofReporter(who hub.Person, id string) (*caseFile, error) {
	f, ok := v.cases.get(id)
	if !ok {
		return nil, hub.E(hub.NotFound, "review.not-found")
	}
	_, err := f.fold.ReporterView(who.ID, v.Roster)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (v *Conveyor) original(ctx context.Context, f *caseFile, have findings) ([]byte, error) {
	return v.originalOf(ctx, f, have.Report)
}

func (v *Conveyor) originalOf(ctx context.Context, f *caseFile, receipt string) ([]byte, error) {
	m, err := v.Bus.Last(ctx, natsbus.Vault, "vault."+f.id+".report."+v.Ring.LinkName("vault", receipt))
	if err != nil {
		return nil, err
	}
	return f.key.Open(m.Data)
}

func openFindings(f *caseFile, pieces []natsbus.Message) (findings, error) {
	var out findings
	var data []byte
	for _, m := range pieces {
		part, err := f.key.Open(m.Data)
		if err != nil {
			return out, err
		}
		data = append(data, part...)
	}
	err := json.Unmarshal(data, &out)
	if err != nil {
		return out, errors.New("reading findings: malformed")
	}
	return out, nil
}
