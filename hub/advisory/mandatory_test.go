package advisory

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"isac/hub"
)

// mandatory are the tests of CSAF 2.0, section 6.1, that apply to what a document of the hub
// can hold; it has no scores, groups, relationships, remediations, flags, involvements, file
// hashes nor product versions. Each names the first thing that is wrong, or "".
var mandatory = map[string]func(d document) string{
	"6.1.1 missing definition of product id": func(d document) string {
		return firstOf(d.statusIDs(), func(id string) bool { return !slices.Contains(d.productIDs(), id) })
	},
	"6.1.2 multiple definition of product id": func(d document) string { return twice(d.productIDs()) },
	"6.1.6 contradicting product status": func(d document) string {
		for _, v := range d.Vulnerabilities {
			var all []string
			for _, ids := range v.Status {
				all = append(all, ids...)
			}
			if is := twice(all); is != "" {
				return is
			}
		}
		return ""
	},
	"6.1.12 language": func(d document) string {
		return firstOf([]string{d.Document.Lang}, func(l string) bool { return !slices.Contains([]string{"ja", "en"}, l) })
	},
	"6.1.14 sorted revision history": func(d document) string {
		byDate, byNumber := slices.Clone(d.history()), slices.Clone(d.history())
		slices.SortStableFunc(byDate, func(a, b revision) int { return a.Date.Compare(b.Date) })
		slices.SortStableFunc(byNumber, func(a, b revision) int { return a.number() - b.number() })
		if !slices.Equal(byDate, byNumber) {
			return "the history"
		}
		return ""
	},
	"6.1.15 translator": func(d document) string { return isOne(d.Document.Publisher.Category, "translator") },
	"6.1.16 latest document version": func(d document) string {
		h := slices.MaxFunc(d.history(), func(a, b revision) int { return a.Date.Compare(b.Date) })
		if h.Number != d.Document.Tracking.Version {
			return h.Number
		}
		return ""
	},
	"6.1.17 draft": func(d document) string {
		if d.Document.Tracking.Version == "0" {
			return d.Document.Tracking.Status
		}
		return ""
	},
	"6.1.18 released revision history": func(d document) string {
		return firstOf(d.numbers(), func(n string) bool { return n == "0" || strings.HasPrefix(n, "0.") })
	},
	"6.1.19 pre-release": func(d document) string {
		return firstOf(d.numbers(), func(n string) bool { return strings.Contains(n, "-") })
	},
	"6.1.20 non-draft document version": func(d document) string {
		if strings.Contains(d.Document.Tracking.Version, "-") {
			return d.Document.Tracking.Version
		}
		return ""
	},
	"6.1.21 missing item in revision history": func(d document) string {
		for n := range d.history() {
			if !slices.Contains(d.numbers(), strconv.Itoa(n+1)) {
				return strconv.Itoa(n + 1)
			}
		}
		return ""
	},
	"6.1.22 multiple definition in revision history": func(d document) string { return twice(d.numbers()) },
	"6.1.23 multiple use of same CVE": func(d document) string {
		var all []string
		for _, v := range d.Vulnerabilities {
			all = append(all, v.CVE)
		}
		return twice(all)
	},
	"6.1.26 prohibited document category name": func(d document) string {
		return firstOf([]string{d.Document.Category}, func(c string) bool { return c != "csaf_base" }) // a name that looks like a profile's is none
	},
	"6.1.28 translation": func(d document) string { return d.Document.SourceLang },
	"6.1.30 mixed versioning": func(d document) string {
		return firstOf(append(d.numbers(), d.Document.Tracking.Version), func(n string) bool { return !regexp.MustCompile(`^[1-9][0-9]*$`).MatchString(n) })
	},
	"schema: texts that must not be empty": func(d document) string {
		texts := []string{d.Document.Title, d.Document.Publisher.Name, d.Document.Tracking.ID}
		for _, h := range d.history() {
			texts = append(texts, h.Summary)
		}
		for _, n := range d.Document.Notes {
			texts = append(texts, n.Text, n.Title, n.Category)
		}
		for _, r := range d.Document.References {
			texts = append(texts, r.Summary, r.URL)
		}
		for _, p := range d.Tree.Names {
			texts = append(texts, p.ID, p.Name)
		}
		if slices.Contains(texts, "") || len(d.Document.Notes) == 0 || len(d.history()) == 0 {
			return fmt.Sprintf("%q", texts)
		}
		return ""
	},
	"schema: addresses": func(d document) string {
		all := []string{d.Document.Publisher.Namespace}
		for _, r := range d.Document.References {
			all = append(all, r.URL)
		}
		return firstOf(all, func(s string) bool { u, err := url.Parse(s); return err != nil || !u.IsAbs() })
	},
	"schema: names of vulnerabilities and of the document": func(d document) string {
		for _, v := range d.Vulnerabilities {
			if !regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,}$`).MatchString(v.CVE) {
				return v.CVE
			}
		}
		return firstOf([]string{d.Document.Tracking.ID}, func(s string) bool { return !regexp.MustCompile(`^[\S](.*[\S])?$`).MatchString(s) })
	},
}

// document is what the tests read.
type document struct {
	Document struct {
		Category, Title, Lang string
		SourceLang            string `json:"source_lang"`
		Publisher             struct{ Category, Name, Namespace string }
		Notes                 []struct{ Category, Title, Text string }
		References            []struct{ Category, Summary, URL string }
		Tracking              struct {
			ID, Status, Version string
			History             []revision `json:"revision_history"`
		}
	}
	Tree struct {
		Names []struct {
			ID   string `json:"product_id"`
			Name string
		} `json:"full_product_names"`
	} `json:"product_tree"`
	Vulnerabilities []struct {
		CVE    string
		Status map[string][]string `json:"product_status"`
	}
}

type revision struct {
	Date            time.Time
	Number, Summary string
}

func (r revision) number() int { n, _ := strconv.Atoi(r.Number); return n }

func (d document) history() []revision { return d.Document.Tracking.History }

func (d document) numbers() (out []string) {
	for _, h := range d.history() {
		out = append(out, h.Number)
	}
	return out
}

func (d document) productIDs() (out []string) {
	for _, p := range d.Tree.Names {
		out = append(out, p.ID)
	}
	return out
}

func (d document) statusIDs() (out []string) {
	for _, v := range d.Vulnerabilities {
		for _, ids := range v.Status {
			out = append(out, ids...)
		}
	}
	return out
}

func twice(list []string) string {
	slices.Sort(list)
	for i := 1; i < len(list); i++ {
		if list[i] == list[i-1] {
			return list[i]
		}
	}
	return ""
}

func firstOf(list []string, bad func(string) bool) string {
	for _, s := range list {
		if bad(s) {
			return fmt.Sprintf("%q", s)
		}
	}
	return ""
}

func isOne(s, other string) string {
	if s == other {
		return s
	}
	return ""
}

// TestDocumentsPassTheMandatoryTests: of notices with everything, with nothing and with what
// publishers write wrongly, the document passes.
func TestDocumentsPassTheMandatoryTests(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(len(files), err)
	}
	full := sample()
	full.CVEs, full.Products, full.Exploited, full.URLs = []string{"CVE-2018-13379", "CVE-2018-13379", "CVE-2024-0001"}, []string{"fortinet-fortios", "fortinet-fortios", "nothing-known"}, true, []string{"https://p.example.com/1", "https://p.example.com/1"}
	bare := sample()
	bare.Title, bare.Publisher, bare.URLs = "", "", []string{"https://p.example.com/2"}
	all := []Advisory{full, bare, sample()}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Read(archive.Files[0].Data, Source{Name: "source", TLP: hub.TLPGreen}, words)
		if err == nil { // else it is a case of what isn't read
			all = append(all, list...)
		}
	}
	if len(all) < 15 {
		t.Fatalf("only %d notices", len(all))
	}
	for _, a := range all {
		for versions := 1; versions < 13; versions += 11 {
			i := Issue{Hub: "Sector ISAC", Base: "https://hub.example.org", Version: versions}
			for n := range versions {
				i.Versions = append(i.Versions, day.Add(time.Duration(n)*time.Minute))
			}
			data, err := a.Document(i, words)
			if err != nil {
				t.Fatal(err)
			}
			for name, wrong := range check(t, data) {
				t.Errorf("%s, %d versions: %s: %s", a.Key, versions, name, wrong)
			}
		}
	}
}

func check(t *testing.T, data []byte) map[string]string {
	t.Helper()
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, test := range mandatory {
		if wrong := test(d); wrong != "" {
			out[name] = wrong
		}
	}
	return out
}

// TestTheMandatoryTestsCanFail: each finds what is wrong.
func TestTheMandatoryTestsCanFail(t *testing.T) {
	a := sample()
	a.CVEs, a.Products, a.URLs = []string{"CVE-2018-13379", "CVE-2024-0001"}, []string{"fortinet-fortios"}, []string{"https://p.example.com/1"}
	data, err := a.Document(Issue{Hub: "Sector ISAC", Base: "https://hub.example.org", Version: 2, Versions: []time.Time{day, day.Add(time.Hour)}}, words)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, change := range [][2]string{
		{`"product_id": "fortinet-fortios"`, `"product_id": "other"`},
		{`"under_investigation": [`, `"known_affected": ["fortinet-fortios"], "under_investigation": [`},
		{`"full_product_names": [`, `"full_product_names": [{"product_id": "fortinet-fortios", "name": "n"},`},
		{`"lang": "ja"`, `"lang": "xx", "source_lang": "ja"`},
		{`"number": "1"`, `"number": "3"`},
		{`"category": "coordinator"`, `"category": "translator"`},
		{`"version": "2"`, `"version": "0"`},
		{`"version": "2"`, `"version": "2-rc"`},
		{`"number": "1"`, `"number": "0"`},
		{`"number": "1"`, `"number": "1-rc"`},
		{`"number": "1"`, `"number": "2"`},
		{`"CVE-2024-0001"`, `"CVE-2018-13379"`},
		{`"CVE-2024-0001"`, `"CVE-24-1"`},
		{`"category": "csaf_base"`, `"category": "Security Advisory"`},
		{`"title": "Sector ISAC"`, `"title": ""`},
		{`"https://p.example.com/1"`, `"p.example.com"`},
	} {
		changed := strings.Replace(string(data), change[0], change[1], 1)
		if changed == string(data) {
			t.Fatalf("%s isn't there", change[0])
		}
		for name := range check(t, []byte(changed)) {
			found[name] = true
		}
	}
	for name := range mandatory {
		if !found[name] {
			t.Errorf("nothing fails %s", name)
		}
	}
}
