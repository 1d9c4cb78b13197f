package prose

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestStories reads whole reports: their facts must be exactly those written with
// them, with the confidence where one is given.
func TestStories(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/stories.txtar")
	if err != nil {
		t.Fatal(err)
	}
	v := vocab.Default(profile.HealthcareJP())
	for _, f := range ar.Files {
		t.Run(f.Name, func(t *testing.T) {
			head, text, _ := strings.Cut(string(f.Data), "\n\n")
			want := ""
			for line := range strings.Lines(head) {
				if facts, ok := strings.CutPrefix(line, "= "); ok {
					want += " " + facts
				}
			}
			found := Extract(v, text, f.Name[:2])
			checkFacts(t, want, f.Name, found)
			wanted := map[string]bool{}
			for w := range strings.FieldsSeq(want) {
				key, _, _ := cutConfidence(strings.ReplaceAll(w, "_", " "))
				wanted[key] = true
			}
			for _, f := range found {
				if !wanted[f.Fact.Key()] {
					t.Errorf("too much: %s (%s) from %q", f.Fact.Key(), f.Fact.Confidence, text[f.Start:f.End])
				}
			}
		})
	}
}
