package advisory

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/vocab"
)

//go:embed texts.toml
var textsFile string

// texts are what the hub says, by key; a test reads them all.
var texts = sync.OnceValue(func() map[string]hub.Text {
	out := map[string]hub.Text{}
	err := toml.Unmarshal([]byte(textsFile), &out)
	if err != nil {
		panic("advisory: " + err.Error()) // an embedded file
	}
	return out
})

// said is a text of the hub with a word filled in.
func said(key string, fill hub.Text) hub.Text {
	t, ok := texts()[key]
	if !ok {
		panic("advisory: no text " + key)
	}
	return hub.Text{JA: strings.ReplaceAll(t.JA, "{0}", fill.JA), EN: strings.ReplaceAll(t.EN, "{0}", fill.EN)}
}

func both(s string) hub.Text { return hub.Text{JA: s, EN: s} }

// Note is what the hub says beside the notice, in the form of an alert's analysis: what it
// concerns, and what to do. Nothing of it but the title is the publisher's.
func (a Advisory) Note(version int, l *analysis.Library, v *vocab.Vocab) analysis.Analysis {
	lines := []hub.Text{said("source", both(a.Source))}
	if version > 1 {
		lines = append(lines, said("version", both(strconv.Itoa(version))))
	}
	if a.Exploited {
		lines = append(lines, said("exploited", hub.Text{}))
	}
	if len(a.Products) > 0 {
		lines = append(lines, said("products", listed(v, hub.Product, a.Products)))
	} else {
		lines = append(lines, said("no-products", hub.Text{}))
	}
	if len(a.CVEs) > 0 {
		lines = append(lines, said("cves", hub.Text{JA: strings.Join(a.CVEs, "、"), EN: strings.Join(a.CVEs, ", ")}))
	}
	if len(a.Techniques) > 0 {
		lines = append(lines, said("techniques", listed(v, hub.Technique, a.Techniques)))
	}
	todo := []hub.Text{said("check", hub.Text{}), said("soon", hub.Text{})}
	if a.Exploited {
		todo[1] = said("now", hub.Text{})
	}
	title := said("title", hub.Text{})
	return analysis.Analysis{
		Title:    hub.Text{JA: title.JA + a.Title, EN: title.EN + a.Title},
		Severity: a.Severity(),
		Sections: []analysis.Section{{ID: "summary", Lines: lines}, {ID: "today", Lines: todo}},
	}.WithHeadings(l)
}

// listed are the labels of entries of the vocabulary.
func listed(v *vocab.Vocab, class hub.Class, ids []string) hub.Text {
	var ja, en []string
	for _, id := range ids {
		t, ok := v.Label(class, id)
		if !ok {
			continue // of an older vocabulary
		}
		if class == hub.Technique {
			t = hub.Text{JA: fmt.Sprintf("%s %s", id, t.JA), EN: fmt.Sprintf("%s %s", id, t.EN)}
		}
		ja, en = append(ja, t.JA), append(en, t.EN)
	}
	return hub.Text{JA: strings.Join(ja, "、"), EN: strings.Join(en, ", ")}
}

// OwnTexts are the texts of the hub's notes, in the pieces between what is filled in.
func OwnTexts() []string {
	var out []string
	for _, t := range texts() {
		out = append(out, strings.Split(t.JA, "{0}")...)
		out = append(out, strings.Split(t.EN, "{0}")...)
	}
	return out
}
