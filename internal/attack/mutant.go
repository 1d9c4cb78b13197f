package attack

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/cells"
)

// A Mutant is a hub with one rule taken out. The suite must notice it. Nil is the hub
// as it is.
type Mutant struct {
	Name string
	// Policy changes rows of the policy table.
	Policy func(anonymize.Row) anonymize.Row
	// Organisation hides something from everything that reads the sector list.
	Organisation func(o *hub.Organisation)
	// Blind are needles of the report, folded, that neither the builder nor the gate gets.
	Blind func(value string) bool
	// Named tells every product by its name, however few show it.
	Named bool
	// Cell changes what is said of a member's cell.
	Cell func(now []cells.Member, member string) string
}

func (m *Mutant) list(orgs []hub.Organisation) []hub.Organisation {
	if m == nil || m.Organisation == nil {
		return orgs
	}
	orgs = slices.Clone(orgs)
	for i := range orgs {
		m.Organisation(&orgs[i])
	}
	return orgs
}

func (m *Mutant) member(o hub.Organisation) hub.Organisation {
	if m != nil && m.Organisation != nil {
		m.Organisation(&o)
	}
	return o
}

// policy is the built-in table, with the mutant's rows.
func (m *Mutant) policy() (*anonymize.Policy, error) {
	p := anonymize.DefaultPolicy()
	if m == nil || m.Policy == nil {
		return p, nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# version %s\n", p.Version)
	out := csv.NewWriter(&b)
	rows := [][]string{{"type", "property", "class", "inside", "reason"}}
	for _, r := range p.Rows() {
		r = m.Policy(r)
		rows = append(rows, []string{r.Type, r.Property, string(r.Handling), r.Inside, r.Reason})
	}
	err := out.WriteAll(rows)
	if err != nil {
		return nil, fmt.Errorf("writing policy: %w", err)
	}
	return anonymize.ReadPolicy(strings.NewReader(b.String()))
}

// blind is what the anonymizer gets.
func (m *Mutant) blind() func(string) bool {
	if m == nil {
		return nil
	}
	return m.Blind
}

// members is the size of the sector as the anonymizer is told it.
func (m *Mutant) members(n int) int {
	if m != nil && m.Named {
		return 0
	}
	return n
}

func (m *Mutant) cells(_ *path, now []cells.Member, told map[string]string) map[string]string {
	if m == nil || m.Cell == nil {
		return told
	}
	out := map[string]string{}
	for _, c := range now {
		if says := m.Cell(now, c.ID); says != "" {
			out[c.ID] = says
		}
	}
	return out
}
