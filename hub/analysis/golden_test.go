package analysis_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/vocab"
)

var update = flag.Bool("update", false, "write what comes out into the golden cases")

// TestGolden reads each case's facts and wants its pages word for word. The
// comment of a case says why it is there.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) < 12 {
		t.Fatalf("want at least 12 cases, have %d (%v)", len(cases), err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(data)
	if !bytes.HasPrefix(ar.Comment, []byte("Why: ")) {
		t.Fatal("a case starts with a sentence \"Why: …\"")
	}
	in := inputOf(t, section(ar, "facts"))
	a := analysis.Write(in)
	got := []txtar.File{
		{Name: "facts", Data: section(ar, "facts")},
		{Name: "verdict", Data: verdict(a)},
		{Name: "ja", Data: []byte(a.Text("ja"))},
		{Name: "en", Data: []byte(a.Text("en"))},
	}
	if *update {
		out := txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: got})
		if err := os.WriteFile(path, out, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, f := range got {
		if diff := cmp.Diff(string(section(ar, f.Name)), string(f.Data)); diff != "" {
			t.Errorf("%s differs (-want +got); go test -update writes it:\n%s", f.Name, diff)
		}
	}
}

func section(ar *txtar.Archive, name string) []byte {
	for _, f := range ar.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// verdict is what machines and reviewers read, one thing a line.
func verdict(a analysis.Analysis) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "severity %s\nthin %v\nmissing %s\ntechniques %s\n", a.Severity, a.Thin, strings.Join(a.Missing, " "), strings.Join(a.Techniques, " "))
	for _, action := range a.Actions {
		fmt.Fprintf(&b, "%s %s %s %s [%s]\n", action.When, action.ID, action.Mitigation, strings.Join(action.Techniques, " "), strings.Join(action.Checklist, " "))
	}
	for _, d := range a.Detections {
		fmt.Fprintf(&b, "detect %s %s\n", d.ID, strings.Join(d.Techniques, " "))
	}
	return b.Bytes()
}

// inputOf reads a case: settings ("stage flash") and facts, one a line:
//
//	class value confidence [step]
//	indicator kind value…
func inputOf(t testing.TB, data []byte) analysis.Input {
	in := analysis.Input{Stage: hub.Full, Profile: profile.HealthcareJP()}
	lists := map[string][]string{}
	scan := bufio.NewScanner(bytes.NewReader(data))
	for scan.Scan() {
		w := strings.Fields(scan.Text())
		switch {
		case len(w) == 0:
		case w[0] == "stage":
			in.Stage = hub.Stage(w[1])
		case w[0] == "tlp":
			in.TLP = hub.TLP(w[1])
		case w[0] == "profile":
			in.Profile = profile.LocalGovernmentJP()
		case w[0] == "related":
			n, err := strconv.ParseUint(w[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			in.Related = append(in.Related, analysis.Reference{Number: n, ID: w[2]})
		case w[0] == "exploited", w[0] == "unfixed", w[0] == "seen":
			lists[w[0]] = w[1:]
		case w[0] == "indicator":
			value := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "indicator "+w[1]))
			in.Facts = append(in.Facts, hub.Fact{Class: hub.Indicator, Kind: hub.Kind(w[1]), Value: value, Confidence: hub.Confirmed})
		case len(w) >= 3:
			in.Facts = append(in.Facts, factOf(t, w))
		default:
			t.Fatalf("can't read line %q", scan.Text())
		}
	}
	in.Vocab = vocab.Default(in.Profile)
	in.Known = analysis.Known{Exploited: lists["exploited"], Unfixed: lists["unfixed"], Routes: lists["seen"]}
	return in
}

// factOf reads "family Black_Basta likely 2"; an underline stands for a space.
func factOf(t testing.TB, w []string) hub.Fact {
	f := hub.Fact{Class: hub.Class(w[0]), Value: strings.ReplaceAll(w[1], "_", " "), Confidence: hub.Confidence(w[2])}
	if len(w) == 4 {
		n, err := strconv.Atoi(w[3])
		if err != nil {
			t.Fatalf("can't read step of %q", w)
		}
		f.Step = n
	}
	return f
}

// exampleInput is the case that the project holds itself to.
func exampleInput(t testing.TB) analysis.Input {
	data, err := os.ReadFile("testdata/contractor-vpn-full.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return inputOf(t, section(txtar.Parse(data), "facts"))
}
