package canary_test

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/hub/stix"
)

// proofOf is what the newest entry of the log says of its making.
func (w *world) proofOf(number uint64) deliver.Proof {
	w.t.Helper()
	var proof deliver.Proof
	w.Poll("an entry of the log", func() bool {
		list, _, err := w.Entries(w.t.Context(), number-1, 1)
		if err != nil || len(list) != 1 {
			return false
		}
		proof, err = deliver.ProofOf(list[0].Bundle)
		return err == nil
	})
	return proof
}

// record asks for the record of a case as its reporter.
func (w *world) record(id string, commitment hub.Digest) (anonymize.Record, error) {
	w.t.Helper()
	return w.Desk.Record(w.t.Context(), w.reporter.Person, id, commitment, w.reporter.Sign(review.ToReadRecord, commitment))
}

// openings are what opens a commitment, in every way to write it.
func openings(r anonymize.Record) []string {
	secrets := [][]byte{r.Blind, r.Root[:]}
	for _, e := range r.Entries {
		secrets = append(secrets, e.Salt)
	}
	var out []string
	for _, s := range append(secrets, r.Filler[:100]...) {
		out = append(out, string(s), hex.EncodeToString(s), base64.StdEncoding.EncodeToString(s), base64.RawURLEncoding.EncodeToString(s))
	}
	return out
}

// opens counts the openings that a thief finds in a folder.
func (w *world) opens(wanted []string, folder string, keys ...string) int {
	w.t.Helper()
	n := 0
	blobs := slices.Concat(stolen(w.t, folder, keys...), files(w.t, folder))
	for _, s := range wanted {
		if slices.ContainsFunc(blobs, func(b blob) bool { return strings.Contains(string(b.data), s) }) {
			n++
		}
	}
	return n
}

// TestNothingOpensACommitmentAfterShredding: while the case lives its reporter gets
// the record behind the commitment that the alert carries; afterwards the commitment
// is all that is left, and the hub, with every key that it has, can't tell of any
// report whether the alert was made of it.
func TestNothingOpensACommitmentAfterShredding(t *testing.T) {
	w := start(t)
	other := w.other("of the same week", 100*day)
	data := rich(t, w.victim, "proved", "1")
	c := w.release(w.report(data))
	proof := w.proofOf(2)
	record, err := w.record(c.Case, proof.Record)
	w.must(err)
	report, err := stix.ParseBundle(data, stix.DefaultLimits())
	w.must(err)
	policy := anonymize.DefaultPolicy()
	if record.Commitment() != proof.Record || proof.Policy != policy.Digest || proof.PolicyVersion != policy.Version || !record.Verify(policy, report) {
		t.Fatal("the record isn't that of the alert and its report")
	}
	if _, err := w.record(c.Case, hub.Sum([]byte("another"))); hub.KindOf(err) != hub.NotFound {
		t.Errorf("a record of no draft: %v, want not found", err)
	}
	_, err = w.Desk.Record(t.Context(), w.reporter.Person, c.Case, proof.Record, w.reporter.Sign(review.ToConsent, proof.Record))
	if hub.KindOf(err) != hub.Unsigned {
		t.Errorf("a signature for something else: %v, want unsigned", err)
	}
	wanted := openings(record)
	if n := w.opens(wanted, w.Folder, w.keys()); n < len(record.Entries) {
		t.Errorf("%d of %d openings found with every key: the test shows nothing", n, len(wanted))
	}
	backup, week := w.backup(), w.lastEpoch()
	w.Advance(91 * day)
	w.gone(c.Case)
	if _, err := w.record(c.Case, proof.Record); hub.KindOf(err) != hub.NotFound {
		t.Errorf("the record of a shredded case: %v, want not found", err)
	}
	if n := w.opens(wanted, w.Folder, w.keys()); n > 0 {
		t.Errorf("%d openings are left after shredding", n)
	}
	w.Advance(11 * day)
	w.gone(other) // and with it the key of the week
	w.Poll("the end of the week's key", func() bool { return !w.holds(week) })
	if n := w.opens(wanted, backup, w.keys()); n > 0 {
		t.Errorf("%d openings are left in an old backup when the week's key is gone", n)
	}
	if after := w.proofOf(2); after != proof {
		t.Error("the alert says something else of its making after shredding")
	}
}
