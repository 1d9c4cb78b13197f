package anonymize

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCasesCover: the cases have every type of object and every extension that the
// table knows, every rule, both profiles and both languages.
func TestCasesCover(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		c := readCase(t, file)
		seen["profile "+c.world.profile.ID] = true
		for _, o := range c.in.Bundle.Objects {
			seen[o.Type()] = true
			seen["language "+o.Str("lang")] = true
			extensions, _ := o["extensions"].(map[string]any)
			for key := range extensions {
				seen[key] = true
			}
		}
	}
	want := []string{"profile healthcare-jp", "profile local-government-jp", "language ja", "language en"}
	want = append(want, slices.Sorted(maps.Keys(rules))...)
	for _, row := range DefaultPolicy().Rows() {
		if row.Property == "type" && row.Type != "bundle" || strings.HasSuffix(row.Type, "-ext") || strings.HasPrefix(row.Type, "extension-definition--") {
			want = append(want, row.Type)
		}
	}
	slices.Sort(want)
	for _, w := range slices.Compact(want) {
		if !seen[w] {
			t.Errorf("no case has %s", w)
		}
	}
}

// otherSectors are words of one sector that must not come from code.
var otherSectors = []string{"病院", "医療", "診療", "患者", "カルテ", "hospital", "patient", "clinic", "medical", "health care", "healthcare"}

// TestOtherSector: the largest reports of the cases, read under the profile of towns,
// give drafts without a word of hospitals; only names of public things may have one.
func TestOtherSector(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	w := worldOf(t, "local-government-jp")
	for _, file := range files {
		c := readCase(t, file)
		pair := draft(t, w.made, Input{Bundle: c.in.Bundle, Member: w.sector[0], Received: received, Answers: Answers{AllConfirmed: true}})
		for _, d := range []Draft{pair.Flash, pair.Full} {
			body := d.Body()
			text, err := json.Marshal(body.Analysis)
			if err != nil {
				t.Fatal(err)
			}
			low := strings.ToLower(string(text))
			for _, f := range body.Facts {
				low = strings.ReplaceAll(low, strings.ToLower(f.Value), "") // what the attacker chose
			}
			for _, word := range otherSectors {
				if i := strings.Index(low, word); i >= 0 {
					t.Errorf("%s: a draft for towns says %q: %s", filepath.Base(file), word, low[max(0, i-60):min(len(low), i+60)])
				}
			}
		}
	}
}

// TestNoSectorInCode: no string in the code of the hub is a word of one sector. The
// gate knows "hospital" as a word of English, and the register's synthetic list is one
// of hospitals.
func TestNoSectorInCode(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "../gate/") || strings.HasPrefix(path, "../register/synthetic/") {
			return err
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		read++
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			for _, word := range otherSectors {
				if strings.Contains(strings.ToLower(lit.Value), word) && !strings.HasPrefix(lit.Value, `"healthcare-jp`) {
					t.Errorf("%s: a string holds %q", files.Position(lit.Pos()), word)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 100 {
		t.Fatal(read, err)
	}
}
