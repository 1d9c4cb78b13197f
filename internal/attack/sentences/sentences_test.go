package sentences_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"isac/internal/attack/sentences"
)

var placeholder = regexp.MustCompile(`\{[a-z0-9_]*\}`)

// known are the placeholders that the suite fills.
var known = strings.Fields("hospital abbr city pref operator contractor vendor staff host domain ip beds date phone mail case_id " +
	"c2_ip c2_domain hash cve family tool user path onion")

func TestSentencesAreWhole(t *testing.T) {
	for _, lang := range []string{"ja", "en"} {
		list, err := sentences.Load(lang)
		if err != nil || len(list) == 0 {
			t.Fatal(len(list), err)
		}
		t.Logf("%s: %d sentences", lang, len(list))
		seen := map[string]bool{}
		for _, s := range list {
			if s.Text == "" || seen[s.Text] || !slices.Contains(sentences.Kinds, s.Kind) {
				t.Errorf("%s: empty, twice, or of no kind: %s", lang, s.Text)
			}
			seen[s.Text] = true
			for _, p := range placeholder.FindAllString(s.Text, -1) {
				if !slices.Contains(known, strings.Trim(p, "{}")) {
					t.Errorf("%s: nothing fills %s", lang, p)
				}
			}
		}
	}
}

// TestNoSentenceIsInTheTestsOfTheHub: what the anonymizer was made with must not be
// what it is measured with.
func TestNoSentenceIsInTheTestsOfTheHub(t *testing.T) {
	all := hubTestdata(t)
	for _, lang := range []string{"ja", "en"} {
		list, err := sentences.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			for _, part := range placeholder.Split(s.Text, -1) {
				if part = squeezed(part); len(part) >= 40 && strings.Contains(all, part) {
					t.Errorf("%s: the tests of the hub have it too: %s", lang, s.Text)
				}
			}
		}
	}
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func hubTestdata(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	files := 0
	err := filepath.WalkDir("../../../hub", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, "testdata") {
			return err
		}
		data, err := os.ReadFile(path)
		all.WriteString(squeezed(string(data)))
		files++
		return err
	})
	if err != nil || files < 50 {
		t.Fatal(files, err)
	}
	return all.String()
}
