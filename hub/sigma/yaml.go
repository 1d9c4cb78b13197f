package sigma

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// YAML writes rules as documents of one file.
func YAML(rules []Rule) []byte {
	var b bytes.Buffer
	for i, r := range rules {
		if i > 0 {
			b.WriteString("---\n")
		}
		fmt.Fprintf(&b, "title: %s\nid: %s\nstatus: experimental\n", quoted(r.Title), r.ID)
		if r.Description != "" {
			fmt.Fprintf(&b, "description: %s\n", quoted(r.Description))
		}
		list(&b, "references", r.References)
		if r.Date != "" {
			fmt.Fprintf(&b, "date: %s\n", quoted(r.Date))
		}
		list(&b, "tags", r.Tags)
		block(&b, "logsource", r.Logsource)
		block(&b, "detection", r.Detection)
		fmt.Fprintf(&b, "level: %s\n", r.Level)
	}
	return b.Bytes()
}

func list(b *bytes.Buffer, name string, values []string) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "%s:\n", name)
	for _, v := range values {
		fmt.Fprintf(b, "    - %s\n", quoted(v))
	}
}

func block(b *bytes.Buffer, name string, lines []string) {
	fmt.Fprintf(b, "%s:\n", name)
	for _, line := range lines {
		fmt.Fprintf(b, "    %s\n", line)
	}
}

// quoted writes a string in double quotes; those of JSON are those of YAML.
func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // never: a string can always be encoded
	}
	return strings.TrimSuffix(b.String(), "\n")
}
