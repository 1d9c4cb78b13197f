package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed says, for every package of the module, which of the module's packages
// it may import ("x/..." is x and all below it). A package that isn't here fails
// the test: name its room first.
var allowed = map[string][]string{
	// the nouns and what stands beside the stages
	"hub":                    {},
	"hub/stix":               {"hub"},
	"hub/stix/pattern":       {"hub"},
	"hub/register":           {"hub", "hub/register/..."},
	"hub/register/automaton": {},
	"hub/register/decode":    {},
	"hub/register/filter":    {"hub/register/automaton"},
	"hub/register/synthetic": {"hub"},
	"hub/profile":            {"hub"},
	"hub/vocab":              {"hub", "hub/profile"},
	"hub/cells":              {"hub", "hub/profile"},
	"hub/warning":            {"hub"},
	"hub/form":               {"hub", "hub/prose", "hub/stix", "hub/stix/pattern", "hub/vocab"},
	"hub/drafts":             {"hub", "hub/form", "hub/profile", "hub/prose", "hub/stix", "hub/stix/pattern", "hub/vocab"},
	"hub/evidence":           {"hub", "hub/prose"},
	"hub/sector":             {"hub"},
	"hub/find":               {"hub", "hub/sector", "hub/stix/pattern"},
	"hub/sift":               {"hub", "hub/register/automaton"},
	"hub/succession":         {"hub"},
	"hub/ledger":             {"hub", "hub/succession"},
	"hub/feedback":           {"hub", "hub/stix", "hub/stix/pattern"},
	"hub/picture":            {"hub", "hub/analysis", "hub/sector", "hub/vocab"},
	"hub/paper":              {"hub", "hub/analysis", "hub/picture"},
	"hub/sigma":              {"hub", "hub/stix", "hub/stix/pattern"},
	"hub/direct":             {"hub", "hub/review"},
	"hub/advisory":           {"hub", "hub/analysis", "hub/review", "hub/stix", "hub/vocab"},
	"hub/shelf":              {"hub", "hub/analysis", "hub/profile"},
	"hub/notice":             {"hub", "hub/analysis", "hub/deliver", "hub/edition", "hub/profile", "hub/stix"},
	"hub/export":             {"hub", "hub/stix"},
	"hub/edition":            {"hub", "hub/stix"},
	"hub/prose":              {"hub", "hub/vocab", "hub/profile", "hub/prose/learned"},
	"hub/prose/learned":      {},
	"hub/prose/training":     {"hub", "hub/profile", "hub/vocab", "hub/prose", "hub/prose/learned"},
	"hub/analysis":           {"hub", "hub/profile", "hub/vocab"},
	"hub/gate":               {}, // shares nothing with the builder
	// the stages, each resting on the one before it
	"hub/intake":    {"hub", "hub/stix"},
	"hub/validate":  {"hub", "hub/stix", "hub/stix/pattern", "hub/intake", "schemas"},
	"hub/anonymize": {"hub", "hub/stix", "hub/stix/pattern", "hub/register/...", "hub/profile", "hub/vocab", "hub/prose", "hub/analysis", "hub/validate", "hub/cells", "hub/warning"},
	"hub/review":    {"hub"},
	"hub/campaign":  {"hub", "hub/stix", "hub/stix/pattern", "hub/analysis", "hub/anonymize", "hub/deliver", "hub/feedback"},
	"hub/release":   {"hub", "hub/advisory", "hub/edition", "hub/campaign", "hub/stix", "hub/stix/pattern", "hub/profile", "hub/vocab", "hub/analysis", "hub/gate", "hub/anonymize", "hub/review", "hub/deliver", "hub/feedback"},
	"hub/deliver":   {"hub", "hub/stix", "hub/gate", "hub/ledger", "hub/succession"},
	"hub/outbox":    {"hub", "hub/deliver", "hub/review"},
	"hub/lease":     {},
	// data
	"schemas": {},
	"web":     {},
	// adapters
	"internal/archtest":   {},
	"internal/beside":     {}, // of tests alone
	"internal/proportion": {},
	"internal/disguise":   {}, // shares nothing with either side
	"internal/locale":     {"hub", "web"},
	"internal/sealing":    {},
	"internal/keep":       {},
	"internal/keyring":    {"hub", "hub/succession", "internal/keep", "internal/sealing"},
	"internal/memory":     {"internal/keep"},
	"internal/natsbus":    {"hub", "hub/lease", "internal/keep"},
	"internal/store":      {"hub", "hub/feedback", "hub/find"},
	"internal/signin":     {"hub", "hub/review", "internal/roster", "internal/store"},
	"internal/webui":      {"hub/...", "internal/api", "internal/httpx", "internal/locale", "internal/outcome", "internal/ballot", "internal/conveyor", "internal/finder", "internal/reading", "internal/helpdesk", "internal/machine", "internal/notebook", "internal/notify", "internal/office", "internal/postbox", "internal/receipts", "internal/roster", "internal/signin", "internal/store", "internal/workbook", "web"},
	"internal/taxii":      {"hub", "hub/intake", "hub/stix", "internal/conveyor", "internal/httpx", "internal/keyring", "internal/locale", "internal/outcome", "internal/roster", "internal/signin", "internal/store"},
	"internal/overview":   {"hub", "hub/sector", "internal/store"},
	"internal/feeds":      {"hub", "hub/export", "hub/feedback", "hub/vocab", "hub/warning", "internal/httpx", "internal/reading", "internal/signin", "internal/store"},
	"internal/finder":     {"hub", "hub/find", "hub/sector", "hub/stix/pattern", "hub/vocab", "internal/store"},
	"internal/projection": {"hub/...", "internal/natsbus", "internal/store"},
	"internal/conveyor":   {"hub/...", "schemas", "internal/natsbus", "internal/keyring", "internal/sealing", "internal/roster"},
	"internal/ballot":     {"hub", "hub/feedback", "hub/stix", "internal/keyring", "internal/natsbus", "internal/roster", "internal/sealing", "internal/store"},
	"internal/peers":      {"hub", "internal/keyring", "internal/natsbus", "internal/sealing"},
	"internal/postbox":    {"hub", "hub/direct", "hub/review", "internal/keyring", "internal/natsbus", "internal/roster"},
	"internal/parts":      {"hub", "hub/feedback", "hub/vocab", "internal/natsbus", "internal/signin"},
	"internal/reading":    {"hub", "hub/vocab", "internal/finder", "internal/overview", "internal/store"},
	"internal/receipts":   {"hub", "hub/edition", "internal/reading", "internal/roster", "internal/store"},
	"internal/helpdesk":   {"hub", "hub/profile", "internal/keyring", "internal/natsbus"},
	"internal/workbook":   {"hub"},
	"internal/mail":       {"hub", "hub/notice"},
	"internal/notify":     {"hub", "hub/analysis", "hub/edition", "hub/notice", "internal/keyring", "internal/mail", "internal/roster", "internal/store", "internal/webhook"},
	"internal/webhook":    {"internal/outside"},
	"internal/outside":    {"hub"},
	"internal/upstream":   {"hub", "hub/advisory", "hub/vocab", "internal/outside"},
	"internal/metrics":    {"hub", "hub/review"},
	"internal/machine":    {"hub", "internal/keyring", "internal/member", "internal/roster", "internal/store"},
	"internal/office":     {"hub", "hub/anonymize", "hub/notice", "hub/profile", "hub/register", "hub/review", "internal/member", "internal/metrics", "internal/natsbus", "internal/roster", "internal/store"},
	"internal/roster":     {"hub", "hub/vocab", "hub/cells", "hub/profile", "hub/register", "hub/review", "hub/succession", "internal/natsbus"},
	"internal/outcome":    {"hub"},
	"internal/httpx":      {"hub", "hub/stix", "internal/locale", "internal/outcome"},
	"internal/api":        {"hub/...", "internal/store", "internal/reading", "internal/feeds", "internal/finder", "internal/httpx", "internal/locale", "internal/ballot", "internal/conveyor", "internal/notify", "internal/receipts", "internal/roster", "internal/signin"},
	"internal/member":     {"hub/...", "internal/sealing", "internal/locale"},
	"internal/outlet":     {"hub", "hub/deliver", "internal/webhook"},
	"internal/validation": {"hub/validate", "schemas"},
	"internal/console":    {"hub", "internal/locale", "internal/outcome"},
	"internal/purepath":   {"hub/..."},
	"internal/admin":      {"hub", "hub/feedback", "hub/vocab", "hub/cells", "hub/profile", "hub/review", "hub/succession", "internal/doctor", "internal/natsbus", "internal/node", "internal/roster"},
	"internal/backup":     {"internal/keep", "internal/natsbus", "internal/store"},
	"internal/retention":  {"internal/keyring", "internal/natsbus", "internal/notebook", "internal/store"},
	"internal/doctor":     {},
	"internal/dist":       {},
	"internal/node":       {"hub/...", "schemas", "internal/..."},
	"internal/canary":     {"hub/register/automaton"},
	"internal/faults":     {"hub/...", "internal/..."},
	"internal/simulation": {"hub", "hub/deliver", "hub/lease", "hub/outbox", "hub/review"},
	"internal/demo":       {"hub/...", "internal/..."},
	"internal/bench":      {"hub/...", "internal/..."},
	"internal/notebook":   {"hub", "hub/find", "hub/form", "internal/keyring", "internal/store"},
	"internal/plenty":     {"hub/...", "internal/projection", "internal/store"},
	"internal/quality":    {"hub/..."},
	"internal/training":   {"hub/profile", "hub/prose", "hub/prose/learned", "hub/prose/training", "hub/vocab"},
	// servers beside the hub, for tests and for who tries out
	"internal/cluster":       {"internal/natsbus"},
	"internal/cluster/three": {"internal/cluster"},
	// the attack suite: what writes its reports, and the adversaries, know nothing of the anonymizer
	"internal/attack":           {"hub/...", "internal/attack/..."},
	"internal/attack/sentences": {},
	"internal/attack/world":     {"hub", "hub/stix", "hub/register/synthetic", "internal/attack/sentences", "internal/disguise"},
	"internal/attack/adversary": {"hub"},
	"internal/sample":           {"hub", "hub/stix", "hub/register/..."},
	"internal/hubtest":          {"hub/...", "internal/..."},
	"internal/e2e":              {"hub/...", "internal/...", "cmd/..."},
	"cmd/isacd":                 {"hub/...", "schemas", "internal/...", "web"},
	"cmd/isac":                  {"hub/...", "schemas", "internal/locale", "internal/sealing", "internal/member", "internal/outcome", "internal/outlet", "internal/console", "internal/purepath", "internal/validation", "internal/workbook", "web"},
}

// impure are standard packages that hub/** must not know: they read the world.
var impure = []string{"os", "os/exec", "net", "net/http", "database/sql", "log", "log/slog", "context", "math/rand", "math/rand/v2", "crypto/rand", "io/ioutil", "syscall"}

// gateMay is what else hub/gate may import besides the standard library.
const gateMay = "golang.org/x/text/"

const module = "isac/"

type file struct {
	path, pkg string
	test      bool
	imports   []string
}

func TestImports(t *testing.T) {
	files := goFiles(t)
	if len(files) < 30 {
		t.Fatalf("only %d files found: the walk is broken", len(files))
	}
	for _, f := range files {
		rule, ok := allowed[f.pkg]
		if !ok {
			t.Errorf("%s: package %s has no room in the table", f.path, f.pkg)
			continue
		}
		for _, imp := range f.imports {
			checkImport(t, f, rule, imp)
		}
	}
}

func checkImport(t *testing.T, f file, rule []string, imp string) {
	t.Helper()
	inner, own := strings.CutPrefix(imp, module)
	switch {
	case own && strings.HasPrefix(inner, "cmd/") && f.pkg != "internal/e2e":
		t.Errorf("%s imports %s: nothing imports cmd", f.path, inner)
	case own && !f.test && !permitted(rule, inner) && inner != f.pkg:
		t.Errorf("%s may not import %s", f.path, inner)
	case !own && !f.test && strings.HasPrefix(f.pkg, "hub") && slices.Contains(impure, imp):
		t.Errorf("%s imports %s: hub/** is pure", f.path, imp)
	case !own && !f.test && f.pkg == "hub/gate" && strings.Contains(imp, ".") && !strings.HasPrefix(imp, gateMay):
		t.Errorf("%s imports %s: the gate has the standard library and x/text only", f.path, imp)
	}
	if strings.Contains(imp, "jsonschema/v5/httploader") {
		t.Errorf("%s imports the network loader of schemas", f.path)
	}
}

func permitted(rule []string, pkg string) bool {
	for _, r := range rule {
		if dir, tree := strings.CutSuffix(r, "/..."); r == pkg || tree && (pkg == dir || strings.HasPrefix(pkg, dir+"/")) {
			return true
		}
	}
	return false
}

// goFiles reads the imports of every Go file of the module.
func goFiles(t *testing.T) []file {
	t.Helper()
	root := "../.."
	var files []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := readFile(root, path)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readFile(root, path string) (file, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return file{}, err
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	ast, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
	if err != nil {
		return file{}, err
	}
	f := file{path: rel, pkg: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(path, "_test.go")}
	for _, i := range ast.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return file{}, err
		}
		f.imports = append(f.imports, name)
	}
	return f, nil
}
