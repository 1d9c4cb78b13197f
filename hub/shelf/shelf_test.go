package shelf_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/shelf"
)

// Every document of the program is there in both languages, for every sector that the
// program knows, with nothing left to be filled in and nothing of another sector.
func TestTheProgramsDocuments(t *testing.T) {
	for _, p := range []*profile.Profile{profile.HealthcareJP(), profile.LocalGovernmentJP()} {
		list := shelf.Default(p).Documents()
		if len(list) < 6 {
			t.Fatalf("%s: %d documents", p.ID, len(list))
		}
		phases := map[shelf.Phase]bool{}
		for _, d := range list {
			for _, f := range d.Phases {
				phases[f] = true
			}
			if len(d.Actions) == 0 {
				t.Errorf("%s is linked from no action", d.ID)
			}
			for _, lang := range []string{"ja", "en"} {
				page, in := d.HTML(lang)
				if in != lang || len(page) < 500 || strings.ContainsAny(page, "{}") || strings.Contains(page, "omitted") {
					t.Errorf("%s of %s in %s: %d bytes in %q", d.ID, p.ID, lang, len(page), in)
				}
				if p.ID != "healthcare-jp" && (strings.Contains(page, "病院") || strings.Contains(page, "hospital")) {
					t.Errorf("%s speaks of another sector than %s", d.ID, p.ID)
				}
			}
		}
		if len(phases) != len(shelf.Phases()) {
			t.Errorf("%s: documents for %v only", p.ID, phases)
		}
	}
}

const one = `
[[document]]
id = "x"
title = { ja = "題", en = "title" }
about = { ja = "説明", en = "about" }
readers = ["beginner"]
phases = ["prevent"]
`

func load(index string, files map[string]string) (*shelf.Shelf, error) {
	folder := fstest.MapFS{"shelf.toml": {Data: []byte(index)}}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return shelf.Load(folder, profile.HealthcareJP(), analysis.Default())
}

// What an operator writes can't take the page over, load from elsewhere or break the
// order of headings.
func TestMarkdownIsHarmless(t *testing.T) {
	s, err := load(one+`file = { en = "x.md" }`, map[string]string{"x.md": "# Title\n\n## A\n\n#### B {noun}\n\n<script>alert(1)</script>\n\n<b onclick=x>b</b> [j](javascript:alert(1)) [d](data:text/html,x) " +
		"[v](VBSCRIPT:x) [ok](https://example.org/ \"<table>\") ![a *picture*](https://evil.example/x.png)\n\n<https://example.org/b>\n\n| a | b |\n|:-|-:|\n| 1 | <i>2</i> |\n\n`<table>`\n"})
	if err != nil {
		t.Fatal(err)
	}
	d, _ := s.Document("x")
	page, in := d.HTML("ja")
	if in != "en" {
		t.Errorf("the only language is %q", in)
	}
	tree, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	may := strings.Fields("html head body p a em h2 h3 table thead tbody tr th td code div")
	count := map[string]int{}
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if !slices.Contains(may, n.Data) {
			t.Errorf("<%s> in %s", n.Data, page)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "href" && (a.Val == "" || strings.HasPrefix(a.Val, "https://example.org/")), a.Key == "title" && n.Data == "a", a.Key == "class" && a.Val == "scroll", a.Key == "scope":
			default:
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	if count["h2"] != 1 || count["h3"] != 1 || count["table"] != 1 || count["em"] != 1 {
		t.Errorf("headings, tables or the picture's text are wrong: %v in %s", count, page)
	}
	if !strings.Contains(page, "hospital") {
		t.Error("the word of the sector isn't filled in")
	}
}

// An operator's folder stands beside the program's or in its place, its ids first.
func TestAnOperatorsFolder(t *testing.T) {
	own := strings.Replace(one, `"x"`, `"evidence"`, 1) + `file = { ja = "x.pdf" }`
	pdf := map[string]string{"x.pdf": "%PDF-1.7 …"}
	beside, err := load(own, pdf)
	if err != nil {
		t.Fatal(err)
	}
	all := len(shelf.Default(profile.HealthcareJP()).Documents())
	d, _ := beside.Document("evidence")
	if file, in := d.PDF("en"); len(beside.Documents()) != all || beside.Documents()[0].ID != "evidence" || in != "ja" || string(file) != pdf["x.pdf"] {
		t.Errorf("beside: %d documents, the PDF in %q", len(beside.Documents()), in)
	}
	instead, err := load("replace = true\n"+own, pdf)
	if err != nil || len(instead.Documents()) != 1 {
		t.Errorf("in its place: %v", err)
	}
	other, err := load("replace = true\n"+strings.Replace(one, "readers", "profiles = [\"other\"]\nreaders", 1)+`link = "https://example.org/x"`, nil)
	if err != nil || len(other.Documents()) != 0 {
		t.Errorf("of another sector: %v", err)
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	for wrong, want := range map[string]string{
		"":                                                  "either file or link",
		`link = "http://example.org/"`:                      "https",
		`link = "javascript:alert(1)"`:                      "https",
		`link = "https://u:p@example.org/"`:                 "https",
		`file = { ja = "../x.md" }`:                         "can't be read",
		`file = { ja = "y.md" }`:                            "can't be read",
		`file = { ja = "x.html" }`:                          ".md or .pdf",
		`file = { fr = "x.md" }`:                            "ja or en",
		`file = { ja = "x.pdf" }`:                           "no PDF",
		"file = { ja = \"x.md\" }\ncolour = 1":              "unknown key",
		"file = { ja = \"x.md\" }\nactions = [\"no-such\"]": "no-such",
		"file = { ja = \"x.md\" }\n" + one + `link = "https://example.org/"`: "twice",
	} {
		_, err := load(one+wrong, map[string]string{"x.md": "x", "x.html": "x", "x.pdf": "x"})
		fault, ok := shelf.FaultOf(err)
		if !ok || !strings.Contains(fault.What, want) {
			t.Errorf("%q: %v, want %q", wrong, err, want)
		}
	}
	for from, to := range map[string]string{"beginner": "everybody", "prevent": "never", `"x"`: `"X y"`, "説明": ""} {
		_, err := load(strings.Replace(one, from, to, 1)+`link = "https://example.org/"`, nil)
		if _, ok := shelf.FaultOf(err); !ok {
			t.Errorf("%q in place of %q is taken: %v", to, from, err)
		}
	}
	_, err := shelf.Load(fstest.MapFS{}, profile.HealthcareJP(), analysis.Default())
	if _, ok := shelf.FaultOf(err); !ok {
		t.Errorf("an empty folder: %v", err)
	}
}
