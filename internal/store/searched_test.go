package store

import (
	"path/filepath"
	"strings"
	"testing"
)

// A value and its beginning are looked up in the index alone.
func TestValuesAreFoundByTheIndexAlone(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, query := range []string{
		"SELECT DISTINCT number FROM indicators WHERE lookup = 'x' AND ('' = '' OR type = '')",
		"SELECT number, lookup FROM indicators INDEXED BY indicators_lookup WHERE lookup >= 'x' AND lookup < 'y' AND type = 't' LIMIT 7",
	} {
		var plan []string
		err := p.each(t.Context(), "EXPLAIN QUERY PLAN "+query, func(row []any) { plan = append(plan, row[len(row)-1].(string)) })
		if err != nil || !strings.Contains(strings.Join(plan, "\n"), "USING COVERING INDEX indicators_lookup") {
			t.Errorf("%s: %q, %v", query, plan, err)
		}
	}
}
