package anonymize_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/register"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// TestAlerts takes each case on to the bytes of its alert, through the gate: none is
// held, none holds what it must never, and what stands in it is what the case says.
func TestAlerts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	gates := map[string]release.Gate{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := anonymize.ReadCase(t, file)
			g, ok := gates[c.Profile.ID]
			if !ok {
				compiled, err := gate.Compile(c.List.Header(), c.List.Rows())
				if err != nil {
					t.Fatal(err)
				}
				g = release.Gate{Register: compiled, Own: release.OwnTexts(vocab.Default(c.Profile), c.Profile)}
				gates[c.Profile.ID] = g
			}
			g.LeftOut = c.Pair.LeftOut
			checkAlert(t, file, c, g)
		})
	}
}

// random are the ids and digests of an alert: they hold any short number.
var random = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b`)

func checkAlert(t *testing.T, file string, c anonymize.Case, g release.Gate) {
	t.Helper()
	p := release.Params{
		Number: 1, FirstNumber: 1, Published: anonymize.Received, FirstPublished: anonymize.Received, Kind: hub.Released, Vocab: vocab.Default(c.Profile),
		BaseURL: "https://isac.invalid",
		Hub:     release.Identity{ID: stix.NameID("identity", "cases"), Name: "ISAC", Created: anonymize.Received},
	}
	d, alert, err := release.Settle(c.Anonymize, c.Pair.Full, p, g, anonymize.Seeded(2))
	if err != nil {
		t.Fatal(err)
	}
	folded := register.Fold(random.ReplaceAllString(string(alert), " "))
	for _, s := range c.Never {
		if strings.Contains(folded, register.Fold(s)) {
			t.Errorf("the alert holds %q", s)
		}
	}
	got := tell(t, alert)
	for _, f := range c.Pair.Full.Body().Facts {
		if !hasKey(d.Body().Facts, f.Key()) {
			got += "stopped by the gate: " + f.Key() + "\n"
		}
	}
	if !anonymize.UpdateAlert(t, file, got) && got != c.Alert {
		t.Errorf("alert differs; have\n%s", got)
	}
}

func hasKey(facts []hub.Fact, key string) bool {
	for _, f := range facts {
		if f.Key() == key {
			return true
		}
	}
	return false
}

// tell writes the objects of an alert in a line each, without what every alert has.
func tell(t *testing.T, alert []byte) string {
	t.Helper()
	b, err := stix.ParseBundle(alert, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, o := range b.Objects {
		switch o.Type() {
		case "indicator":
			fmt.Fprintf(&out, "%s %s\n", o.Type(), o.Str("pattern"))
		case "report", "malware", "tool", "intrusion-set", "vulnerability", "attack-pattern":
			fmt.Fprintf(&out, "%s %s\n", o.Type(), o.Str("name"))
		case "campaign":
			for _, l := range o.Strs("labels") {
				fmt.Fprintf(&out, "%s %s\n", o.Type(), l)
			}
		}
	}
	return out.String()
}
