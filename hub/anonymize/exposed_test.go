package anonymize

import (
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
)

// TestRareProductsAreToldAsTheirClass: in a sector of few members a product that few of
// them show, and a flaw of it, are one fact; in a large one, and where the size isn't
// known, both are named. Common ones, and what no scan shows, always are.
func TestRareProductsAreToldAsTheirClass(t *testing.T) {
	class := "product:" + profile.HealthcareJP().Exposed.Class
	always := []string{"product:fortinet-fortios", "cve:CVE-2018-13379", "cve:CVE-2020-1472"}
	rare := []string{"product:f5-big-ip", "cve:CVE-2020-5902"}
	b := parse(t, []byte(`{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":[`+strings.Join([]string{
		exposedObject("vulnerability", 1, "CVE-2018-13379"), exposedObject("vulnerability", 2, "CVE-2020-1472"), exposedObject("vulnerability", 3, "CVE-2020-5902"),
		exposedObject("software", 4, "FortiOS"), exposedObject("software", 5, "BIG-IP"),
	}, ",")+`]}`))
	draft := func(members int, answers Answers) ([]string, Record) {
		a := New(Config{Members: members})
		pair, err := a.Draft(Input{Bundle: b, Answers: answers, Random: seeded(1), Received: received})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, f := range pair.Full.Body().Facts {
			if f.Class == hub.Product || f.Class == hub.CVE {
				keys = append(keys, f.Key())
			}
		}
		if _, err := a.Decode(pair.Full.Encode()); err != nil {
			t.Fatal(err)
		}
		if told := slices.Contains(keys, class); told != strings.Contains(string(pair.Full.Encode()), "F5 BIG-IP：CVE-2020-5902") {
			t.Errorf("%d members: the class is told: %v, and so is its list: %v", members, told, !told)
		}
		return keys, pair.Record
	}
	for members, want := range map[int][]string{0: slices.Concat(always, rare), 8182: slices.Concat(always, rare), 200: append(slices.Clone(always), class)} {
		got, record := draft(members, Answers{AllConfirmed: true})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d members: %q", members, got)
		}
		for _, c := range record.Classes() {
			if c.Pointer == "/objects/*/name" && c.Action != Stated {
				t.Errorf("%d members: the record says %s of %d", members, c.Action, c.Count)
			}
		}
	}
	for _, no := range []string{class, "product:f5-big-ip"} {
		got, _ := draft(200, Answers{AllConfirmed: true, Rejected: []string{no, "cve:CVE-2020-5902"}})
		if slices.Contains(got, class) {
			t.Errorf("without %s: %q", no, got)
		}
	}
}

func exposedObject(typ string, n int, name string) string {
	times := `"created":"2026-09-12T01:15:30.250Z","modified":"2026-09-12T01:15:30.250Z",`
	if typ == "software" {
		times = ""
	}
	return `{"type":"` + typ + `","spec_version":"2.1","id":"` + typ + `--00000000-0000-4000-8000-00000000000` + string(rune('0'+n)) + `",` + times + `"name":"` + name + `"}`
}
