package pattern

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"

	"isac/internal/beside"
)

const corpus = "../../../../shared/corpus/stix/valid"

// TestCorpus parses the patterns of published, valid documents.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		beside.Lacks(t, "the corpus of published documents")
	}
	count := 0
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, text := range patternsOf(t, data) {
			count++
			p, err := Parse(text)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			checkFixedPoint(t, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 50 {
		t.Errorf("only %d patterns found", count)
	}
}

func patternsOf(t *testing.T, data []byte) []string {
	type object struct {
		Pattern string `json:"pattern"`
		Type    string `json:"pattern_type"`
	}
	var doc struct {
		object
		Objects []object `json:"objects"`
	}
	err := json.Unmarshal(data, &doc)
	if other := new(json.UnmarshalTypeError); err != nil && !errors.As(err, &other) {
		t.Fatal(err)
	}
	var texts []string
	for _, o := range append(doc.Objects, doc.object) {
		if o.Type == "stix" {
			texts = append(texts, o.Pattern)
		}
	}
	return texts
}

func TestRulesHaveTexts(t *testing.T) {
	rules := []string{
		RuleEmpty, RuleUTF8, RuleTooLarge, RuleTooDeep, RuleTooMany, RuleSyntax, RuleLiteral, RuleRegex,
		RuleAndTypes, RuleRepeats, RuleWithin, RuleStartStop, RuleTwice,
	}
	for _, lang := range []string{"ja", "en"} {
		texts := make(map[string]string)
		if _, err := toml.DecodeFile("../../../web/locale/"+lang+"/pattern.toml", &texts); err != nil {
			t.Fatal(err)
		}
		if len(texts) != len(rules) {
			t.Errorf("%d texts in %s for %d rules", len(texts), lang, len(rules))
		}
		for _, rule := range rules {
			if texts["problem."+rule] == "" {
				t.Errorf("%s has no text in %s", rule, lang)
			}
		}
	}
}
