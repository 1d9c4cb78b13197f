package release

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/gate"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// Identity is the hub as the creator of everything it releases. ID is one for the
// life of the hub; Created never changes.
type Identity struct {
	ID      string
	Name    string
	Created time.Time
}

// Params are what a release needs besides the approved draft.
type Params struct {
	Number         uint64     // of this entry, consecutive from 1
	Previous       hub.Digest // of the bundle with Number-1; zero for the first
	PreviousID     string     // its alert id; "" for the first
	Published      time.Time
	FirstNumber    uint64    // of the alert's first version; Number for a new alert
	FirstPublished time.Time // of the alert's first version; Published for a new alert
	Kind           hub.AlertKind
	TLP            hub.TLP
	Hub            Identity
	BaseURL        string // "https://hub.example.jp", no final slash
	Vocab          *vocab.Vocab
	// Known returns an object of the released log by id, in its newest version.
	Known func(id string) (stix.Object, bool)
}

// content is what an approved draft says, and nothing else.
type content struct {
	facts        []hub.Fact
	malwareTypes []string
	analysis     analysis.Analysis
	text         hub.Text // the whole page
}

// render writes the bundle of an alert to the alert profile.
func render(alert hub.Alert, c content, p Params) (rendered, error) {
	m := newMaker(alert, p)
	campaign := m.add("campaign", m.own("campaign", ""), stix.Object{
		"name": "ISAC alert " + strconv.FormatUint(p.FirstNumber, 10),
	})
	techniques := m.facts(c, campaign)
	m.actions(c.analysis, techniques)
	m.report(c)
	return m.bundle()
}

// renderRevoked writes the bundle that takes an alert back: the report alone,
// revoked.
func renderRevoked(alert hub.Alert, text hub.Text, p Params) (rendered, error) {
	m := newMaker(alert, p)
	m.report(content{analysis: analysis.Analysis{Title: text}, text: text})
	m.objects[len(m.objects)-2]["revoked"] = true
	return m.bundle()
}

func newMaker(alert hub.Alert, p Params) *maker {
	marking := stix.TLPMarking(alert.TLP)
	m := &maker{
		p: p, v: p.Vocab, alert: alert, now: stix.FormatTime(alert.Published),
		marking: marking.ID(), seen: map[string]bool{},
	}
	m.objects = append(m.objects, m.hubIdentity(), marking)
	if alert.TLP != hub.TLPClear {
		m.objects = append(m.objects, stix.TLPMarking(hub.TLPClear))
	}
	return m
}

// facts makes the objects that facts name and ties them to the campaign. It
// returns the ids of attack patterns by technique.
func (m *maker) facts(c content, campaign string) map[string]string {
	techniques := map[string]string{}
	var families []string
	for _, f := range c.facts {
		switch f.Class {
		case hub.Technique:
			if id := m.attackPattern(f); id != "" {
				techniques[f.Value] = id
				m.relate(campaign, "uses", id, false)
			}
		case hub.Family:
			id := m.malware(f, c.malwareTypes)
			families = append(families, id)
			m.relate(campaign, "uses", id, false)
		case hub.Tool:
			m.relate(campaign, "uses", m.tool(f), false)
		case hub.Group:
			m.relate(campaign, "attributed-to", m.actor(f), false)
		case hub.CVE:
			m.relate(campaign, "targets", m.vulnerability(f), false)
		}
	}
	m.indicators(c, campaign, families)
	return techniques
}

// maxIndicators is the largest number of indicators in one alert: with their
// relationships the bundle stays below 5,000 objects.
const maxIndicators = 2000

func (m *maker) indicators(c content, campaign string, families []string) {
	n := 0
	for _, f := range c.facts {
		if f.Class != hub.Indicator || n == maxIndicators {
			continue
		}
		n++
		id := m.indicator(f)
		m.relate(id, "indicates", campaign, false)
		if isHash(f.Kind) && len(families) == 1 {
			m.relate(id, "indicates", families[0], true)
		}
	}
}

func isHash(k hub.Kind) bool { return strings.HasPrefix(string(k), "file:hashes") }

func (m *maker) actions(a analysis.Analysis, techniques map[string]string) {
	for _, action := range a.Actions {
		id := m.courseOfAction(action)
		for _, t := range action.Techniques {
			if target, ok := techniques[t]; ok {
				m.relate(id, "mitigates", target, true)
			}
		}
	}
}

// report puts in the report that holds all, and its English text.
func (m *maker) report(c content) {
	id := "report--" + m.alert.ID
	m.add("report", id, stix.Object{
		"name":                c.analysis.Title.JA,
		"description":         c.text.JA + "\n\n" + c.text.EN,
		"report_types":        list(reportTypes(c.facts)),
		"published":           m.now,
		"lang":                "ja",
		"labels":              m.labels(),
		"external_references": m.references(),
	})
	m.add("language-content", m.own("language-content", ""), stix.Object{
		"object_ref": id, "object_modified": m.now,
		"contents": map[string]any{"en": map[string]any{
			"name": c.analysis.Title.EN, "description": c.text.EN,
		}},
	})
}

// reportTypes are of report-type-ov.
func reportTypes(facts []hub.Fact) []string {
	types := []string{"threat-report", "campaign"}
	for _, t := range []struct {
		class hub.Class
		name  string
	}{{hub.Technique, "attack-pattern"}, {hub.Indicator, "indicator"}, {hub.Family, "malware"}, {hub.Tool, "tool"}, {hub.CVE, "vulnerability"}, {hub.Group, "intrusion-set"}} {
		for _, f := range facts {
			if f.Class == t.class {
				types = append(types, t.name)
				break
			}
		}
	}
	return types
}

// rendered is a bundle's exact bytes, and what the hub issued with them.
type rendered struct {
	data   []byte
	issued *gate.Vocabulary
}

// bundle ties all objects to the report and writes the exact bytes.
func (m *maker) bundle() (rendered, error) {
	objects := ordered(m.objects)
	report := objects[len(objects)-1]
	var refs []any
	for _, o := range objects[:len(objects)-1] {
		refs = append(refs, o.ID())
	}
	report["object_refs"] = refs
	id := stix.NameID("bundle", m.alert.ID+" "+strconv.Itoa(m.alert.Version))
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": id, "objects": list(objects)})
	if err != nil {
		return rendered{}, fmt.Errorf("writing bundle: %w", err)
	}
	return rendered{data, issued(objects, m.p)}, nil
}

// backText says what became of an alert; never why in words of anybody's.
func backText(kind hub.AlertKind, number uint64) hub.Text {
	n := strconv.FormatUint(number, 10)
	if kind == hub.Recalled {
		return hub.Text{
			JA: "警報 " + n + " は回収されました。手元の写しをすべて削除してください。",
			EN: "Alert " + n + " has been recalled. Delete every copy that you hold.",
		}
	}
	return hub.Text{
		JA: "警報 " + n + " は取り下げられました。内容を対策に使わないでください。",
		EN: "Alert " + n + " has been withdrawn. Don't act on it any more.",
	}
}
