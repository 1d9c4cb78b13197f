package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What leaves the hub is an entry of the log of alerts, and only a release makes one,
// of bytes that the gate has passed. These rules keep other ways shut:
//
//   - no package but hub/release knows gate.Passed or makes an entry with a bundle;
//     hub/deliver reads one back from the log, and internal/node from the store
//   - there, one function alone makes a Bulletin and one alone an entry of it
//   - no one sets the bundle of an entry that is made
var (
	mayPass     = []string{"hub/release", "hub/gate"}
	mayFill     = []string{"hub/release", "hub/deliver", "internal/node"}
	makesOf     = map[string]string{"Bulletin": "pass", "Entry": "Entry"} // in hub/release
	outwardPart = []string{"Bundle"}
)

func TestNothingLeavesButThroughTheGate(t *testing.T) {
	made := map[string]int{}
	for _, f := range goFiles(t) {
		if f.test || strings.HasPrefix(f.pkg, "internal/bench") || strings.HasPrefix(f.pkg, "internal/hubtest") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", f.path), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range outlets(tree, f.pkg, made) {
			t.Errorf("%s: %s", f.path, complaint)
		}
	}
	for name := range makesOf {
		if made[name] != 1 {
			t.Errorf("hub/release makes a %s in %d places, want 1: the test is broken or there is a second way", name, made[name])
		}
	}
}

// outlets returns what breaks the rules in a file, and counts what is rightly made.
func outlets(tree *ast.File, pkg string, made map[string]int) []string {
	var out []string
	for _, decl := range tree.Decls {
		fn := ""
		if d, ok := decl.(*ast.FuncDecl); ok {
			fn = d.Name.Name
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if name(n) == "gate.Passed" && !slices.Contains(mayPass, pkg) {
					out = append(out, "knows gate.Passed")
				}
			case *ast.CompositeLit:
				out = append(out, literal(n, pkg, fn, made)...)
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if s, ok := left.(*ast.SelectorExpr); ok && knowsEntries(tree) && slices.Contains(outwardPart, s.Sel.Name) && !slices.Contains(mayFill, pkg) {
						out = append(out, "sets the "+s.Sel.Name+" of what is sent")
					}
				}
			}
			return true
		})
	}
	return out
}

func literal(n *ast.CompositeLit, pkg, fn string, made map[string]int) []string {
	kind := name(n.Type)
	if i := strings.LastIndexByte(kind, '.'); i >= 0 && kind != "deliver.Entry" && kind != "release.Bulletin" {
		return nil
	} else if i >= 0 {
		kind = kind[i+1:]
	} else if pkg != "hub/release" {
		return nil
	}
	maker, ours := makesOf[kind]
	switch {
	case !ours || len(n.Elts) == 0:
		return nil
	case pkg == "hub/release" && fn == maker:
		made[kind]++
		return nil
	case kind == "Entry" && (slices.Contains(mayFill[1:], pkg) || !hasBundle(n) && pkg != "hub/release"):
		return nil
	}
	return []string{"makes a " + kind}
}

// hasBundle reports whether a literal sets the bundle, by its name or by its place.
func hasBundle(n *ast.CompositeLit) bool {
	return slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		return !ok || name(pair.Key) == "Bundle"
	})
}

func knowsEntries(tree *ast.File) bool {
	return slices.ContainsFunc(tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"isac/hub/deliver"` })
}

// name writes an identifier, with its package if it has one.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return name(e.X) + "." + e.Sel.Name
	}
	return ""
}

// TestOtherWaysOutAreSeen: each way around the gate is complained of.
func TestOtherWaysOutAreSeen(t *testing.T) {
	for source, pkg := range map[string]string{
		"func f() { _ = deliver.Entry{Bundle: data} }":                              "internal/conveyor",
		"func f() { _ = &deliver.Entry{Alert: a, Bundle: data} }":                   "internal/api",
		"import \"isac/hub/deliver\"\nfunc f(e *deliver.Entry) { e.Bundle = data }": "internal/projection",
		"func f() { var p gate.Passed; _ = p }":                                     "internal/webui",
		"type x struct{ p gate.Passed }":                                            "internal/node",
		"func f() { _ = release.Bulletin{} ; _ = Bulletin{a, p} }":                  "hub/release",
		"func Build() { _ = deliver.Entry{Alert: a} }":                              "hub/release",
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if len(outlets(tree, pkg, map[string]int{})) == 0 {
			t.Errorf("%s in %s: not seen", source, pkg)
		}
	}
}
