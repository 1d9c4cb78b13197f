package profile_test

import (
	"os"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
)

const desks = `
[[desks]]
id = "small"
name = { ja = "小規模窓口", en = "desk for small ones" }
telephone = "03-0000-0001"
bands = ["20-49", "50-99"]

[[desks]]
id = "large"
name = { ja = "大規模窓口", en = "desk for large ones" }
telephone = "03-0000-0002"
rest = true
`

func TestADeskIsChosenBySize(t *testing.T) {
	file, err := os.ReadFile("healthcare-jp.toml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load([]byte(string(file) + desks))
	if err != nil {
		t.Fatal(err)
	}
	for band, want := range map[string]string{"20-49": "small", "50-99": "small", "500-": "large", "": "large"} {
		if got := p.DeskOf(hub.Organisation{Band: band}).ID; got != want {
			t.Errorf("band %q calls %s, want %s", band, got, want)
		}
	}
	if got := profile.HealthcareJP().DeskOf(hub.Organisation{Band: "20-49"}).ID; got != profile.SecretariatDesk {
		t.Errorf("without desks %s is called", got)
	}
	for bad, part := range map[string]string{
		"no number":    `telephone = "03-0000-0001"`,
		"no bands":     `bands = ["20-49", "50-99"]`,
		"no name":      `name = { ja = "小規模窓口", en = "desk for small ones" }`,
		"reserved id":  `id = "small"`,
		"the same ids": `id = "large"`,
	} {
		replaced := map[string]string{"reserved id": `id = "secretariat"`, "the same ids": `id = "small"`}[bad]
		_, err := profile.Load([]byte(string(file) + strings.Replace(desks, part, replaced, 1)))
		if err == nil {
			t.Errorf("%s: taken", bad)
		}
	}
}
