package advisory

import (
	"encoding/json"
	"strings"
	"time"
)

// kevEntry is one vulnerability of the catalogue of CISA.
type kevEntry struct {
	CVE     string `json:"cveID"`
	Vendor  string `json:"vendorProject"`
	Product string `json:"product"`
	Name    string `json:"vulnerabilityName"`
	Added   string `json:"dateAdded"` // "2026-11-20"
	Notes   string `json:"notes"`     // addresses, with semicolons between them
}

// kevPublisher is whose the catalogue is.
const kevPublisher = "CISA"

// readKEV reads the catalogue, which has no labels and no versions of its entries.
func readKEV(document []byte, s Source) ([]Advisory, error) {
	var c struct {
		Version string            `json:"catalogVersion"`
		List    []json.RawMessage `json:"vulnerabilities"`
	}
	err := json.Unmarshal(document, &c)
	if err != nil || c.Version == "" || c.List == nil {
		return nil, malformed()
	}
	var out []Advisory
	for _, raw := range c.List {
		var e kevEntry
		err := json.Unmarshal(raw, &e)
		if err != nil {
			continue
		}
		a := Advisory{
			authority: kevPublisher, Publisher: kevPublisher, Key: strings.ToUpper(strings.TrimSpace(e.CVE)), Title: e.Name, Named: []string{e.Vendor + " " + e.Product},
			CVEs: []string{e.CVE}, Exploited: true, TLP: s.TLP, Notice: notice("application/json", raw),
		}
		if a.Title == "" {
			a.Title = e.CVE
		}
		a.Updated, _ = time.Parse(time.DateOnly, e.Added)
		a.URLs = append(strings.FieldsFunc(e.Notes, func(r rune) bool { return r == ';' || r == ' ' }), "https://nvd.nist.gov/vuln/detail/"+a.Key)
		out = append(out, a)
	}
	return out, nil
}
