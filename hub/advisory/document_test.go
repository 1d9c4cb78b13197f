package advisory

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
)

// TestDocument: what is written as CSAF 2.0 has all that the standard requires of a
// document (3.2.1), never a weaker label, and reads back as what it was.
func TestDocument(t *testing.T) {
	a := sample()
	a.CVEs, a.Products, a.Exploited, a.URLs = []string{"CVE-2018-13379"}, []string{"fortinet-fortios"}, true, []string{"https://p.example.com/1"}
	a.Notice = notice("text/plain", []byte("as it was <written> & \"so\""))
	for label, want := range map[hub.TLP]string{hub.TLPClear: "WHITE", hub.TLPGreen: "GREEN", hub.TLPAmber: "AMBER", hub.TLPAmberStrict: "RED"} {
		a.TLP = label
		data, err := a.Document(Issue{Hub: "Sector ISAC", Base: "https://hub.example.org", Version: 2, Versions: []time.Time{day, day.Add(time.Hour)}}, words)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Document struct {
				Category, Title string
				Version         string `json:"csaf_version"`
				Publisher       struct{ Category, Name, Namespace string }
				Distribution    struct {
					TLP struct{ Label string }
				}
				Notes    []struct{ Category, Text string }
				Tracking struct {
					ID, Status, Version string
					First               time.Time `json:"initial_release_date"`
					Last                time.Time `json:"current_release_date"`
					History             []struct {
						Date            time.Time
						Number, Summary string
					} `json:"revision_history"`
				}
			}
		}
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		c := d.Document
		if c.Category != "csaf_base" || c.Version != "2.0" || c.Title == "" || c.Publisher.Category != "coordinator" || c.Publisher.Name == "" || !strings.HasPrefix(c.Publisher.Namespace, "https://") || c.Distribution.TLP.Label != want {
			t.Errorf("%s", data)
		}
		k := c.Tracking
		if k.ID == "" || k.Status != "final" || k.Version != k.History[len(k.History)-1].Number || len(k.History) != 2 || !k.First.Equal(k.History[0].Date) || !k.Last.Equal(k.History[1].Date) || k.History[0].Summary == "" {
			t.Errorf("tracking %+v", k)
		}
		if !slices.ContainsFunc(c.Notes, func(n struct{ Category, Text string }) bool { return n.Text == a.Notice.Text }) {
			t.Error("the publisher's words aren't there as they were")
		}
		if want == "RED" {
			continue // which no hub takes
		}
		back, err := Read(data, Source{Name: "hub"}, words)
		if err != nil || len(back) != 1 {
			t.Fatal(len(back), err)
		}
		b := back[0]
		if b.Form != CSAF || !slices.Equal(b.CVEs, a.CVEs) || !slices.Equal(b.Products, a.Products) || !b.Exploited || b.TLP != label || !slices.Contains(b.URLs, a.URLs[0]) {
			t.Errorf("read back %+v", b)
		}
	}
}
