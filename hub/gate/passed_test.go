package gate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"strings"
	"testing"
)

func TestZeroPassedIsRefused(t *testing.T) {
	var zero Passed
	if zero.Valid() || zero.Bytes() != nil {
		t.Error("the zero value is valid")
	}
	if n, err := zero.WriteTo(io.Discard); err == nil || n != 0 {
		t.Error("the zero value can be written")
	}
}

func TestPassedHoldsItsOwnBytes(t *testing.T) {
	r := ownRegister(t)
	out := []byte(`{"a":"clean"}`)
	p, _, err := r.Check(out, nil)
	if err != nil || !p.Valid() || p.Register() != r.Digest() {
		t.Fatal(err)
	}
	out[2] = 'X'
	p.Bytes()[3] = 'Y'
	if string(p.Bytes()) != `{"a":"clean"}` {
		t.Error("what has passed can be changed from outside")
	}
	var b bytes.Buffer
	if _, err := p.WriteTo(&b); err != nil || b.String() != `{"a":"clean"}` {
		t.Error("writes something else")
	}
}

// eachFile calls f with every file of the package but its tests.
func eachFile(t *testing.T, f func(name string, file *ast.File)) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		f(e.Name(), file)
	}
}

// TestOnlyCheckMakesPassed reads the package: one literal sets fields of Passed, it
// stands in check, and nothing assigns to such a field.
func TestOnlyCheckMakesPassed(t *testing.T) {
	made := 0
	eachFile(t, func(name string, file *ast.File) {
		for _, decl := range file.Decls {
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CompositeLit:
					if id, ok := n.Type.(*ast.Ident); ok && id.Name == "Passed" && len(n.Elts) > 0 {
						if f, ok := decl.(*ast.FuncDecl); !ok || f.Name.Name != "check" {
							t.Errorf("%s: a Passed is made outside of check", name)
						}
						made++
					}
				case *ast.AssignStmt:
					for _, left := range n.Lhs {
						if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "valid" {
							t.Errorf("%s: assigns to valid", name)
						}
					}
				}
				return true
			})
		}
	})
	if made != 1 {
		t.Errorf("%d places make a Passed, want 1", made)
	}
}

func TestImportsNothingOfTheHub(t *testing.T) {
	eachFile(t, func(name string, file *ast.File) {
		for _, imp := range file.Imports {
			path := strings.Trim(imp.Path.Value, `"`)
			if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") && !strings.HasPrefix(path, "golang.org/x/text/") || first == "isac" {
				t.Errorf("%s imports %s", name, path)
			}
			if path == "os" || path == "net" || path == "log" || path == "time" && name != "date.go" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	})
}

func TestHitHidesItsValue(t *testing.T) {
	h := Hit{Class: "name", Source: FromReport, Value: "himitsu", Start: 1, End: 2}
	encoded, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{h.String(), fmt.Sprintf("%v %+v %#v %s %q", h, h, h, h, h), fmt.Sprint([]Hit{h}), string(encoded)} {
		if strings.Contains(s, "himitsu") {
			t.Errorf("told: %s", s)
		}
	}
}
