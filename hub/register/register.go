// Package register holds the sector list: every organisation of the sector,
// members or not, with every name and asset by which a text could give one away,
// and finds them in text.
//
// Read takes the list from CSV and imports nothing when anything in it is wrong.
// NewIndex derives the spellings of every organisation (needles) and builds one
// automaton over them; Index.Find folds a text, looks through common encodings
// and reports the byte spans that name somebody, also where other words have grown to
// a name (loginmidorisawa.com). Needles is the small sibling for the values that one
// case has left out: it is built for each report, and tells only whether one stands in
// a text.
//
// It trusts the list (the secretariat imports it) and nothing of the text. It
// cannot know nicknames, staff or former names that the list doesn't have.
//
//	reg, err := register.Read(f)
//	...
//	x := register.NewIndex(reg)
//	for _, hit := range x.Find(text) {
//		fmt.Println(hit.Class, hit.Start, hit.End)
//	}
package register

import (
	"slices"

	"isac/hub"
)

// Register is a version of the sector list. It never changes once made; the zero
// value is an empty list.
type Register struct {
	all     []hub.Organisation
	members []hub.Organisation
	rows    [][]string // as the list has them, in the order of columns
	byID    map[string]int
	digest  hub.Digest
}

// All returns every organisation in the order of the list. The slice is shared:
// callers must not change it.
func (r *Register) All() []hub.Organisation { return slices.Clip(r.all) }

// Members returns the organisations that have joined, in the order of the list.
// The slice is shared: callers must not change it.
func (r *Register) Members() []hub.Organisation { return slices.Clip(r.members) }

// Len returns the number of organisations.
func (r *Register) Len() int { return len(r.all) }

// ByID returns the organisation with the id.
func (r *Register) ByID(id string) (hub.Organisation, bool) {
	i, ok := r.byID[id]
	if !ok {
		return hub.Organisation{}, false
	}
	return r.all[i], true
}

// Digest names this version: SHA-256 over the list as Write would write it with
// its rows sorted by id. Order of rows and columns and the quoting of the file
// read don't matter, nor do private columns of organisations that haven't joined.
func (r *Register) Digest() hub.Digest { return r.digest }

// Header returns the names of the columns, in the order of Rows.
func (r *Register) Header() []string { return columnNames() }

// Rows returns the raw cells of every organisation, for a reader that derives
// its own needles. Private columns are blank where the organisation hasn't
// joined. The rows are shared: callers must not change them.
func (r *Register) Rows() [][]string { return slices.Clip(r.rows) }

// PublicRows are Rows as if nobody had joined: what is found by them alone tells nothing
// of who has.
func (r *Register) PublicRows() [][]string {
	out := make([][]string, len(r.rows))
	for i, row := range r.rows {
		out[i] = slices.Clone(row)
		for j, c := range columns {
			if c.private && j < len(row) {
				out[i][j] = ""
			}
		}
	}
	return out
}
