package validate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostile wants an answer within seconds to documents that are made to be dear.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	v := validator(t)
	head := strings.TrimSuffix(bases["process"], "}")
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"many properties":   head + "," + numbered(60_000, `"x_%d":0`) + "}",
		"bad properties":    head + "," + numbered(60_000, `"%d":0`) + "}",
		"long list":         head + `,"child_refs":[` + numbered(40_000, `"quay %d"`) + "]}",
		"many objects":      `{"type":"bundle","objects":[` + numbered(10_000, `{"type":"process","pid":%d}`) + "]}",
		"one id":            `{"type":"bundle","objects":[` + numbered(8_000, `{"type":"tool","id":"tool--`+u1+`","modified":"2029-01-01T00:00:00.000Z","x_n":%d}`) + "]}",
		"embedded objects":  `{"type":"observed-data","objects":{` + numbered(40_000, `"%d":{}`) + "}}",
		"selectors":         head + `,"granular_markings":[{"lang":"fr","selectors":[` + numbered(40_000, `"pid.[%d].x"`) + "]}]}",
		"long selector":     head + `,"granular_markings":[{"lang":"fr","selectors":["pid` + strings.Repeat(".x", 1_000_000) + `"]}]}`,
		"chain of markings": `{"type":"bundle","objects":[` + numbered(5_000, `{"type":"marking-definition","id":"m%[1]d","object_marking_refs":["m%[1]d0"]}`) + "]}",
		"long type":         `{"type":"` + strings.Repeat("a-", 1_000_000) + `","id":"x"}`,
		"long number":       head + `,"x_n":0.` + strings.Repeat("7", 2_000_000) + "}",
		"long mail":         `{"type":"email-addr","value":"` + strings.Repeat("a.", 1_000_000) + `a@b"}`,
		"long language":     `{"type":"identity","lang":"en` + strings.Repeat("-abcde", 500_000) + `"}`,
		"hash names":        head + `,"x":{"hashes":{` + numbered(40_000, `"h%d":1`) + "}}}",
	} {
		start := time.Now()
		_, err := v.Document([]byte(text))
		took := time.Since(start)
		if took > 10*time.Second {
			t.Errorf("%s: %d bytes took %v", name, len(text), took)
		}
		t.Logf("%-18s %7d bytes %v %v", name, len(text), took.Round(time.Millisecond), err)
	}
}
