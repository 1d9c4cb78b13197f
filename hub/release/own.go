package release

import (
	"strconv"
	"strings"
	"unicode"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/analysis"
	"isac/hub/edition"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// OwnTexts returns the vocabulary of what the hub itself writes into every alert:
// the analysis' sentences, labels and names of its closed vocabularies, words of
// the format. Names of families, groups and tools are not in it, because they may
// be the names of other things. p may be nil.
func OwnTexts(v *vocab.Vocab, p *profile.Profile) *gate.Vocabulary {
	return OwnTextsOf(analysis.Default(), v, p)
}

// OwnTextsOf is OwnTexts where drafts are written with another library; nil is the
// embedded one.
func OwnTextsOf(lib *analysis.Library, v *vocab.Vocab, p *profile.Profile) *gate.Vocabulary {
	if lib == nil {
		lib = analysis.Default()
	}
	var all []string
	for _, t := range lib.Texts(p) {
		all = append(all, t.JA, t.EN)
	}
	all = append(all, advisory.OwnTexts()...)
	all = append(all, quarterTexts(lib, v, p)...)
	for _, t := range lib.CellTexts(p) {
		all = append(all, t.JA, t.EN)
	}
	for _, t := range analysis.ExposedTexts(p, v) {
		all = append(all, t.JA, t.EN)
	}
	for _, t := range lib.CountTexts(maxIndicators) {
		all = append(all, t.JA, t.EN)
	}
	for _, class := range []hub.Class{hub.Route, hub.Weakness, hub.Product, hub.Impact} {
		for _, e := range v.Entries(class) {
			all = append(all, e.Label.JA, e.Label.EN, string(class)+":"+e.ID)
		}
	}
	for _, t := range v.Techniques() {
		all = append(all, t.ID, t.Name, t.NameJA, techniqueURL(t.ID))
		all = append(all, t.Tactics...)
		for _, short := range t.Tactics {
			tactic, _ := v.Tactic(short)
			all = append(all, tactic.Name.JA, tactic.Name.EN)
		}
		for _, id := range v.Mitigations(t.ID) {
			all = append(all, id, mitigationURL(id))
		}
	}
	for _, row := range texts().Kind {
		d := row.description()
		all = append(all, row.Name, row.Phase, d.JA, d.EN)
		for _, k := range row.Kinds {
			all = append(all, string(k))
		}
	}
	return gate.NewVocabulary(readable(append(all, strings.Fields(formatWords)...)))
}

// formatWords are names and values of the format that stand in alerts: STIX types,
// properties and relationship types, labels, path elements.
const formatWords = `
bundle identity marking-definition attack-pattern vulnerability malware intrusion-set tool campaign indicator
course-of-action relationship language-content report
type spec_version id objects created modified created_by_ref object_marking_refs name identity_class extensions
extension_type tlp_2_0 external_references source_name external_id url hashes kill_chain_phases kill_chain_name
phase_name is_family malware_types description indicator_types pattern pattern_type pattern_version valid_from
valid_until confidence lang relationship_type source_ref target_ref object_ref object_modified contents en ja
report_types published labels object_refs revoked 2.1
organization property-extension mitre-attack cve stix malicious-activity threat-report unknown ransomware
uses targets attributed-to indicates mitigates
isac-alert isac-bundle isac-clear isac-policy isac-record isac-previous isac-related isac-released SHA-256 alerts api v1
isac:released isac:corrected isac:updated isac:withdrawn isac:recalled isac:flash isac:full isac:advisory
note abstract authors object_refs isac-upstream isac-upstream-link isac:exploited
severity:critical severity:high severity:medium severity:low
tlp:clear tlp:green tlp:amber tlp:amber-strict tlp:red
TLP:CLEAR TLP:GREEN TLP:AMBER TLP:AMBER+STRICT TLP:RED clear green amber amber+strict red version
ISSUBSET ISAC`

// twinWords are what the format says in twins alone.
var twinWords = gate.NewVocabulary(strings.Fields("definition_type definition tlp white TLP:WHITE TLP:GREEN TLP:AMBER TLP:RED"))

// readable leaves out what holds no letter or digit, and what is there already.
func readable(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, t := range list {
		t = strings.TrimSpace(t)
		if !seen[t] && strings.ContainsFunc(t, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// issued is what the hub issued with this very bundle: ids, instants, numbers, its
// name and address, and what it says of an alert that is taken back.
func issued(objects []stix.Object, p Params) *gate.Vocabulary {
	all := []string{p.BaseURL, p.Hub.Name, p.PreviousID}
	if !p.Previous.IsZero() {
		all = append(all, p.Previous.String(), strconv.FormatUint(p.Number-1, 10))
	}
	first := strconv.FormatUint(p.FirstNumber, 10)
	all = append(all, campaignName(p.Hub.Exercise)+first, first, strconv.FormatUint(p.Number, 10))
	if p.Hub.Exercise {
		all = append(all, exerciseMark.JA, exerciseMark.EN)
	}
	for _, kind := range []hub.AlertKind{hub.Withdrawn, hub.Recalled} {
		t := backText(kind, p.FirstNumber)
		all = append(all, t.JA, t.EN)
	}
	for _, o := range objects {
		for _, name := range []string{"id", "created", "modified", "published", "valid_from", "valid_until", "object_modified"} {
			all = append(all, o.Str(name))
		}
		if o.Type() == "report" {
			all = append(all, strings.TrimPrefix(o.ID(), "report--"))
			all = append(all, o.Strs("labels")...)
			for _, ref := range o.Objs("external_references") {
				all = append(all, ref.Str("external_id"), ref.Obj("hashes").Str("SHA-256"))
				if ref.Str("source_name") == edition.Source {
					all = append(all, ref.Str("url"))
				}
			}
		}
	}
	all = append(all, stix.TLPExtension)
	return gate.NewVocabulary(readable(all))
}

// quarterTexts are the lines that tell a quarter, for every year: the month in one
// may be that of a date that was left out.
func quarterTexts(lib *analysis.Library, v *vocab.Vocab, p *profile.Profile) []string {
	var out []string
	for _, q := range []string{"2000-Q1", "2000-Q2", "2000-Q3", "2000-Q4"} {
		f := hub.Fact{Class: hub.Quarter, Value: q, Confidence: hub.Confirmed, Confirmed: true}
		a := analysis.Write(analysis.Input{Stage: hub.Full, Facts: []hub.Fact{f}, Profile: p, Vocab: v, Library: lib})
		for _, s := range a.Sections {
			for _, line := range s.Lines {
				out = append(out, everyYear(line.JA)...)
				out = append(out, everyYear(line.EN)...)
			}
		}
	}
	return out
}

func everyYear(line string) []string {
	if !strings.Contains(line, "2000") {
		return nil
	}
	var out []string
	for year := 2000; year < 2100; year++ {
		out = append(out, strings.ReplaceAll(line, "2000", strconv.Itoa(year)))
	}
	return out
}
