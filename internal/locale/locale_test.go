package locale

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"isac/web"
)

func TestBothLanguagesHaveTheSameKeysAndPlaces(t *testing.T) {
	all, err := read(web.Locale)
	if err != nil {
		t.Fatal(err)
	}
	places := regexp.MustCompile(`\{\d+\}`)
	for key, ja := range all["ja"] {
		en, ok := all["en"][key]
		if !ok {
			t.Errorf("%s has no English text", key)
			continue
		}
		if strings.TrimSpace(ja) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty", key)
		}
		a, b := places.FindAllString(ja, -1), places.FindAllString(en, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: places %v in Japanese, %v in English", key, a, b)
		}
	}
	for key := range all["en"] {
		if _, ok := all["ja"][key]; !ok {
			t.Errorf("%s has no Japanese text", key)
		}
	}
	if len(all["ja"]) < 50 {
		t.Errorf("only %d texts: files are missing", len(all["ja"]))
	}
}

var keyUse = regexp.MustCompile(`(?:hub\.E\(hub\.\w+, |Text: +|locale\.Text\([^,"]+, |\.Say\(|\.Text\(|console\.Usage\()"([a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])"`)

func TestEveryKeyInTheCodeHasATextInBothLanguages(t *testing.T) {
	checked := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, m := range keyUse.FindAllStringSubmatch(string(src), -1) {
			checked++
			if !Has(m[1]) {
				t.Errorf("%s uses %q, which has no text", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 20 {
		t.Errorf("only %d uses found: the search is broken", checked)
	}
}

// dropped are Japanese words that say what another word says everywhere else.
var dropped = map[string]string{
	"指標": "痕跡情報", "侵害の痕跡": "痕跡情報", "本報": "詳報", "インジケーター": "痕跡情報", "インディケータ": "痕跡情報",
	"審査員": "審査者", "査読": "審査", "モデレーター": "審査者", "アラート": "警報",
}

// TestOneWordForOneThing: a page, a command, the API and an alert call a thing the same.
func TestOneWordForOneThing(t *testing.T) {
	all, err := read(web.Locale)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../hub/analysis/data/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no data of the analysis: %v", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all["ja"][f] = string(data)
	}
	for key, text := range all["ja"] {
		for word, better := range dropped {
			if strings.Contains(text, word) {
				t.Errorf("%s says %s, which is called %s", key, word, better)
			}
		}
	}
}
