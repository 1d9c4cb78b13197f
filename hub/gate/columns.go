package gate

import (
	"fmt"
	"slices"
	"strings"
)

// A table is the sector list as it stands in its file.
type table struct {
	index map[string]int
	rows  [][]string
	extra []string // columns that this package knows nothing about
}

// known are the columns whose meaning is known. A column of another name is searched
// for as it stands, so that a new kind of name can't slip through.
var known = []string{
	"id", "name_ja", "name_kana", "name_halfkana", "name_romaji", "legal_name", "abbr_ja", "abbr_en",
	"prefecture", "prefecture_en", "municipality", "municipality_en", "domain", "mail", "phone", "fax", "postal",
	"address", "ipv4", "ipv4_private", "ipv6", "hostname_prefix", "vendor", "operator",
	"former_name", "institution_code", "asn", "staff",
}

// classes are columns that say what kind of organisation a row is: shared words,
// never needles.
var classes = []string{"synthetic", "region", "owner", "owner_class", "kind", "beds", "band", "functions", "member"}

// maxRows and maxCell bound a sector list.
const (
	maxRows = 200_000
	maxCell = 4096
)

func newTable(header []string, rows [][]string) (*table, error) {
	t := &table{index: map[string]int{}, rows: rows}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if _, ok := t.index[name]; ok || name == "" {
			return nil, fmt.Errorf("reading the header: column %d is empty or a repetition", i+1)
		}
		t.index[name] = i
		if !slices.Contains(known, name) && !slices.Contains(classes, name) {
			t.extra = append(t.extra, name)
		}
	}
	if _, ok := t.index["name_ja"]; !ok {
		return nil, fmt.Errorf("reading the header: no column name_ja")
	}
	if len(rows) == 0 || len(rows) > maxRows {
		return nil, fmt.Errorf("reading the rows: %d, want 1 to %d", len(rows), maxRows)
	}
	for i, row := range rows {
		if len(row) != len(header) {
			return nil, fmt.Errorf("reading row %d: %d columns, want %d", i+1, len(row), len(header))
		}
		for j, cell := range row {
			if len(cell) > maxCell {
				return nil, fmt.Errorf("reading row %d: column %d is longer than %d bytes", i+1, j+1, maxCell)
			}
		}
		if strings.TrimSpace(t.cell(row, "name_ja")) == "" {
			return nil, fmt.Errorf("reading row %d: no name", i+1)
		}
	}
	return t, nil
}

// cell returns a cell of a row, "" where the list has no such column.
func (t *table) cell(row []string, name string) string {
	i, ok := t.index[name]
	if !ok {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// often is how many rows must share a word for it to be a word of the sector and no
// name: one in 150, at least three.
func (t *table) often() int { return max(3, len(t.rows)/150) }
