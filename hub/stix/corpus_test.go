package stix

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"isac/internal/beside"
)

const corpus = "../../../shared/corpus/stix/valid"

// TestCorpus reads published documents. Many of their version 5 SCO ids were kept
// when a fixture was edited, or belong to the standard's examples, which are not
// computed; but for each type one that was computed must be ours.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		beside.Lacks(t, "the corpus of published documents")
	}
	same := make(map[string]bool)
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		v, err := Decode(data, Limits{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		want, err := reference(data)
		if err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%s: differs from encoding/json", path)
		}
		checkCanonical(t, v)
		compareIDs(v, same)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(same) < 10 {
		t.Errorf("version 5 SCO ids are as computed here for %d types only: %v", len(same), same)
	}
}

// compareIDs notes the SCO types of v with an id that is the one computed here.
func compareIDs(v any, same map[string]bool) {
	o, _ := AsObject(v)
	objects := []Object{o}
	if o.Type() == "bundle" {
		objects = o.Objs("objects")
	}
	for _, o := range objects {
		if got, ok := SCOID(o); ok && got == o.ID() {
			same[o.Type()] = true
		}
	}
}

func TestRulesHaveTexts(t *testing.T) {
	rule := regexp.MustCompile(`"(stix\.[a-z0-9-]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"ja", "en"} {
		texts := make(map[string]string)
		if _, err := toml.DecodeFile("../../web/locale/"+lang+"/stix.toml", &texts); err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range rule.FindAllStringSubmatch(string(src), -1) {
				if !strings.HasSuffix(name, "_test.go") && texts[m[1]] == "" {
					t.Errorf("%s has no text in %s", m[1], lang)
				}
			}
		}
	}
}
