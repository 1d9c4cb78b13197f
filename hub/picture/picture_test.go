package picture_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/picture"
	"isac/hub/profile"
	"isac/hub/sector"
	"isac/hub/vocab"
	"isac/internal/locale"
)

var update = flag.Bool("update", false, "write what comes out into the golden pictures")

var words = vocab.Default(profile.HealthcareJP())

func page(lang string, l picture.Layout) picture.Page {
	return picture.Page{Lang: lang, Layout: l, Words: func(key string, args ...string) string { return locale.Text(lang, key, args...) }}
}

// path is an attack with a technique in most tactics, a sub-technique beside its
// parent, one that was revoked, and one that nobody knows.
var path = []string{"T1486", "T1190", "T1133", "T1078", "T1199", "T1021", "T1021.001", "T1076", "T1003.001", "T1110", "T1562.001", "T1059.001", "T1087.002", "T1490", "T1041", "T1219", "T9999"}

func bands(list string) []sector.Band {
	var out []sector.Band
	for _, r := range list {
		out = append(out, map[rune]sector.Band{'.': sector.None, '1': sector.Fewer, '2': sector.From10, '3': sector.From20}[r])
	}
	return out
}

// view is a sector over two years.
func view() sector.View {
	v := sector.View{Alerts: bands("11212233")}
	for q := range 8 {
		v.Quarters = append(v.Quarters, fmt.Sprintf("%d-Q%d", 2024+(q+3)/4, (q+3)%4+1))
	}
	row := func(class hub.Class, value, total, by string) {
		v.Rows = append(v.Rows, sector.Row{Name: sector.Name{Class: class, Value: value}, Total: bands(total)[0], Bands: bands(by)})
	}
	row(hub.Route, "vpn-appliance", "3", "11112223")
	row(hub.Route, "phishing-mail", "2", "1.1.11.1")
	row(hub.Weakness, "shared-admin-password", "3", "1111111.")
	for i, id := range path[:len(path)-1] {
		if id == "T1076" {
			continue // a fact has the id that replaced it
		}
		row(hub.Technique, id, string("3211"[i/5]), "1.1.1.1.")
	}
	row(hub.CVE, "CVE-2018-13379", "2", "11111...")
	row(hub.Family, "LockBit", "2", "1.11..11")
	row(hub.Tool, "Mimikatz", "1", ".......1")
	row(hub.Quarter, "2025-Q1", "1", ".......1")
	return v
}

func node(n, score int, title string, things ...picture.Thing) picture.Node {
	return picture.Node{Label: fmt.Sprint("Alert ", n), Title: title, Score: score, Shares: things}
}

func relations() (self picture.Node, related []picture.Node) {
	address := picture.Thing{Class: hub.Indicator, Label: "203[.]0[.]114[.]99"}
	family := picture.Thing{Class: hub.Family, Label: "LockBit"}
	vpn := picture.Thing{Class: hub.Route, Label: "VPN装置の弱点 / VPN appliance"}
	technique := picture.Thing{Class: hub.Technique, Label: "Remote Services: Remote Desktop Protocol"}
	return node(12, 0, "委託事業者のVPN装置経由でのランサムウェア", address), []picture.Node{
		node(11, 74, "VPN装置の脆弱性を悪用したランサムウェア", address, family, vpn),
		node(8, 41, "Ransomware, reached through a VPN appliance at a contractor", family, technique, vpn),
		node(5, 22, "フィッシングメールによる認証情報の窃取", technique),
		node(3, 12, "<b>&\"'", vpn),
	}
}

// drawn are all pictures of a page.
func drawn(p picture.Page) map[string]string {
	self, related := relations()
	p.Note = "Alert 12 · TLP:GREEN"
	return map[string]string{
		"path": picture.Path(p, words, analysis.Default(), path), "matrix": picture.Matrix(p, words, view()),
		"timeline": picture.Timeline(p, words, view()), "graph": picture.Graph(p, self, related),
		"path-empty": picture.Path(p, words, analysis.Default(), nil), "matrix-empty": picture.Matrix(p, words, sector.View{}),
		"timeline-empty": picture.Timeline(p, words, sector.View{}), "graph-empty": picture.Graph(p, self, nil),
	}
}

// TestGolden wants every picture byte for byte, and the same bytes again.
func TestGolden(t *testing.T) {
	for _, lang := range locale.Languages {
		for _, l := range picture.Layouts() {
			again := drawn(page(lang, l))
			for kind, got := range drawn(page(lang, l)) {
				if got != again[kind] {
					t.Errorf("%s isn't the same twice", kind)
				}
				if !strings.Contains(kind, "-empty") {
					golden(t, fmt.Sprintf("testdata/%s-%s-%s.svg", kind, lang, l), got)
				}
				check(t, kind, got)
			}
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "><", ">\n<")
	if *update {
		err := os.WriteFile(file, []byte(got), 0o644)
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs: look at it, then run with -update", filepath.Base(file))
	}
}

// What a picture shows is also said in words.
func TestPicturesAreToldInWords(t *testing.T) {
	svg := drawn(page("en", picture.Wide))
	for kind, want := range map[string][]string{
		"path":     {"Initial Access: T1078 Valid Accounts, T1133 External Remote Services, T1190", "Impact: T1486"},
		"matrix":   {"Exfiltration: T1041 (fewer than 10)", "Reconnaissance: none seen", "T1190 (20 or more)"},
		"timeline": {"Full alerts: Oct–Dec 2024 (fewer than 10)", "Mimikatz: Jul–Sep 2026 (fewer than 10)"},
		"graph":    {"Alert 11 (74/100 alike): 203[.]0[.]114[.]99, LockBit", "Alert 3"},
	} {
		for _, w := range want {
			if desc, _, _ := strings.Cut(svg[kind], "</desc>"); !strings.Contains(desc, w) {
				t.Errorf("%s doesn't say %q: %s", kind, w, desc)
			}
		}
	}
	if p := svg["path"]; strings.Contains(p, ">T1021<") || strings.Contains(p, "T1076") || strings.Contains(p, "T9999") || strings.Count(p, ">T1021.001<") != 1 {
		t.Error("a parent, a revoked id or an unknown one is drawn")
	}
	if !strings.Contains(svg["matrix"], "Oct–Dec 2024 to Jul–Sep 2026") || strings.Contains(svg["timeline"], "2025-Q1") {
		t.Error("the span isn't told, or the time of incidents is a row of its own")
	}
}

// A layer is what it was for one alert, and has bands for the sector.
func TestLayer(t *testing.T) {
	data, err := picture.Layer("n", "<d>", nil)
	if err != nil || !strings.Contains(string(data), `"techniques": []`) || !strings.Contains(string(data), `"domain": "enterprise-attack"`) {
		t.Errorf("an empty layer: %s %v", data, err)
	}
	data, err = picture.SectorLayer(page("en", picture.Wide), view())
	if err != nil || !strings.Contains(string(data), "\"techniqueID\": \"T1486\",\n      \"score\": 3,\n      \"comment\": \"20 or more\"") || strings.Contains(string(data), "LockBit") {
		t.Errorf("the sector's layer: %s %v", data, err)
	}
}
