package workbook_test

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"isac/hub"
	"isac/internal/workbook"
)

func written(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCellsAreReadAsText(t *testing.T) {
	data := written(t, func(f *excelize.File) {
		for cell, value := range map[string]any{"A1": "概要", "C1": "電子カルテが停止", "A3": 42, "B3": "x"} {
			if err := f.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.NewSheet("二"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula("二", "A1", `=WEBSERVICE("http://attacker.example/")`); err != nil {
			t.Fatal(err)
		}
	})
	tables, err := workbook.Read(data)
	if err != nil || len(tables) != 2 {
		t.Fatal(len(tables), err)
	}
	if got := tables[0]; got[0][0] != "概要" || got[0][2] != "電子カルテが停止" || got[2][0] != "42" {
		t.Errorf("%q", got)
	}
}

// What would unpack to more than the bound is refused before it is unpacked, and what
// is far away in a sheet costs no memory.
func TestBombs(t *testing.T) {
	bomb := func(size int, names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range names {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(bytes.Repeat([]byte(" "), size)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, data := range map[string][]byte{
		"one large file": bomb(17<<20, "xl/sharedStrings.xml"),
		"several":        bomb(6<<20, "xl/a.xml", "xl/b.xml", "xl/c.xml"),
		"very many":      bomb(0, strings.Split(strings.Repeat("x,", 301), ",")...),
	} {
		if _, err := workbook.Read(data); hub.KindOf(err) != hub.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	lying := bomb(1<<20, "xl/workbook.xml")
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	copy(lying[at+24:], []byte{1, 0, 0, 0}) // its unpacked size, as the archive's list tells it
	if _, err := workbook.Read(lying); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a list that lies: %v", err)
	}
	far := written(t, func(f *excelize.File) {
		if err := f.SetCellValue("Sheet1", "XFD1048576", "x"); err != nil {
			t.Fatal(err)
		}
	})
	tables, err := workbook.Read(far)
	if err != nil || len(tables) != 1 || len(tables[0]) > 2000 {
		t.Errorf("a cell far away: %v", err)
	}
	for _, junk := range []string{"", "PK\x03\x04", "not a workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"} {
		if _, err := workbook.Read([]byte(junk)); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%q: %v", junk, err)
		}
	}
	for n := range len(far) {
		if n%97 == 0 {
			broken := bytes.Clone(far)
			broken[n] ^= 0xff
			_, _ = workbook.Read(broken) // ends, and is no panic
		}
	}
}

// Nothing of a workbook is written to disk.
func TestNothingIsWritten(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	data := written(t, func(f *excelize.File) {
		for row := range 3000 {
			cell, err := excelize.CoordinatesToCellName(1, row+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", cell, strings.Repeat("病", row%500))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	if _, err := workbook.Read(data); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%d files, %v", len(left), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = workbook.Read(data) })
}

// What is written is text in every program: no cell is a formula, and none becomes one
// when it is edited; nothing of it is lost; and the file names nobody.
func TestWrittenCellsAreText(t *testing.T) {
	long := strings.Repeat("病", 40_000) + "終"
	rows := [][]string{{"題", "=cmd|'/C calc'!A0"}, nil, {"@SUM(A1)", "+1", "-1", "\t=1", "2026-11-27", "007"}, {"a", long, "c"}, {"last"}}
	data, err := workbook.Write(rows, 20, 60)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := workbook.Read(data)
	if err != nil || len(tables) != 1 {
		t.Fatal(len(tables), err)
	}
	got := tables[0]
	for i, row := range rows[:3] {
		for j, want := range row {
			if got[i][j] != want {
				t.Errorf("row %d, cell %d is %q, want %q", i, j, got[i][j], want)
			}
		}
	}
	if got[3][1]+got[4][1]+got[5][1] != long || got[6][0] != "last" || got[3][2] != "c" {
		t.Error("a long text isn't whole")
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, cell := range []string{"B1", "A3", "B3", "C3", "D3"} {
		formula, err := f.GetCellFormula("Sheet1", cell)
		kind, err2 := f.GetCellType("Sheet1", cell)
		id, err3 := f.GetCellStyle("Sheet1", cell)
		style, err4 := f.GetStyle(id)
		if err != nil || err2 != nil || err3 != nil || err4 != nil || formula != "" || kind != excelize.CellTypeSharedString || style.NumFmt != 49 {
			t.Errorf("%s: formula %q, kind %v", cell, formula, kind)
		}
	}
	props, err := f.GetDocProps()
	if err != nil || props.Creator != "" || props.LastModifiedBy != "" {
		t.Errorf("the file names %q, %q", props.Creator, props.LastModifiedBy)
	}
}
