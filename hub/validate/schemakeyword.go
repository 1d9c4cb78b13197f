package validate

import (
	"encoding/json"
	"slices"
	"strings"
)

// plainKeywords are the keywords whose own value is all that a reporter needs.
var plainKeywords = map[string]string{
	"type":          "schema-type",
	"const":         "schema-const",
	"enum":          "schema-enum",
	"format":        "schema-format",
	"minimum":       "schema-minimum",
	"maximum":       "schema-maximum",
	"minLength":     "schema-min-length",
	"maxLength":     "schema-max-length",
	"minItems":      "schema-min-items",
	"minProperties": "schema-min-properties",
}

// report turns the finding into problems. Arguments come from the schema, or are
// names of properties; never a value of the document.
func (f finding) report(d *document) {
	if f.names {
		d.report(f.at, "schema-name")
		return
	}
	if rule, ok := plainKeywords[f.keyword]; ok {
		d.report(f.at, rule, words(f.under(f.keyword)))
		return
	}
	switch f.keyword {
	case "required":
		f.required(d)
	case "dependentRequired":
		f.dependent(d)
	case "anyOf":
		d.report(f.at, "schema-any-of", f.alternatives())
	case "oneOf":
		d.report(f.at, "schema-one-of", f.alternatives())
	case "pattern":
		d.report(f.at, "schema-pattern", f.title())
	case "not":
		d.report(f.at, "schema-not", f.title())
	case "false":
		d.report(f.at, "schema-forbidden", f.place)
	case "minContains", "contains":
		wanted, _ := f.under("contains").(map[string]any)
		d.report(f.at, "schema-contains", words(wanted["const"]))
	case "additionalProperties", "unevaluatedProperties":
		d.report(f.at, "schema-additional", strings.Join(f.additional(), ", "))
	default:
		d.report(f.at, "schema-other", f.keyword)
	}
}

// under returns the value of a keyword of the finding's schema.
func (f finding) under(keyword string) any {
	m, _ := f.schema.(map[string]any)
	return m[keyword]
}

func (f finding) has(name string) bool {
	m, _ := f.instance.(map[string]any)
	_, ok := m[name]
	return ok
}

// required reports each property that is missing.
func (f finding) required(d *document) {
	names, _ := f.under("required").([]any)
	for _, v := range names {
		if name, ok := v.(string); ok && !f.has(name) {
			d.report(f.at, "schema-required", name)
		}
	}
}

// dependent reports what is missing beside a property that needs it.
func (f finding) dependent(d *document) {
	table, _ := f.under("dependentRequired").(map[string]any)
	for name, needs := range table {
		list, _ := needs.([]any)
		for _, v := range list {
			if need, ok := v.(string); ok && f.has(name) && !f.has(need) {
				d.report(f.at, "schema-dependent", name, need)
			}
		}
	}
}

// alternatives names what an anyOf or oneOf asks for, if each way is a list of
// required properties.
func (f finding) alternatives() string {
	ways, _ := f.under(f.keyword).([]any)
	var out []string
	for _, way := range ways {
		m, _ := way.(map[string]any)
		names := words(m["required"])
		if len(m) != 1 || names == "" {
			return ""
		}
		out = append(out, strings.ReplaceAll(names, ", ", " + "))
	}
	return strings.Join(out, ", ")
}

// title names what a schema describes, or the property that it is for.
func (f finding) title() string {
	m, _ := f.schema.(map[string]any)
	if not, ok := m["not"].(map[string]any); ok && f.keyword == "not" {
		m = not
	}
	if title, ok := m["title"].(string); ok && title != "" {
		return title
	}
	return f.place
}

// additional lists the properties that the schema doesn't know.
func (f finding) additional() []string {
	known, _ := f.under("properties").(map[string]any)
	m, _ := f.instance.(map[string]any)
	var out []string
	for name := range m {
		if _, ok := known[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// words writes a keyword's value for people: a list by commas, a text bare.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = words(v[i])
		}
		return strings.Join(parts, ", ")
	}
	text, err := json.Marshal(v)
	if err != nil || v == nil {
		return ""
	}
	return string(text)
}
