package prose

import (
	"os"
	"testing"

	"isac/hub/profile"
	"isac/hub/vocab"
)

func TestSeedDump(t *testing.T) {
	data, err := os.ReadFile("../../../shared/seed/mhlw-2022-12-15-first-response.txt")
	if err != nil {
		t.Skip("no seed")
	}
	for _, f := range Extract(vocab.Default(profile.HealthcareJP()), string(data), "") {
		t.Log(f.Fact.Key(), f.Fact.Confidence, f.Fact.Step, string(data)[f.Start:f.End])
	}
}
