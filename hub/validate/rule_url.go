package validate

import (
	"net/url"
	"strings"
)

// webAddress wants URLs of RFC 3986 where STIX asks for one: url values, artifacts
// and external references.
func webAddress(s *subject, p *place, v any) {
	text, ok := v.(string)
	if !ok || p.list || p.zone != named {
		return
	}
	switch p.name {
	case "value":
		ok = s.Type() == "url" && p.parent == nil
	case "url":
		ok = p.top() == "external_references" || s.Type() == "artifact" && p.parent == nil
	default:
		return
	}
	if ok && !isURL(text) {
		s.doc.report(s.at+p.pointer(), "url")
	}
}

// isURL reports whether text is a URI with a scheme and something behind it, in
// the characters of RFC 3986.
func isURL(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isAlphanumeric(c) && strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) < 0 {
			return false
		}
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return false
	}
	if strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https") {
		return u.Host != ""
	}
	return u.Host != "" || u.Opaque != "" || u.Path != ""
}
