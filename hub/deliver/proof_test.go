package deliver_test

import (
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/deliver"
)

func TestProofStandsInsideTheSignedBytes(t *testing.T) {
	_, priv := keys(t, 1)
	e := entry(t, priv, 2, hub.Sum([]byte("before")))
	got, err := deliver.ProofOf(e.Bundle)
	if err != nil || got != proof {
		t.Fatalf("wrote %+v, read %+v, %v", proof, got, err)
	}
	text := string(e.Bundle)
	record, policy := proof.Record.String(), proof.Policy.String()
	for why, spoilt := range map[string]string{
		"no record":         strings.Replace(text, `"isac-record"`, `"isac-other"`, 1),
		"no policy":         strings.Replace(text, `"isac-policy"`, `"isac-other"`, 1),
		"a record cut":      strings.Replace(text, record, record[2:], 1),
		"a zero record":     strings.Replace(text, record, strings.Repeat("0", 64), 1),
		"a policy cut":      strings.Replace(text, policy, policy[2:], 1),
		"no policy version": strings.Replace(text, proof.PolicyVersion, "", 1),
		"two records":       strings.Replace(text, `"isac-bundle"`, `"isac-record","external_id":"`+strings.Repeat("ab", 32)+`"`, 1),
		"two policies":      strings.Replace(text, `"isac-bundle"`, `"isac-policy","external_id":"8","hashes":{"SHA-256":"`+policy+`"}`, 1),
		"no report":         strings.Replace(text, `"type":"report"`, `"type":"tool"`, 1),
		"nothing":           "",
	} {
		if spoilt == text {
			t.Fatalf("%s: nothing to spoil", why)
		}
		if got, err := deliver.ProofOf([]byte(spoilt)); err == nil {
			t.Errorf("%s: read as %+v", why, got)
		}
	}
	none := strings.NewReplacer(`"isac-record"`, `"isac-other"`, `"isac-policy"`, `"isac-another"`).Replace(text)
	if got, err := deliver.ProofOf([]byte(none)); err != nil || got != (deliver.Proof{}) {
		t.Errorf("an alert that says nothing of it: %+v, %v", got, err)
	}
}
