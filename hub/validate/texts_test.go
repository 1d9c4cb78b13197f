package validate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// TestTexts wants a text in both languages for every rule, and the same keys and
// places for arguments in both.
func TestTexts(t *testing.T) {
	ja, en := texts(t, "ja"), texts(t, "en")
	places := regexp.MustCompile(`\{\d\}`)
	for key, text := range en {
		want := slices.Compact(slices.Sorted(slices.Values(places.FindAllString(text, -1))))
		got := slices.Compact(slices.Sorted(slices.Values(places.FindAllString(ja[key], -1))))
		if ja[key] == "" || !slices.Equal(got, want) {
			t.Errorf("%s: arguments %v in English, %v in Japanese", key, want, got)
		}
	}
	rules := append(reportedRules(t), quotedRules(t, "schemakeyword.go")...)
	rules = append(rules, quotedRules(t, "../stix/pattern/error.go")...)
	rules = append(rules, "more", "selector", "selector-target")
	if len(rules) < 60 {
		t.Fatalf("only %d rules found in the source", len(rules))
	}
	for _, rule := range rules {
		if en["problem."+rule] == "" || ja["problem."+rule] == "" {
			t.Errorf("no text for the rule %s", rule)
		}
	}
}

func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, room := range []string{"problem", "pattern"} {
		_, err := toml.DecodeFile("../../web/locale/"+lang+"/"+room+".toml", &m)
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// reportedRules finds the second argument of every call of a report method.
func reportedRules(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if rule := reportedRule(n); rule != "" {
				rules = append(rules, rule)
			}
			return true
		})
	}
	return rules
}

func reportedRule(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return ""
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "report" {
		return ""
	}
	literal, ok := call.Args[1].(*ast.BasicLit)
	if !ok {
		return ""
	}
	rule, _ := strconv.Unquote(literal.Value)
	return rule
}

// quotedRules finds the rules that a file names in quotes.
func quotedRules(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, m := range regexp.MustCompile(`"((?:schema|pattern)-[a-z-]+)"`).FindAllStringSubmatch(string(text), -1) {
		rules = append(rules, m[1])
	}
	return rules
}
