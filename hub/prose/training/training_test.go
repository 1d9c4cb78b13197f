package training

import (
	"os"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/prose"
	"isac/hub/prose/learned"
	"isac/hub/vocab"
)

var files = os.DirFS("..")

// TestModelIsOfTheseSentences: who changes a sentence makes the reader anew.
func TestModelIsOfTheseSentences(t *testing.T) {
	m, err := learned.Parse(vocab.Default(nil).Learned())
	if err != nil {
		t.Fatal(err)
	}
	digest, err := Digest(files)
	if err != nil {
		t.Fatal(err)
	}
	if m.From != digest {
		t.Errorf("the model is of other sentences: go run ./internal/training\n%s\n%s", m.From, digest)
	}
}

// TestLabelsAreKnown: a label that no vocabulary has is a slip of the pen.
func TestLabelsAreKnown(t *testing.T) {
	reports, err := Reports(files, "training/*.tsv", "testdata/blind-*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	v := vocab.Default(profile.HealthcareJP())
	sentences, silent := 0, 0
	for _, r := range reports {
		for _, s := range r.Sentences {
			sentences++
			if len(s.Labels) == 0 {
				silent++
			}
			for l := range s.Labels {
				class, value, _ := strings.Cut(l, ":")
				if _, known := v.Label(hub.Class(class), value); !known || !slices.Contains(Classes, class) {
					t.Errorf("%s isn't known: %q", l, s.Text)
				}
			}
		}
	}
	if sentences < 10_000 || silent*4 < sentences {
		t.Errorf("%d sentences, %d of which state nothing", sentences, silent)
	}
}

// blind is what must be read of sentences that nobody chose words for: far less than
// of reports, since no two are alike and many are three words long. Ticked is the recall
// once a reporter has said yes to the hints that are right, worth the part of them that is.
var blind = map[string]struct{ recall, precision, silent, patterns, ticked, worth float64 }{
	"ja": {0.34, 0.86, 0.98, 0.15, 0.55, 0.47},
	"en": {0.38, 0.84, 0.96, 0.18, 0.62, 0.37},
}

// TestBlindSentences: what was learned reads more than the patterns alone, and not
// less surely.
func TestBlindSentences(t *testing.T) {
	reports, err := Reports(files, Blind...)
	if err != nil {
		t.Fatal(err)
	}
	v := vocab.Default(profile.HealthcareJP())
	taught, untaught := prose.New(v), prose.NewTaught(v, learned.Untaught().Append(nil))
	for lang, least := range blind {
		m, alone := Measure(taught, reports, lang), Measure(untaught, reports, lang)
		all, quiet := m.Counts["all"], float64(m.Quiet)/float64(m.Silent)
		for _, c := range Classes {
			t.Logf("%s %-10s recall %.3f precision %.3f", lang, c, m.Counts[c].Recall(), m.Counts[c].Precision())
		}
		t.Logf("%s recall %.3f precision %.3f silent %.3f; patterns alone %.3f, %.3f", lang, all.Recall(), all.Precision(), quiet, alone.Counts["all"].Recall(), alone.Counts["all"].Precision())
		if all.Recall() < least.recall || all.Precision() < least.precision || quiet < least.silent {
			t.Errorf("%s: too little", lang)
		}
		t.Logf("%s recall once hints are ticked %.3f, %d right and %d wrong", lang, m.Ticked(), m.Asked.Right, m.Asked.Wrong)
		if m.Ticked() < least.ticked || m.Asked.Precision() < least.worth {
			t.Errorf("%s: hints are worth too little", lang)
		}
		if alone.Counts["all"].Recall() > least.patterns {
			t.Errorf("%s: patterns alone read %.3f: somebody chose words by the blind sentences, or the figures are old", lang, alone.Counts["all"].Recall())
		}
	}
}
