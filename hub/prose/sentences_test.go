package prose

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"isac/hub/profile"
	"isac/hub/vocab"
)

// What is held of the single sentences.
const (
	leastSentences         = 70 // of each file
	leastSilent            = 90
	leastSentenceRecall    = 0.98
	leastSentencePrecision = 0.95
)

// tally counts the facts of a class.
type tally struct{ right, missed, wrong int }

func (t tally) recall() float64    { return float64(t.right) / float64(max(1, t.right+t.missed)) }
func (t tally) precision() float64 { return float64(t.right) / float64(max(1, t.right+t.wrong)) }

// TestSentences reads single sentences in the styles in which incidents are told,
// with the facts that a reader finds stated. "?" marks what may be found as well;
// products may always be.
func TestSentences(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	names, err := filepath.Glob("testdata/sentences-*.tsv")
	if err != nil || len(names) == 0 {
		t.Fatal("no sentences", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			classes, n := map[string]*tally{}, 0
			all := tallySentences(t, v, name, classes, &n)
			for _, c := range slices.Sorted(maps.Keys(classes)) {
				t.Logf("%-10s recall %.3f precision %.3f (%d right, %d missed, %d too much)", c, classes[c].recall(), classes[c].precision(), classes[c].right, classes[c].missed, classes[c].wrong)
			}
			t.Logf("%-10s recall %.3f precision %.3f of %d sentences", "all", all.recall(), all.precision(), n)
			if n < leastSentences || all.recall() < leastSentenceRecall || all.precision() < leastSentencePrecision {
				t.Error("too little")
			}
		})
	}
}

// TestSilent reads sentences that state nothing of an attack: denials, plans, advice,
// what was done afterwards, what happened to others. "?" marks what may be found.
func TestSilent(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, lang := range []string{"ja", "en"} {
		classes, n := map[string]*tally{}, 0
		if all := tallySentences(t, v, "testdata/silent-"+lang+".tsv", classes, &n); all.wrong > 0 || n < leastSilent {
			t.Errorf("%s: %d facts too many in %d sentences", lang, all.wrong, n)
		}
	}
}

// tallySentences counts by class what one file of sentences states.
func tallySentences(t *testing.T, v *vocab.Vocab, name string, classes map[string]*tally, n *int) (all tally) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	of := func(key string) *tally {
		class, _, _ := strings.Cut(key, ":")
		if classes[class] == nil {
			classes[class] = &tally{}
		}
		return classes[class]
	}
	for line := range strings.Lines(string(data)) {
		want, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		*n++
		wanted := wantedFacts(want)
		have := map[string]bool{}
		for _, f := range Extract(v, text, langOf(name)) {
			key := f.Fact.Key()
			have[key] = true
			switch must, known := wanted[key]; {
			case must:
				of(key).right++
				all.right++
			case !known && f.Fact.Class != "product" && !relative(wanted, key):
				of(key).wrong++
				all.wrong++
				t.Logf("too much: %s (%s)\n\t%s", key, f.Fact.Confidence, text)
			}
		}
		for key, must := range wanted {
			if must && !have[key] && !child(have, key) {
				of(key).missed++
				all.missed++
				t.Logf("missed: %s\n\t%s", key, text)
			}
		}
	}
	return all
}

// short are the classes as the files of sentences write them.
var short = map[string]string{"r": "route", "w": "weakness", "i": "impact", "f": "family", "t": "tool", "g": "group", "p": "product", "x": "indicator"}

// wantedFacts reads "T1133 r:vpn-appliance ?w:no-mfa": whether each must be found.
func wantedFacts(s string) map[string]bool {
	wanted := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		w, may := strings.CutPrefix(strings.ReplaceAll(w, "_", " "), "?")
		class, value, ok := strings.Cut(w, ":")
		switch {
		case w == "-":
			continue
		case strings.HasPrefix(w, "CVE-"):
			w = "cve:" + w
		case !ok:
			w = "technique:" + w
		default:
			w = short[class] + ":" + value
		}
		wanted[w] = !may
	}
	return wanted
}

// relative reports whether a technique is the parent or a child of a wanted one.
func relative(wanted map[string]bool, key string) bool {
	parent, _, _ := strings.Cut(key, ".")
	for w := range wanted {
		if strings.HasPrefix(w, key+".") || w == parent {
			return true
		}
	}
	return false
}

// child reports whether a technique's child was found.
func child(have map[string]bool, key string) bool {
	for h := range have {
		if strings.HasPrefix(h, key+".") {
			return true
		}
	}
	return false
}

// langOf reads the language in the name of a file: sentences-ja-1.tsv.
func langOf(name string) string {
	_, rest, _ := strings.Cut(filepath.Base(name), "-")
	return rest[:2]
}
