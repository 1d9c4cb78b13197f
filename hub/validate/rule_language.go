package validate

import (
	"errors"

	"golang.org/x/text/language"

	"isac/hub/stix"
)

// languageTag wants tags of RFC 5646 in lang and in the languages of software,
// where the three-letter codes of ISO 639-2 are in use as well.
func languageTag(s *subject, p *place, v any) {
	text, ok := v.(string)
	if !ok || p.zone != named {
		return
	}
	switch {
	case p.list:
		if s.Type() == "software" && p.property() == "languages" && !isLanguage(text) {
			s.doc.report(s.at+p.pointer(), "language")
		}
	case p.name == "lang" && s.shape.known[p.top()] && !isLanguage(text):
		s.doc.report(s.at+p.pointer(), "language")
	}
}

// languageKeys wants the contents of a language-content by language, and in each
// the names of properties (section 7.1).
func languageKeys(s *subject) {
	if s.Type() != "language-content" {
		return
	}
	contents := s.Obj("contents")
	for key, v := range contents {
		at := s.at + "/contents/" + escape(key)
		if !isLanguage(key) {
			s.doc.report(at, "language")
		}
		inner, _ := stix.AsObject(v)
		for name := range inner {
			if !isPropertyName(name) {
				s.doc.report(at+"/"+escape(name), "property-name")
			}
		}
	}
}

// maxLanguage bounds a tag. Real ones are far shorter, and reading a tag costs its
// length squared.
const maxLanguage = 100

// isLanguage reports whether tag is a well-formed tag of RFC 5646 whose language
// is registered. Other subtags may be newer than the tables here.
func isLanguage(tag string) bool {
	if len(tag) > maxLanguage {
		return false
	}
	for i := range len(tag) {
		if !isAlphanumeric(tag[i]) && tag[i] != '-' {
			return false
		}
	}
	_, err := language.Parse(tag)
	if err == nil {
		return tag != ""
	}
	unknown, ok := errors.AsType[language.ValueError](err)
	if !ok {
		return false
	}
	_, err = language.ParseBase(firstSubtag(tag))
	return err == nil && unknown.Subtag() != firstSubtag(tag)
}

func firstSubtag(tag string) string {
	for i := range len(tag) {
		if tag[i] == '-' {
			return tag[:i]
		}
	}
	return tag
}
