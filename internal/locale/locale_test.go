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
