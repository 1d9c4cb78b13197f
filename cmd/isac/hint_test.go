package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"isac/hub/anonymize"
	"isac/internal/console"
)

// What a sentence may say besides is shown under it, confirmed by its key, and never by
// "all".
func TestHintsAreConfirmedByKey(t *testing.T) {
	c := caseView{
		Prose: []anonymize.ProseFact{{Key: "technique:T1133", Sentence: "one"}},
		Hints: []anonymize.ProseFact{{Key: "technique:T1078", Sentence: "two"}, {Key: "weakness:no-mfa", Sentence: "one"}, {Key: "weakness:no-logs", Sentence: "two"}},
	}
	for confirm, want := range map[string][]string{
		"all": {"technique:T1133"}, "technique:T1078": {"technique:T1078"}, "all,weakness:no-mfa": {"technique:T1133", "weakness:no-mfa"},
	} {
		body, err := answers(c, confirm, "")
		got := body["confirmed"]
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("--confirm %s: %v, %v", confirm, got, err)
		}
	}
	if _, err := answers(c, "technique:T1486", ""); err == nil {
		t.Error("what nobody asked is confirmed")
	}
	for _, lang := range []string{"ja", "en"} {
		var out bytes.Buffer
		showHints(&console.Env{Out: &out, Lang: lang}, c.Hints)
		if text := out.String(); strings.Count(text, "two") != 1 || strings.Count(text, "[") != 3 || strings.Index(text, "weakness:no-logs") > strings.Index(text, "weakness:no-mfa") {
			t.Errorf("%s: %s", lang, text)
		}
	}
}
