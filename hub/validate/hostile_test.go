package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"isac/internal/proportion"
)

// numbered is a list of n things that differ by a number.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// process is a good process with more properties.
func process(more string) string {
	return strings.TrimSuffix(bases["process"], "}") + "," + more + "}"
}

func bundle(objects string) string { return `{"type":"bundle","objects":[` + objects + "]}" }

// hostile are documents that are made to be dear, the more the larger n:
// their time must grow with their size and no faster.
var hostile = map[string]func(n int) string{
	"many properties": func(n int) string { return process(numbered(n*1500, `"x_%d":0`)) },
	"bad properties":  func(n int) string { return process(numbered(n*1500, `"%d":0`)) },
	"long list":       func(n int) string { return process(`"child_refs":[` + numbered(n*1000, `"quay %d"`) + "]") },
	"many objects":    func(n int) string { return bundle(numbered(n*250, `{"type":"process","pid":%d}`)) },
	"one id": func(n int) string {
		return bundle(numbered(n*200, `{"type":"tool","id":"tool--`+u1+`","modified":"2029-01-01T00:00:00.000Z","x_n":%d}`))
	},
	"embedded objects": func(n int) string {
		return `{"type":"observed-data","objects":{` + numbered(n*1000, `"%d":{}`) + "}}"
	},
	"selectors": func(n int) string {
		return process(`"granular_markings":[{"lang":"fr","selectors":[` + numbered(n*1000, `"pid.[%d].x"`) + "]}]")
	},
	"long selector": func(n int) string {
		return process(`"granular_markings":[{"lang":"fr","selectors":["pid` + strings.Repeat(".x", n*25_000) + `"]}]`)
	},
	"chain of markings": func(n int) string {
		return bundle(numbered(n*125, `{"type":"marking-definition","id":"m%[1]d","object_marking_refs":["m%[1]d0"]}`))
	},
	"long type":   func(n int) string { return `{"type":"` + strings.Repeat("a-", n*25_000) + `","id":"x"}` },
	"long number": func(n int) string { return process(`"x_n":0.` + strings.Repeat("7", n*50_000)) },
	"long mail":   func(n int) string { return `{"type":"email-addr","value":"` + strings.Repeat("a.", n*25_000) + `a@b"}` },
	"long language": func(n int) string {
		return `{"type":"identity","lang":"en` + strings.Repeat("-abcde", n*12_500) + `"}`
	},
	"hash names": func(n int) string { return process(`"x":{"hashes":{` + numbered(n*1000, `"h%d":1`) + "}}") },
}

func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: for -short alone, which .ci/run never gives")
	}
	v := validator(t)
	of := func(text string) func() {
		return func() { _, _ = v.Document([]byte(text)) } // whatever it says of it
	}
	for name, text := range hostile {
		proportion.Check(t, name, 24, of(text(5)), of(text(40)))
	}
}
