package prose

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestStories reads whole reports: their facts must be exactly those written with
// them, with the confidence where one is given; those behind "?" may be read or not.
func TestStories(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/stories.txtar")
	if err != nil {
		t.Fatal(err)
	}
	v := vocab.Default(profile.HealthcareJP())
	for _, f := range ar.Files {
		t.Run(f.Name, func(t *testing.T) {
			head, text, _ := strings.Cut(string(f.Data), "\n\n")
			want, may := "", ""
			for line := range strings.Lines(head) {
				if facts, ok := strings.CutPrefix(line, "= "); ok {
					want += " " + facts
				}
				if facts, ok := strings.CutPrefix(line, "? "); ok {
					may += " " + facts
				}
			}
			found := Extract(v, text, f.Name[:2])
			checkFacts(t, want, f.Name, found)
			wanted := map[string]bool{}
			for w := range strings.FieldsSeq(want + may) {
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

// What is held of the reports that nobody tuned to.
const (
	leastPrecision = 0.9
	leastRecall    = 0.8
)

func TestUnseen(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/unseen.txtar")
	if err != nil {
		t.Fatal(err)
	}
	v := vocab.Default(profile.HealthcareJP())
	right, missed, wrong := 0, 0, 0
	for _, f := range ar.Files {
		head, text, _ := strings.Cut(string(f.Data), "\n\n")
		wanted := map[string]bool{}
		for w := range strings.FieldsSeq(strings.TrimPrefix(head, "= ")) {
			wanted[strings.ReplaceAll(w, "_", " ")] = true
		}
		for _, found := range Extract(v, text, f.Name[:2]) {
			if wanted[found.Fact.Key()] {
				right++
			} else {
				wrong++
				t.Logf("%s: too much: %s (%s) from %q", f.Name, found.Fact.Key(), found.Fact.Confidence, text[found.Start:found.End])
			}
			delete(wanted, found.Fact.Key())
		}
		missed += len(wanted)
		for key := range wanted {
			t.Logf("%s: missed: %s", f.Name, key)
		}
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("precision %.3f, recall %.3f (%d right, %d too much, %d missed)", precision, recall, right, wrong, missed)
	if precision < leastPrecision || recall < leastRecall {
		t.Error("too little")
	}
}
