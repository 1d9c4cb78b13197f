package paper_test

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/locale"
)

// keep is a folder for what the tests draw, to look at.
var keep = flag.String("keep", "", "write what comes out into this folder")

// letters is the font of the tests. They need it, and say so.
func letters(t testing.TB) *paper.Font {
	t.Helper()
	file, err := os.Open(paper.Noto)
	if err != nil {
		lacks(t, "fonts-noto-cjk")
	}
	t.Cleanup(func() { _ = file.Close() })
	f, err := paper.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// attack has something to say in every section.
func attack(stage hub.Stage) analysis.Analysis {
	p := profile.HealthcareJP()
	var facts []hub.Fact
	add := func(class hub.Class, values ...string) {
		for _, v := range values {
			facts = append(facts, hub.Fact{Class: class, Value: v, Confidence: hub.Confirmed})
		}
	}
	add(hub.Route, "vpn-appliance", "contractor-link")
	add(hub.Technique, "T1190", "T1133", "T1199", "T1021.001", "T1003", "T1562.001", "T1486")
	add(hub.Weakness, "unpatched-device", "open-rdp", "shared-admin-password", "antivirus-removable")
	add(hub.Impact, "files-encrypted", "records-system-down")
	add(hub.CVE, "CVE-2018-13379")
	facts = append(facts, hub.Fact{Class: hub.Indicator, Kind: "ipv4-addr:value", Value: "198.51.100.24"})
	return analysis.Write(analysis.Input{Stage: stage, Facts: facts, Profile: p, Vocab: vocab.Default(p)})
}

func sheet(lang string, stage hub.Stage) paper.Sheet {
	a := attack(stage)
	var parts []paper.Part
	for _, p := range analysis.ReadText(a.Text(lang)) {
		parts = append(parts, paper.Part{ID: analysis.Default().SectionID(p.Heading), Part: p})
	}
	return paper.Fit(paper.Sheet{
		Lang: lang, Title: a.Title.In(lang), Head: locale.Text(lang, "web.alert.number", "42") + " · TLP:AMBER", Page: locale.Text(lang, "paper.page", "1", "1"),
		Rest: locale.Text(lang, "paper.rest", "42"),
	}, parts, func(n int) string { return locale.Text(lang, "paper.more", strconv.Itoa(n)) })
}

func TestASheetIsOnePageThatCanBeRead(t *testing.T) {
	f := letters(t)
	for _, lang := range locale.Languages {
		for _, stage := range []hub.Stage{hub.Flash, hub.Full} {
			s := sheet(lang, stage)
			data, err := paper.PDF(s, f)
			if err != nil {
				t.Fatal(err)
			}
			again, _ := paper.PDF(s, f)
			if string(again) != string(data) {
				t.Error("the same sheet gave other bytes")
			}
			dir := *keep
			if dir == "" {
				dir = t.TempDir()
			}
			file := filepath.Join(dir, lang+"-"+string(stage)+".pdf")
			err = os.WriteFile(file, data, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			if info := poppler(t, "pdfinfo", file); !strings.Contains(info, "Pages:           1\n") || !strings.Contains(info, "(A4)") {
				t.Errorf("%s %s: %s", lang, stage, info)
			}
			inside(t, s, poppler(t, "pdftotext", file, "-"))
		}
	}
}

// inside looks for every line of a sheet in the text of its PDF.
func inside(t *testing.T, s paper.Sheet, text string) {
	t.Helper()
	bare := strings.NewReplacer(" ", "", "\n", "", "\f", "", "•", "")
	text = bare.Replace(text)
	want := []string{s.Title, s.Head, s.Page, s.Rest}
	for _, p := range s.Parts {
		want = append(append(append(want, p.Heading), p.Lines...), p.More)
	}
	for _, line := range want {
		if !strings.Contains(text, bare.Replace(line)) {
			t.Errorf("%q isn't on the page:\n%s", line, text)
		}
	}
}

// poppler runs one of the tools of poppler-utils.
func poppler(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		lacks(t, "poppler-utils")
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

// lacks skips a test on a newcomer's machine, and says what is missing; where
// ISAC_PAPER is "required", as in CI, it fails.
func lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ISAC_PAPER") == "required" {
		t.Fatalf("%s is missing (Debian: apt-get install %[1]s)", what)
	}
	t.Skipf("%s is missing (Debian: apt-get install %[1]s)", what)
}
