package register

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Write writes the list as CSV that Read takes, with Unix line ends, columns in
// the order of Header and rows in the order of the list. Private columns are
// blank where the organisation hasn't joined.
func (r *Register) Write(w io.Writer) error { return writeRows(w, r.rows) }

func writeRows(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	err := out.Write(columnNames())
	if err != nil {
		return fmt.Errorf("writing sector list: %w", err)
	}
	err = out.WriteAll(rows) // flushes
	if err != nil {
		return fmt.Errorf("writing sector list: %w", err)
	}
	return nil
}
