package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxFile     = 600 // lines
	maxTestFile = 800
	maxFunc     = 80
)

// banned are package names that say nothing.
var banned = []string{"util", "utils", "common", "helpers", "helper", "types", "models", "misc", "shared", "manager", "base"}

func TestFilesAndFunctionsStayReadable(t *testing.T) {
	for _, f := range goFiles(t) {
		path := filepath.Join("../..", f.path)
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		limit := maxFile
		if f.test {
			limit = maxTestFile
		}
		if n := set.File(tree.Pos()).LineCount(); n > limit {
			t.Errorf("%s has %d lines, more than %d: split it", f.path, n, limit)
		}
		for _, d := range tree.Decls {
			checkFunc(t, set, f, d)
		}
	}
}

func checkFunc(t *testing.T, set *token.FileSet, f file, d ast.Decl) {
	t.Helper()
	fn, ok := d.(*ast.FuncDecl)
	if !ok || f.test {
		return
	}
	if n := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line; n > maxFunc {
		t.Errorf("%s: function %s has %d lines, more than %d", f.path, fn.Name.Name, n, maxFunc)
	}
	if strings.HasPrefix(f.pkg, "hub") {
		checkClock(t, set, f, fn)
	}
}

// checkClock finds uses of the clock in hub/**, where time is given.
func checkClock(t *testing.T, set *token.FileSet, f file, fn *ast.FuncDecl) {
	t.Helper()
	ast.Inspect(fn, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := sel.X.(*ast.Ident)
		if ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}, sel.Sel.Name) {
			t.Errorf("%s:%d uses time.%s: hub/** is given the time", f.path, set.Position(sel.Pos()).Line, sel.Sel.Name)
		}
		return true
	})
}

func TestPackagesAreNamedAndExplained(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range goFiles(t) {
		if slices.Contains(banned, filepath.Base(f.pkg)) {
			t.Errorf("package %s: the name says nothing", f.pkg)
		}
		if f.test {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", f.path), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		documented[f.pkg] = documented[f.pkg] || tree.Doc != nil && len(tree.Doc.Text()) > 80
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment that explains it", pkg)
		}
	}
}

// TestTopLevel holds the agreed set of entries at the root.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	agreed := []string{"cmd", "hub", "schemas", "internal", "web", "go.mod", "go.sum", "README.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "Makefile"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(agreed, e.Name()) {
			t.Errorf("%s is not in the agreed set at the top level", e.Name())
		}
	}
}
