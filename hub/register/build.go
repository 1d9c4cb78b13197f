package register

import (
	"cmp"
	"slices"
	"strings"

	"isac/hub"
)

// builder collects checked rows.
type builder struct {
	r *Register
}

func newBuilder() *builder {
	return &builder{r: &Register{byID: map[string]int{}}}
}

// add checks a row, in the order of columns, and keeps it. Line gives the line on
// which a column's cell stands.
func (b *builder) add(row []string, line func(col int) int) error {
	var o hub.Organisation
	for i, c := range columns {
		rule := isText(row[i])
		if rule == "" {
			rule = c.check(row[i])
		}
		if rule != "" {
			return broken(rule, line(i), c.name)
		}
		c.set(&o, row[i])
	}
	if _, twice := b.r.byID[o.ID]; twice {
		return broken("double-id", line(0), columns[0].name)
	}
	if !o.Member {
		forgetPrivate(&o, row)
	}
	b.r.byID[o.ID] = len(b.r.all)
	b.r.all = append(b.r.all, o)
	b.r.rows = append(b.r.rows, row)
	if o.Member {
		b.r.members = append(b.r.members, o)
	}
	return nil
}

// forgetPrivate blanks what is kept for members only.
func forgetPrivate(o *hub.Organisation, row []string) {
	for i, c := range columns {
		if c.private {
			row[i] = ""
			c.set(o, "")
		}
	}
}

// register seals the list: an empty one is refused, because it would find nothing.
func (b *builder) register() (*Register, error) {
	if len(b.r.all) == 0 {
		return nil, broken("no-rows", 2, columns[0].name)
	}
	sorted := slices.Clone(b.r.rows)
	slices.SortFunc(sorted, func(x, y []string) int { return cmp.Compare(x[0], y[0]) })
	var canonical strings.Builder
	err := writeRows(&canonical, sorted)
	if err != nil {
		return nil, err
	}
	b.r.digest = hub.Sum([]byte(canonical.String()))
	return b.r, nil
}
