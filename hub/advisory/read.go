package advisory

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/vocab"
)

// Largest is how large a document may be, in bytes.
const Largest = 32 << 20

// Read reads a document of a source. A document that isn't of its form is a hub.Invalid
// error, one that is too large a hub.TooLarge; a notice in it that can't be read, or may
// not be passed on, is left out.
func Read(document []byte, s Source, v *vocab.Vocab) ([]Advisory, error) {
	if len(document) > Largest {
		return nil, hub.E(hub.TooLarge, "advisory.too-large")
	}
	if s.TLP == "" {
		s.TLP = hub.TLPClear
	}
	document = bytes.TrimPrefix(document, []byte("\ufeff"))
	if s.Form == Any {
		s.Form = formOf(document)
	}
	readers := map[Form]func([]byte, Source) ([]Advisory, error){CSAF: readCSAF, KEV: readKEV, JVN: readFeed, RSS: readFeed, STIX: readSTIX}
	read, ok := readers[s.Form]
	if !ok {
		return nil, malformed()
	}
	list, err := read(document, s)
	if err != nil {
		return nil, err
	}
	var out []Advisory
	for _, a := range list {
		a.Source, a.Form = s.Name, s.Form
		if a.finish(v) && len(out) < mostNotices {
			out = append(out, a)
		}
	}
	return out, nil
}

// malformed says that a document isn't what it should be, and nothing of what is in it.
func malformed() error { return hub.E(hub.Invalid, "advisory.malformed") }

// formOf finds out of what form a document is by what stands near its beginning.
func formOf(document []byte) Form {
	head := bytes.TrimSpace(document)
	if bytes.HasPrefix(head, []byte("<")) {
		return RSS // with the names of JVN or without: one reader
	}
	for _, sign := range []struct {
		word string
		form Form
	}{{`"csaf_version"`, CSAF}, {`"catalogVersion"`, KEV}, {`"spec_version"`, STIX}, {`"objects"`, STIX}} {
		if bytes.Contains(head, []byte(sign.word)) {
			return sign.form
		}
	}
	return Any
}

// finish bounds an advisory and reads it by the vocabulary. It is false for one that may
// not be passed on or has no key.
func (a *Advisory) finish(v *vocab.Vocab) bool {
	a.Title, a.Publisher, a.Key, a.Version = line(a.Title, longestTitle), line(a.Publisher, longestName), line(a.Key, longestURL), line(a.Version, longestName)
	if a.Key == "" || !slices.Contains([]hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict}, a.TLP) {
		return false
	}
	if a.Title == "" {
		a.Title = line(a.Key, longestTitle)
	}
	if y := a.Updated.Year(); y < 1990 || y > 9000 {
		a.Updated = time.Time{}
	}
	a.Updated = a.Updated.UTC().Truncate(time.Millisecond)
	a.identify()
	a.Named = bounded(a.Named, mostNamed, func(s string) string { return line(s, longestName) })
	a.URLs = bounded(a.URLs, mostURLs, address)
	text := a.Title + "\n" + a.Notice.Text
	a.CVEs = bounded(append(a.CVEs, someCVE.FindAllString(text, mostCVEs)...), mostCVEs, func(s string) string {
		id, _ := vocab.CVE(strings.TrimSpace(s))
		return id
	})
	a.Techniques = bounded(append(a.Techniques, someTechnique.FindAllString(text, mostFamilies)...), mostFamilies, func(s string) string {
		t, _ := v.Technique(strings.TrimSpace(s))
		return t.ID
	})
	a.Products = a.families(v)
	return true
}

var (
	someCVE       = regexp.MustCompile(`(?i)\bCVE-\d{4}-\d{4,7}\b`)
	someTechnique = regexp.MustCompile(`\bT1\d{3}(?:\.\d{3})?\b`)
)

// bounded makes each text what clean makes of it, and keeps the first so many that are
// something, each once.
func bounded(list []string, most int, clean func(string) string) []string {
	out := []string{}
	seen := map[string]bool{"": true}
	for _, s := range list {
		s = clean(s)
		if !seen[s] && len(out) < most {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// address keeps an address that a page can link to.
func address(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || len(s) > longestURL || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return s
}

// families are the product families of the vocabulary: those that its vulnerabilities are
// in, and those that its title or the names of its products name.
func (a Advisory) families(v *vocab.Vocab) []string {
	out := []string{}
	add := func(id string) {
		if id != "" && !slices.Contains(out, id) && len(out) < mostFamilies {
			out = append(out, id)
		}
	}
	for _, cve := range a.CVEs {
		id, _ := v.ProductOf(cve)
		add(id)
	}
	named := spaced(a.Title + "\n" + strings.Join(a.Named, "\n"))
	for _, e := range v.Entries(hub.Product) {
		if stands(e.EN, named, true) || stands(e.JA, named, false) {
			add(e.ID)
		}
	}
	slices.Sort(out)
	return out
}

// spaced writes a text so that words of the alphabet stand between spaces.
func spaced(text string) string {
	return " " + strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]{}<>,;:/\"'\n\t_（）［］【】「」、。：／", r) {
			return ' '
		}
		return r
	}, text)) + " "
}

// stands reports whether one of the plain patterns of the vocabulary stands in a text: as
// whole words, or anywhere.
func stands(patterns []string, text string, whole bool) bool {
	for _, p := range patterns {
		if strings.ContainsAny(p, "+>@&") {
			continue
		}
		for word := range strings.SplitSeq(strings.ToLower(p), "|") {
			word, open := strings.CutSuffix(strings.TrimSpace(word), "*")
			if word != "" && whole {
				word = " " + word
			}
			if word != "" && whole && !open {
				word += " "
			}
			if word != "" && strings.Contains(text, word) {
				return true
			}
		}
	}
	return false
}
