package prose

import (
	"os"
	"slices"
	"strings"
	"testing"

	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestPairs reads contrast pairs: a sentence that states facts beside one with the
// same words that doesn't.
func TestPairs(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, lang := range []string{"ja", "en"} {
		data, err := os.ReadFile("testdata/pairs-" + lang + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		pairs := 0
		for line := range strings.Lines(string(data)) {
			cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if line[0] == '#' {
				continue
			}
			if len(cols) != 4 {
				t.Fatalf("%d columns in %q", len(cols), line)
			}
			pairs++
			if cols[2] == "" {
				for f := range strings.FieldsSeq(cols[0]) {
					name, _, _ := cutConfidence(f)
					cols[2] += "!" + name + " "
				}
			}
			for i := 0; i < 4; i += 2 {
				checkFacts(t, cols[i], cols[i+1], Extract(v, cols[i+1], ""))
				checkFacts(t, cols[i], cols[i+1], Extract(v, cols[i+1], lang))
			}
		}
		if pairs < 60 {
			t.Errorf("%d pairs in %q, want at least 60", pairs, lang)
		}
	}
}

// checkFacts compares with "class:value", "class:value=confidence" and
// "!class:value"; a "_" stands for a space.
func checkFacts(t *testing.T, want, text string, found []Found) {
	t.Helper()
	have := map[string]string{}
	for _, f := range found {
		have[f.Fact.Key()] = string(f.Fact.Confidence)
	}
	for w := range strings.FieldsSeq(want) {
		name, not := strings.CutPrefix(strings.ReplaceAll(w, "_", " "), "!")
		key, confidence, sure := cutConfidence(name)
		got, ok := have[key]
		switch {
		case not && ok:
			t.Errorf("%s\n\tstates %s (%s)", text, key, got)
		case !not && !ok:
			t.Errorf("%s\n\tdoesn't state %s; has %v", text, key, have)
		case sure && got != confidence:
			t.Errorf("%s\n\tstates %s as %s, want %s", text, key, got, confidence)
		}
	}
}

// cutConfidence cuts "class:value=likely"; the value may hold an "=" itself.
func cutConfidence(s string) (key, confidence string, sure bool) {
	at := strings.LastIndexByte(s, '=')
	if at < 0 || !slices.Contains([]string{"confirmed", "likely", "possible", "unknown"}, s[at+1:]) {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}
