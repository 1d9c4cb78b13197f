package release

import (
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// OwnTexts returns the vocabulary of what the hub itself writes into every alert:
// labels, sentences and names of its closed vocabularies. Names of families,
// groups and tools are not in it, because they may be the names of other things.
func OwnTexts(v *vocab.Vocab, p *profile.Profile) *gate.Vocabulary {
	texts := map[string]bool{}
	add := func(list ...string) {
		for _, t := range list {
			if strings.TrimSpace(t) != "" {
				texts[t] = true
			}
		}
	}
	for _, class := range []hub.Class{hub.Route, hub.Weakness, hub.Product, hub.Impact} {
		for _, e := range v.Entries(class) {
			add(e.Label.JA, e.Label.EN, e.ID)
			add(lines(v, p, hub.Fact{Class: class, Value: e.ID})...)
		}
	}
	for _, t := range v.Techniques() {
		add(t.ID, t.Name, t.NameJA, "https://attack.mitre.org/techniques/"+strings.ReplaceAll(t.ID, ".", "/"))
		add(t.Tactics...)
		add(lines(v, p, hub.Fact{Class: hub.Technique, Value: t.ID})...)
	}
	for _, k := range kinds {
		t := textOf(k)
		add(t.name.EN, t.what.JA+lookFor.JA, t.what.EN+" "+lookFor.EN, string(k))
	}
	add(fixedWords...)
	var list []string
	for t := range texts {
		list = append(list, t)
	}
	return gate.NewVocabulary(list)
}

var kinds = []hub.Kind{
	hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.Mail, hub.MailSubject, hub.MD5, hub.SHA1, hub.SHA256, hub.SHA512,
	hub.SSDEEP, hub.TLSH, hub.FileName, hub.FilePath, hub.CommandLine, hub.RegistryKey, hub.RegistryValue, hub.Service,
	hub.Mutex, hub.UserAgent, hub.CertSHA256, hub.CertSHA1, hub.CertSerial, hub.AS, hub.Pattern,
}

// fixedWords are words of the format itself.
var fixedWords = []string{
	"ISAC alert", "malicious-activity", "mitre-attack", "isac-alert", "isac-bundle", "isac-previous", "threat-report",
	"organization", "property-extension", "related-to", "attributed-to", "SHA-256", "language-content", "marking-definition",
}

// lines writes one fact alone, at both stages and every confidence, and takes the
// page apart into its lines.
func lines(v *vocab.Vocab, p *profile.Profile, f hub.Fact) []string {
	var out []string
	for _, confidence := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible, hub.Unknown} {
		f.Confidence = confidence
		a := analysis.Write(analysis.Input{Stage: hub.Full, Facts: []hub.Fact{f}, Profile: p, Vocab: v})
		out = append(out, a.Title.JA, a.Title.EN)
		for _, lang := range []string{"ja", "en"} {
			out = append(out, strings.Split(a.Text(lang), "\n")...)
		}
		if f.Class != hub.Route {
			break // only the entry is told with a confidence
		}
	}
	return out
}

// issued is what the hub issued with this very bundle: ids, instants, numbers.
func issued(objects []stix.Object, p Params) *gate.Vocabulary {
	texts := []string{p.BaseURL, p.Hub.Name, p.Previous.String()}
	for _, o := range objects {
		for _, name := range []string{"id", "created", "modified", "published", "valid_from", "valid_until", "object_modified"} {
			if s := o.Str(name); s != "" {
				texts = append(texts, s)
			}
		}
	}
	return gate.NewVocabulary(texts)
}
