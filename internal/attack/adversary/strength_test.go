package adversary

import (
	"slices"
	"testing"

	"isac/hub"
)

// TestDirectFindsWhatItClaims: every probe of strength.toml is found, and a text with
// none of them gives none.
func TestDirectFindsWhatItClaims(t *testing.T) {
	clean := Read([]byte(`{"a":"攻撃者はVPN装置の脆弱性を悪用し、2021年に侵入した。","b":["https://velto.top/gate/x.php","T1133"]}`), never)
	for i, p := range strength.Direct.Probes {
		n := Needle{p.Kind, p.Value}
		if !Read([]byte(p.Hidden), never).Find(n) {
			t.Errorf("probe %d, a %s, is not found", i+1, p.Kind)
		}
		if clean.Find(n) {
			t.Errorf("probe %d, a %s, is found where it isn't", i+1, p.Kind)
		}
	}
}

func never(string) bool { return false }

// TestStrengthIsTheCodes: what strength.toml claims is what the code does.
func TestStrengthIsTheCodes(t *testing.T) {
	var names []string
	for _, d := range decoders {
		names = append(names, d.name)
	}
	if !slices.Equal(names, strength.Direct.Decoders) {
		t.Errorf("decoders %v", names)
	}
	for _, f := range strength.Side.Features {
		if feature[f] == nil {
			t.Errorf("no feature %q", f)
		}
	}
	if len(feature) != len(strength.Side.Features) || len(digests) != len(strength.Dictionary.Hashes) || len(namespaces) != len(strength.Dictionary.Namespaces) {
		t.Error("features, digests or namespaces that the file doesn't name")
	}
}

// frozen is the digest of strength.toml. A change of it is a change of what the
// figures of the README mean.
const frozen = "740bc6896b56d5f2aa24fb670b63b35471676a5e27c8772bf8cb09c0c0a731f8"

func TestStrengthIsFrozen(t *testing.T) {
	if got := hub.Sum([]byte(strengthTOML)).String(); got != frozen {
		t.Errorf("strength.toml has changed: %s", got)
	}
}
