package validate

import "strings"

// cpe wants a CPE 2.3 formatted string (NIST IR 7695) in software (section 6.14).
func cpe(s *subject) {
	name, ok := s.Object["cpe"].(string)
	if ok && s.Type() == "software" && !isCPE(name) {
		s.report("cpe", "cpe")
	}
}

// isCPE reads "cpe:2.3:" and eleven components, the first of them the part.
func isCPE(name string) bool {
	rest, ok := strings.CutPrefix(name, "cpe:2.3:")
	if !ok {
		return false
	}
	components := splitCPE(rest)
	if len(components) != 11 || len(components[0]) != 1 || !strings.Contains("aho*-", components[0]) {
		return false
	}
	for _, c := range components[1:] {
		if !isComponent(c) {
			return false
		}
	}
	return true
}

// splitCPE splits at colons that no backslash quotes.
func splitCPE(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ':':
			out = append(out, text[start:i])
			start = i + 1
		}
	}
	return append(out, text[start:])
}

// isComponent reports whether c is "*", "-", or letters, digits, "._-" and quoted
// punctuation, with wildcards at the ends only.
func isComponent(c string) bool {
	if c == "*" || c == "-" {
		return true
	}
	c = trimWildcards(c)
	for i := 0; i < len(c); i++ {
		switch {
		case c[i] == '\\':
			i++
			if i == len(c) || isAlphanumeric(c[i]) || c[i] <= ' ' || c[i] >= 0x7f {
				return false
			}
		case !isAlphanumeric(c[i]) && strings.IndexByte("._-", c[i]) < 0:
			return false
		}
	}
	return c != ""
}

// trimWildcards takes a "*" or a run of "?" from either end.
func trimWildcards(c string) string {
	if rest, ok := strings.CutPrefix(c, "*"); ok {
		c = rest
	} else {
		c = strings.TrimLeft(c, "?")
	}
	if strings.HasSuffix(c, `\*`) || strings.HasSuffix(c, `\?`) {
		return c
	}
	if rest, ok := strings.CutSuffix(c, "*"); ok {
		return rest
	}
	return strings.TrimRight(c, "?")
}
