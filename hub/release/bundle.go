package release

import (
	"slices"
	"strconv"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// content is what an approved draft says, and nothing else.
type content struct {
	facts        []hub.Fact
	malwareTypes []string
	analysis     analysis.Analysis
	proof        deliver.Proof
	related      []string
	clear        bool // with an edition for everybody
}

// render writes the bundle of an alert to the alert profile.
func render(alert hub.Alert, c content, p Params) (rendered, error) {
	m := newMaker(alert, p)
	m.proof, m.related, m.clear = c.proof, c.related, c.clear
	campaign := m.campaign(labels(alert.Stage, c.facts), false)
	techniques := m.names(c, campaign)
	m.actions(c.analysis, techniques)
	m.indicators(c, campaign)
	m.report(c.analysis.Title, c.analysis.Pages(), reportTypes(c.facts), false)
	return m.bundle()
}

// renderRevoked writes the bundle that takes an alert back: its report and the
// centre of its objects, revoked, and not a word of what they said.
func renderRevoked(alert hub.Alert, text hub.Text, p Params) (rendered, error) {
	m := newMaker(alert, p)
	m.campaign(nil, true)
	m.report(text, text, reportTypes(nil), true)
	return m.bundle()
}

// labelled are the classes of facts that STIX has no object for: they stand as
// labels, so that machines find what the text tells.
var labelled = []hub.Class{hub.Route, hub.Weakness, hub.Product}

// labels are "class:id", sorted. A flash tells no weakness but those of the entry, and
// its text does that.
func labels(stage hub.Stage, facts []hub.Fact) []string {
	var out []string
	for _, f := range facts {
		told := slices.Contains(labelled, f.Class) && f.Confidence.Score() > 0 && (stage == hub.Full || f.Class != hub.Weakness)
		if told && !slices.Contains(out, f.Key()) {
			out = append(out, f.Key())
		}
	}
	slices.Sort(out)
	return out
}

// campaign puts in the centre of what belongs together.
func (m *maker) campaign(labels []string, revoked bool) string {
	props := stix.Object{"name": campaignName(m.p.Hub.Exercise) + strconv.FormatUint(m.p.FirstNumber, 10)}
	if len(labels) > 0 {
		props["labels"] = list(labels)
	}
	if revoked {
		props["revoked"] = true
	}
	return m.add("campaign", m.own("campaign", ""), props)
}

// named are the classes of facts that become objects, the most telling first: what
// finds no room among the objects stands in the text.
var named = []hub.Class{hub.CVE, hub.Family, hub.Group, hub.Tool, hub.Technique}

// names makes the objects that facts name and ties them to the campaign. It
// returns the ids of attack patterns by technique.
func (m *maker) names(c content, campaign string) map[string]string {
	techniques := map[string]string{}
	for _, class := range named {
		for _, f := range c.facts {
			if f.Class != class || !m.fits(2) {
				continue
			}
			switch class {
			case hub.CVE:
				m.relate(campaign, "targets", m.vulnerability(f), false)
			case hub.Family:
				m.relate(campaign, "uses", m.malware(f, c), false)
			case hub.Group:
				m.relate(campaign, "attributed-to", m.actor(f), false)
			case hub.Tool:
				m.relate(campaign, "uses", m.tool(f), false)
			case hub.Technique:
				if id := m.attackPattern(f); id != "" {
					techniques[f.Value] = id
					m.relate(campaign, "uses", id, false)
				}
			}
		}
	}
	return techniques
}

// actions puts in what to do, and then what it helps against.
func (m *maker) actions(a analysis.Analysis, techniques map[string]string) {
	ids := make([]string, len(a.Actions))
	for i, action := range a.Actions {
		if m.fits(1) {
			ids[i] = m.courseOfAction(action)
		}
	}
	for i, action := range a.Actions {
		for _, t := range action.Techniques {
			if target := techniques[t]; target != "" && ids[i] != "" && m.fits(1) {
				m.relate(ids[i], "mitigates", target, true)
			}
		}
	}
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
