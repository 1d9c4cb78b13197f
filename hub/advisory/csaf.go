package advisory

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"isac/hub"
)

// csaf is what is read of a document of CSAF 2.0 (OASIS Standard, 3.2). What else it says
// goes along in the notice.
type csaf struct {
	Document struct {
		Category  string `json:"category"`
		Version   string `json:"csaf_version"`
		Title     string `json:"title"`
		Publisher struct {
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
		} `json:"publisher"`
		Tracking struct {
			ID      string    `json:"id"`
			Status  string    `json:"status"`
			Version string    `json:"version"`
			Current time.Time `json:"current_release_date"`
		} `json:"tracking"`
		Distribution struct {
			TLP *struct {
				Label string `json:"label"`
			} `json:"tlp"`
		} `json:"distribution"`
		References []struct {
			URL string `json:"url"`
		} `json:"references"`
	} `json:"document"`
	Tree struct {
		Branches []branch  `json:"branches"`
		Names    []product `json:"full_product_names"`
	} `json:"product_tree"`
	Vulnerabilities []struct {
		CVE     string `json:"cve"`
		Threats []struct {
			Category string `json:"category"`
			Details  string `json:"details"`
		} `json:"threats"`
	} `json:"vulnerabilities"`
}

type product struct {
	Name string `json:"name"`
}

// branch is a place in the tree of products (3.1.2).
type branch struct {
	Category string   `json:"category"`
	Name     string   `json:"name"`
	Branches []branch `json:"branches"`
	Product  *product `json:"product"`
}

// deepest is how deep a tree of products is read.
const deepest = 30

// labels are the labels of CSAF: those of TLP 1, and of TLP 2 as CSAF 2.1 has them.
var labels = map[string]hub.TLP{
	"WHITE": hub.TLPClear, "CLEAR": hub.TLPClear, "GREEN": hub.TLPGreen, "AMBER": hub.TLPAmber, "AMBER+STRICT": hub.TLPAmberStrict, "RED": hub.TLPRed,
}

func readCSAF(document []byte, s Source) ([]Advisory, error) {
	var c csaf
	err := json.Unmarshal(document, &c)
	d := c.Document
	if err != nil || !strings.HasPrefix(d.Version, "2.") || d.Tracking.ID == "" {
		return nil, malformed() // the cause could quote the document
	}
	if d.Tracking.Status == "draft" {
		return nil, nil
	}
	a := Advisory{
		authority: cmp.Or(d.Publisher.Namespace, d.Publisher.Name), Publisher: d.Publisher.Name, Key: d.Tracking.ID, Version: d.Tracking.Version, Title: d.Title, Updated: d.Tracking.Current,
		TLP: s.TLP, Notice: notice("application/json", document),
	}
	if d.Distribution.TLP != nil {
		a.TLP = labels[strings.ToUpper(strings.TrimPrefix(d.Distribution.TLP.Label, "TLP:"))] // one that isn't known isn't passed on
	}
	for _, r := range d.References {
		a.URLs = append(a.URLs, r.URL)
	}
	for _, b := range c.Tree.Branches {
		b.names(&a, "", 0)
	}
	for _, p := range c.Tree.Names {
		a.Named = append(a.Named, p.Name)
	}
	for _, v := range c.Vulnerabilities {
		a.CVEs = append(a.CVEs, v.CVE)
		for _, t := range v.Threats {
			a.Exploited = a.Exploited || t.Category == "exploit_status" && exploited(t.Details)
		}
	}
	return []Advisory{a}, nil
}

// names takes the products of a branch as vendor and name; versions are no names.
func (b branch) names(a *Advisory, vendor string, depth int) {
	switch b.Category {
	case "vendor":
		vendor = b.Name
	case "product_name", "product_family":
		a.Named = append(a.Named, strings.TrimSpace(vendor+" "+b.Name))
	}
	if b.Product != nil && len(a.Named) == 0 {
		a.Named = append(a.Named, b.Product.Name)
	}
	if depth == deepest {
		return
	}
	for _, sub := range b.Branches {
		sub.names(a, vendor, depth+1)
	}
}

// exploited reads the words by which publishers say that something is exploited: a plain
// yes, or a sentence without a no in it.
func exploited(details string) bool {
	d := strings.ToLower(details)
	for _, no := range []string{"not ", "no ", "unlikely", "exploited:no", "ません", "ない", "なし"} {
		if strings.Contains(d, no) {
			return strings.Contains(d, "exploited:yes")
		}
	}
	return strings.Contains(d, "exploited") || strings.Contains(d, "in the wild") || strings.Contains(d, "悪用")
}
