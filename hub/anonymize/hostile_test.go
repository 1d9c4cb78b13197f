package anonymize

import (
	"fmt"
	"strings"
	"testing"

	"isac/internal/proportion"
)

// hostile are reports made to take long: their time must grow with their size and
// no faster.
var hostile = map[string]func(n int) []map[string]any{
	"near matches": func(n int) []map[string]any {
		return one("incident", "description", strings.Repeat("碧沢総合病碧沢総合医院みどりさわそうごうびょうい", n*10))
	},
	"one long token": func(n int) []map[string]any {
		return one("incident", "description", strings.Repeat("a1.b2-", n*60))
	},
	"many names": func(n int) []map[string]any {
		var objects []map[string]any
		for i := range n {
			o := one("identity", "name", fmt.Sprintf("Kestrelmoor%d Vane%d", i, i))[0]
			o["id"] = fmt.Sprintf("identity--%08x-0000-4000-8000-000000000000", i)
			objects = append(objects, o)
		}
		return objects
	},
	"many indicators": func(n int) []map[string]any {
		var objects []map[string]any
		for i := range n {
			o := one("indicator", "pattern", fmt.Sprintf("[domain-name:value = 'kuro%d.net']", i))[0]
			o["id"] = fmt.Sprintf("indicator--%08x-0000-4000-8000-000000000000", i)
			objects = append(objects, o)
		}
		return objects
	},
	"a chain of relationships": func(n int) []map[string]any {
		var objects []map[string]any
		id := func(i int) string { return fmt.Sprintf("ipv4-addr--%08x-0000-4000-8000-000000000000", i) }
		for i := range n {
			a := one("ipv4-addr", "value", fmt.Sprintf("91.%d.%d.7", i/250, i%250))[0]
			a["id"] = id(i)
			r := one("relationship", "relationship_type", "related-to")[0]
			r["source_ref"], r["target_ref"] = id(i), id((i+1)%n)
			objects = append(objects, a, r)
		}
		return objects
	},
	"encodings inside of each other": func(n int) []map[string]any {
		return one("artifact", "payload_bin", strings.Repeat("%25", n)+strings.Repeat("YWFhYWFhYWFhYWFhYWFhYWFhYWE=", n))
	},
}

// TestTimeIsLinear: eight times the size takes about eight times the time; work that
// grows with the square would take sixty-four.
func TestTimeIsLinear(t *testing.T) {
	a := smallAnonymizer(t)
	for name, make := range hostile {
		of := func(n int) func() {
			b := bundleOf(t, make(n)...)
			return func() { draft(t, a, Input{Bundle: b, Answers: Answers{AllConfirmed: true}}) }
		}
		proportion.Check(t, name, 24, of(250), of(2000))
	}
}
