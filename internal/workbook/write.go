package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// longestCell is how many signs go into one cell; Excel holds 32,767 UTF-16 units, and
// a sign has at most two.
const longestCell = 16_000

// Write makes a workbook of one sheet. Every cell is text, also one that begins as a
// formula does, and stays text when somebody edits it. What a cell can't hold goes on
// below it.
func Write(rows [][]string, widths ...float64) (data []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	sheet := f.GetSheetName(0)
	for i, w := range widths {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = f.SetColWidth(sheet, name, name, w)
		}
		if err != nil {
			return nil, fmt.Errorf("writing workbook: %w", err)
		}
	}
	const asText = 49 // the number format "@"
	style, err := f.NewStyle(&excelize.Style{NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return nil, fmt.Errorf("writing workbook: %w", err)
	}
	at := 1
	for _, row := range rows {
		n, err := write(f, sheet, at, row, style)
		if err != nil {
			return nil, fmt.Errorf("writing workbook: %w", err)
		}
		at += n
	}
	err = f.SetDocProps(&excelize.DocProperties{}) // names nobody
	if err != nil {
		return nil, fmt.Errorf("writing workbook: %w", err)
	}
	var b bytes.Buffer
	err = f.Write(&b)
	if err != nil {
		return nil, fmt.Errorf("writing workbook: %w", err)
	}
	return b.Bytes(), nil
}

// write puts one row in place and returns how many of the sheet it took.
func write(f *excelize.File, sheet string, at int, row []string, style int) (int, error) {
	taken := 1
	for i, text := range row {
		for n := 0; text != ""; n++ {
			cell, err := excelize.CoordinatesToCellName(i+1, at+n)
			if err != nil {
				return 0, err
			}
			var piece string
			piece, text = cut(text)
			err = errors.Join(f.SetCellStr(sheet, cell, piece), f.SetCellStyle(sheet, cell, cell, style))
			if err != nil {
				return 0, err
			}
			taken = max(taken, n+1)
		}
	}
	return taken, nil
}

// cut takes from a text what one cell holds.
func cut(text string) (piece, rest string) {
	if utf8.RuneCountInString(text) <= longestCell {
		return text, ""
	}
	signs := []rune(text)
	return string(signs[:longestCell]), string(signs[longestCell:])
}
