package deliver

import (
	"isac/hub"
	"isac/hub/stix"
)

// Sources of the external references in which the proof stands.
const (
	sourcePolicy = "isac-policy"
	sourceRecord = "isac-record"
)

// Proof is what an alert says of how it was made: the policy that the anonymizer
// followed, and the hiding commitment to the record of what was done with every
// property of the report. The commitment tells nothing to anybody but those who hold
// the record. An alert that takes another back has none: the zero value.
type Proof struct {
	PolicyVersion string     `json:"policy_version"`
	Policy        hub.Digest `json:"policy"`
	Record        hub.Digest `json:"record"`
}

// references are the two by which a reader finds the proof.
func (p Proof) references() []map[string]any {
	if p == (Proof{}) {
		return nil
	}
	return []map[string]any{
		{"source_name": sourcePolicy, "external_id": p.PolicyVersion, "hashes": map[string]any{"SHA-256": p.Policy.String()}},
		{"source_name": sourceRecord, "external_id": p.Record.String()},
	}
}

// ProofOf reads the proof that stands inside a bundle's bytes. What is there by half
// or said twice is an error; the zero value says that nothing is there.
func ProofOf(bundle []byte) (Proof, error) {
	report, err := reportOf(bundle)
	if err != nil {
		return Proof{}, err
	}
	var p Proof
	for _, ref := range report.Objs("external_references") {
		if !p.read(ref) {
			return Proof{}, hub.E(hub.Invalid, "deliver.no-metadata")
		}
	}
	if (p.PolicyVersion == "") != p.Record.IsZero() {
		return Proof{}, hub.E(hub.Invalid, "deliver.no-metadata")
	}
	return p, nil
}

func (p *Proof) read(ref stix.Object) bool {
	id := ref.Str("external_id")
	switch ref.Str("source_name") {
	case sourcePolicy:
		err := p.Policy.UnmarshalText([]byte(ref.Obj("hashes").Str("SHA-256")))
		return err == nil && !p.Policy.IsZero() && id != "" && once(&p.PolicyVersion, id)
	case sourceRecord:
		twice := !p.Record.IsZero()
		err := p.Record.UnmarshalText([]byte(id))
		return err == nil && !twice && !p.Record.IsZero()
	}
	return true
}
