package analysis

import (
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/vocab"
)

// TestRenumberedTechnique: where a newer ATT&CK has given a technique another id, its
// sentence, actions and searches are told as before, under the new id.
func TestRenumberedTechnique(t *testing.T) {
	v := vocab.With(nil, vocab.Attack{
		Version:    "19.0",
		Techniques: []vocab.Technique{{ID: "T9001", Name: "Disable Protection", Tactics: []string{"defense-evasion"}}},
		Revoked:    map[string]string{"T1562.001": "T9001"},
	})
	write := func(id string, v *vocab.Vocab) Analysis {
		return Write(Input{Stage: hub.Full, Vocab: v, Facts: []hub.Fact{{Class: hub.Technique, Value: id, Confidence: hub.Confirmed}}})
	}
	old, now := write("T1562.001", nil), write("T9001", v)
	want := strings.ReplaceAll(old.Text("ja"), "T1562.001", "T9001")
	if have := now.Text("ja"); have != want {
		t.Errorf("want\n%s\nhave\n%s", want, have)
	}
	if again := write("T1562.001", v); !slices.Equal(again.Techniques, []string{"T9001"}) {
		t.Errorf("the revoked id is told as %v", again.Techniques)
	}
}
