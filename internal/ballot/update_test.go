package ballot_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"testing"

	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/internal/validation"
)

// updated checks the bundle of what the newest telling changes, after false positives
// of the attacker's address.
func (w *world) updated(now shown) {
	w.t.Helper()
	a := w.Get(w.reader, "/told/bundle")
	signature, err := base64.StdEncoding.DecodeString(a.Header.Get("Isac-Signature"))
	if err != nil || !ed25519.Verify(w.Ring.AlertKey(), feedback.SigningBytes(a.Body), signature) {
		w.t.Errorf("the update isn't signed: %v", err)
	}
	b, err := stix.ParseBundle(a.Body, stix.DefaultLimits())
	if err != nil {
		w.t.Fatalf("the update is no bundle: %v", err)
	}
	v, err := validation.Embedded()
	w.must(err)
	if problems, err := v.Document(a.Body); err != nil || len(problems) > 0 {
		w.t.Errorf("the update breaks STIX rules: %+v, %v", problems, err)
	}
	last := b.Objects[len(b.Objects)-1]
	until, _ := last.Time("valid_until")
	score, _ := last.Int("confidence")
	if len(b.Objects) < 3 || last.ID() != now.ID || !until.Equal(now.Standing.ValidUntil) || int(score) != now.Standing.Confidence {
		w.t.Errorf("%d objects, the last %s, worth %d until %v, want until %v", len(b.Objects), last.ID(), score, until, now.Standing.ValidUntil)
	}
}

// With nothing told an update changes nothing.
func TestAnUpdateWithoutAnswersIsEmpty(t *testing.T) {
	w := start(t)
	w.say(2, 11, feedback.Request{Value: attacker, Answer: feedback.FalsePositive})
	w.nextDay()
	b, err := stix.ParseBundle(w.Get(w.reader, "/told/bundle").Body, stix.DefaultLimits())
	if err != nil || len(b.Objects) > 0 {
		t.Errorf("nine answers change %d objects: %v", len(b.Objects), err)
	}
}
