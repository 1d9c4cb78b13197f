// Package workbook reads the cells of an Excel workbook (xlsx) as text, within
// bounds: what unpacks to more, or has more rows, is refused or cut. Nothing is
// calculated, no link is followed, nothing is written to disk. It also writes a sheet,
// every cell of which is text.
//
// It trusts nothing of a workbook, nor of what goes into one.
//
//	tables, err := workbook.Read(data)
//	data, err := workbook.Write(tables[0])
package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"

	"github.com/xuri/excelize/v2"

	"isac/hub"
)

const (
	mostUnpacked = 16 << 20
	mostFiles    = 300
	mostSheets   = 20
	mostRows     = 2000
	mostColumns  = 200
)

// Read returns the cells of every sheet, by row and column.
func Read(data []byte) (tables [][][]string, err error) {
	err = bounded(data)
	if err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil { // of the library, on a broken workbook
			tables, err = nil, hub.E(hub.Invalid, "workbook.unreadable")
		}
	}()
	// The second bound is the first: above it the library would unpack to a file.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked, RawCellValue: false})
	if err != nil { // its text could quote a cell
		return nil, hub.E(hub.Invalid, "workbook.unreadable")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, sheet := range f.GetSheetList()[:min(mostSheets, f.SheetCount)] {
		table, err := read(f, sheet)
		if err != nil {
			return nil, hub.E(hub.Invalid, "workbook.unreadable")
		}
		tables = append(tables, table)
	}
	return tables, nil
}

func read(f *excelize.File, sheet string) ([][]string, error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("reading sheet: %w", err)
	}
	defer rows.Close()
	var table [][]string
	for rows.Next() && len(table) < mostRows {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("reading sheet: %w", err)
		}
		table = append(table, cells[:min(len(cells), mostColumns)])
	}
	return table, rows.Error()
}

// bounded looks at the archive's own list, which nothing in it can exceed when it is
// unpacked.
func bounded(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return hub.E(hub.Invalid, "workbook.unreadable")
	}
	var sum uint64
	for _, file := range z.File {
		if file.UncompressedSize64 > mostUnpacked {
			return hub.E(hub.TooLarge, "workbook.too-large")
		}
		sum += file.UncompressedSize64
	}
	if sum > mostUnpacked || len(z.File) > mostFiles {
		return hub.E(hub.TooLarge, "workbook.too-large")
	}
	return nil
}
