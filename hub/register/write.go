package register

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
)

// Write writes the list as CSV that Read takes, with Unix line ends, columns in
// the order of Header and rows in the order of the list. Private columns are
// blank where the organisation hasn't joined. Columns that a list may be without are
// written up to the last that has a cell: a list without them stays as it is.
func (r *Register) Write(w io.Writer) error { return writeRows(w, r.rows) }

func writeRows(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	n := inUse(rows)
	err := out.Write(columnNames()[:n])
	for i := 0; err == nil && i < len(rows); i++ {
		err = out.Write(rows[i][:n])
	}
	if err != nil {
		return fmt.Errorf("writing sector list: %w", err)
	}
	out.Flush()
	err = out.Error()
	if err != nil {
		return fmt.Errorf("writing sector list: %w", err)
	}
	return nil
}

// inUse returns the number of columns to write.
func inUse(rows [][]string) int {
	n := len(columns)
	for n > 0 && columns[n-1].extra && !slices.ContainsFunc(rows, func(row []string) bool { return row[n-1] != "" }) {
		n--
	}
	return n
}
