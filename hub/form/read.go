package form

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// Read gives back what was filled in, of a report that Build wrote, for an update to
// begin where it ended. Of any other report it gives nothing: to write it anew would
// lose what the form has no field for.
func Read(b stix.Bundle) (Answers, bool) {
	var a Answers
	var cves, indicators []string
	incidents := 0
	for _, o := range b.Objects {
		switch o.Type() {
		case "identity":
			a.Contact = o.Str("contact_information")
		case "incident":
			incidents++
			if !a.readTexts(o.Str("description"), o.Str("lang")) {
				return Answers{}, false
			}
			a.readLabels(o)
		case "vulnerability":
			cves = append(cves, o.Str("name"))
		case "indicator":
			value, ok := single(o.Str("pattern"))
			if !ok {
				return Answers{}, false
			}
			indicators = append(indicators, value)
		case "relationship":
		default:
			return Answers{}, false
		}
	}
	a.CVEs, a.Indicators = strings.Join(cves, " "), strings.Join(indicators, "\n")
	return a, incidents == 1
}

// readTexts takes the description apart at its headings.
func (a *Answers) readTexts(description, lang string) bool {
	if lang != "ja" && lang != "en" {
		return false
	}
	a.Lang = lang
	texts := a.Texts()
	at := -1
	for line := range strings.Lines(description) {
		heading, is := strings.CutPrefix(strings.TrimRight(line, "\n"), "■ ")
		i := slices.IndexFunc(texts, func(t Text) bool { return t.headings[lang] == heading })
		if is && i > at && heading != "" {
			at = i
			continue
		}
		if at < 0 {
			return false
		}
		*texts[at].Value += line
	}
	for _, t := range texts {
		*t.Value = strings.TrimSpace(*t.Value)
	}
	return a.Seen != ""
}

func (a *Answers) readLabels(o stix.Object) {
	for _, label := range o.Strs("labels") {
		class, value, _ := strings.Cut(label, ":")
		switch hub.Class(class) {
		case hub.Route:
			route, confidence, _ := strings.Cut(value, ":")
			a.Route, a.Confidence = route, hub.Confidence(confidence)
		case hub.Weakness:
			a.Weaknesses = append(a.Weaknesses, value)
		case hub.Impact:
			a.Impacts = append(a.Impacts, value)
		case hub.Product:
			a.Products = append(a.Products, value)
		}
	}
}

// single is the value of a pattern with one comparison.
func single(text string) (string, bool) {
	p, err := pattern.Parse(text)
	if err != nil {
		return "", false
	}
	all := p.Comparisons()
	if len(all) != 1 || all[0].Op != pattern.Equals || all[0].Negated || len(all[0].Values) != 1 {
		return "", false
	}
	return all[0].Values[0].Text, true
}
