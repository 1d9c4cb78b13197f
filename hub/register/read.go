package register

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
)

const maxList = 128 << 20 // bytes

// Read reads a sector list: CSV, UTF-8, a header with exactly the columns of
// Header in any order; those that a list may be without are at its end. Any broken cell stops it: the error is a *hub.Error of
// kind Invalid with the text "register.<rule>", whose arguments are the line
// (from 1) and the column's name. No cell's content is in an error.
func Read(r io.Reader) (*Register, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxList+1))
	if err != nil {
		return nil, fmt.Errorf("reading sector list: %w", err)
	}
	if len(data) > maxList {
		return nil, hub.E(hub.TooLarge, "register.too-large", strconv.Itoa(maxList>>20))
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	order, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	b := newBuilder()
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badCSV(err)
		}
		row := make([]string, len(columns))
		for i, at := range order {
			row[at] = record[i]
		}
		line := func(col int) int {
			n, _ := in.FieldPos(max(0, slices.Index(order, col)))
			return n
		}
		err = b.add(row, line)
		if err != nil {
			return nil, err
		}
	}
	return b.register()
}

// New makes a register of organisations that were not read from a file. They are
// checked as Read checks them; the line of an error is the place in the slice
// plus 2, where the row would stand in a file.
func New(orgs []hub.Organisation) (*Register, error) {
	b := newBuilder()
	for i := range orgs {
		row := make([]string, len(columns))
		for j, c := range columns {
			row[j] = c.get(&orgs[i])
		}
		err := b.add(row, func(int) int { return i + 2 })
		if err != nil {
			return nil, err
		}
	}
	return b.register()
}

// readHeader returns for each field of the file the column that it holds.
func readHeader(in *csv.Reader) ([]int, error) {
	record, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, broken("no-header", 1, columns[0].name)
	}
	if err != nil {
		return nil, badCSV(err)
	}
	names := columnNames()
	order := make([]int, len(record))
	for i, name := range record {
		order[i] = slices.Index(names, name)
		if order[i] < 0 {
			return nil, broken("unknown-column", 1, shown(name))
		}
		if slices.Contains(order[:i], order[i]) {
			return nil, broken("double-column", 1, name)
		}
	}
	var missing []string
	for i, name := range names {
		if !columns[i].extra && !slices.Contains(order, i) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, broken("missing-column", 1, strings.Join(missing, ", "))
	}
	return order, nil
}

// shown makes an unknown column's name fit for an error.
func shown(name string) string {
	const most = 40
	if len(name) > most {
		name = name[:most] + "…"
	}
	q := strconv.Quote(name)
	return q[1 : len(q)-1]
}

// textPrefix is before every rule's name in the locale files.
const textPrefix = "register."

// broken makes the error for a cell that breaks a rule.
func broken(rule string, line int, column string) error {
	return &hub.Error{
		Kind: hub.Invalid, Text: textPrefix + rule, Args: []string{strconv.Itoa(line), column},
		Err: fmt.Errorf("reading sector list: line %d, column %s: %s", line, column, rule),
	}
}

// badCSV names the line of a file that isn't CSV or has rows of another length.
func badCSV(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("reading sector list: %w", err)
	}
	rule := "not-csv"
	if errors.Is(err, csv.ErrFieldCount) {
		rule = "field-count"
	}
	return broken(rule, p.Line, strconv.Itoa(p.Column))
}
