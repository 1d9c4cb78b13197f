package intake_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"

	"isac/hub/intake"
)

func TestReceiptStandsForExactlyTheSealedBytes(t *testing.T) {
	pub, priv, err := ed25519.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 5, 59, 59, 0, time.UTC)
	random := bytes.NewReader(bytes.Repeat([]byte("receipt-random-"), 8))
	r, err := intake.NewReceipt(at, random)
	if err != nil {
		t.Fatal(err)
	}
	r = r.For([]byte("sealed"), func(b []byte) []byte { return ed25519.Sign(priv, b) })
	if err := r.Verify(pub, []byte("sealed")); err != nil {
		t.Errorf("genuine receipt refused: %v", err)
	}
	if err := r.Verify(pub, []byte("sealeD")); err == nil {
		t.Error("receipt accepted for other bytes")
	}
	later := r
	later.Hour = later.Hour.Add(time.Hour)
	if err := later.Verify(pub, []byte("sealed")); err == nil {
		t.Error("receipt accepted with another hour")
	}
	if r.Hour.Minute() != 0 || r.Hour.Second() != 0 {
		t.Errorf("receipt tells more than the hour: %v", r.Hour)
	}
	if len(r.Number) != 26 {
		t.Errorf("receipt number %q has %d characters, want 26", r.Number, len(r.Number))
	}
}
