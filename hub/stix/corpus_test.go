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
)

const corpus = "../../../shared/corpus/stix/valid"

// TestCorpus reads published documents. Most of their version 5 SCO ids must be
// the ones computed here; a tool that counts other properties or keeps an old id
// makes others.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus of published documents is not here")
	}
	same, other := 0, 0
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
		s, o := compareIDs(t, v)
		same, other = same+s, other+o
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("version 5 SCO ids: %d as computed here, %d others", same, other)
	if same == 0 || other > same {
		t.Errorf("version 5 SCO ids: only %d of %d are as computed here", same, same+other)
	}
}

func compareIDs(t *testing.T, v any) (same, other int) {
	o, _ := AsObject(v)
	objects := []Object{o}
	if o.Type() == "bundle" {
		objects = o.Objs("objects")
	}
	for _, o := range objects {
		id, err := ParseID(o.ID())
		if err != nil || id.Version() != 5 || !IsSCO(o.Type()) {
			continue
		}
		if got, ok := SCOID(o); ok && got == o.ID() {
			same++
			continue
		}
		other++
		t.Logf("other: %s", o.Type())
	}
	return same, other
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
