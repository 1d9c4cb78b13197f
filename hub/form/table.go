package form

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"
)

const (
	longestLabel = 40 // signs of a heading
	mostColumns  = 1 << 14
)

//go:embed labels.toml
var labelFile string

type labelled struct {
	Name  string   `toml:"name"`
	Words []string `toml:"words"`
}

// labels are the fields and the words by which they are known, folded.
var labels = sync.OnceValue(func() []labelled {
	var file struct {
		Fields []labelled `toml:"fields"`
	}
	_, err := toml.Decode(labelFile, &file)
	if err != nil {
		panic("form: labels: " + err.Error()) // embedded; a test reads it
	}
	for _, f := range file.Fields {
		for i, w := range f.Words {
			f.Words[i] = folded(w)
		}
	}
	return file.Fields
})

// folded is a cell without what differs from form to form: width, case, spaces.
func folded(cell string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(cell)), ""))
}

// remark is what a heading says in brackets or behind a reference mark; number is what
// counts headings.
var (
	remark = regexp.MustCompile(`\([^()]*\)|※.*`)
	number = regexp.MustCompile(`^(\([0-9一二三四五六七八九十ア-ン]{1,2}\)|[0-9]{1,2}[).、。:-]?|[一二三四五六七八九十ア-ン][).、。:])+`)
)

// label returns the field that a cell is the heading of. What has a full stop or
// figures is an answer.
func label(cell string) (field string, ok bool) {
	whole := folded(cell)
	for _, text := range []string{remark.ReplaceAllString(number.ReplaceAllString(whole, ""), ""), whole} {
		text = number.ReplaceAllString(text, "")
		if text == "" || strings.ContainsAny(text, "。0123456789") || utf8.RuneCountInString(text) > longestLabel {
			continue
		}
		for _, f := range labels() {
			for _, w := range f.Words {
				if strings.Contains(text, w) {
					return f.Name, true
				}
			}
		}
	}
	return "", false
}

func isLabel(cell string) bool {
	_, ok := label(cell)
	return ok
}

// FromTables reads a form that was filled in as a table, such as the common form of
// the authorities: beside each heading that is known, or below it, stands its answer.
// What it doesn't know it leaves. The answers are to be looked at before they are sent.
func FromTables(tables [][][]string) Answers {
	got := map[string][]string{}
	for _, cells := range tables {
		t := table{cells: cells, used: map[place]bool{}}
		for r, row := range cells {
			for c := range row {
				field, ok := label(row[c])
				if !ok || t.used[place{r, c}] || section(row, c) {
					continue
				}
				answer := t.answer(r, c)
				if answer != "" {
					got[field] = append(got[field], answer)
				}
			}
		}
	}
	var a Answers
	for _, t := range a.Texts() {
		joined := []rune(strings.Join(got[t.Name], "\n"))
		*t.Value = string(joined[:min(len(joined), longestText)])
	}
	return a
}

// table is one sheet while it is read.
type table struct {
	cells [][]string
	used  map[place]bool // as an answer
}

type place struct{ row, column int }

// section reports whether a heading is one of headings: a heading with an answer of its
// own stands behind it.
func section(row []string, c int) bool {
	var behind []string
	for _, cell := range row[c+1:] {
		if strings.TrimSpace(cell) != "" {
			behind = append(behind, cell)
		}
	}
	return len(behind) > 1 && isLabel(behind[0]) && !isLabel(behind[1]) && written(behind[1]) != ""
}

// answer returns what answers the heading at a place: the cells behind it up to the next
// heading, and those of the rows below that have no heading; or else what stands under
// it. The first cell behind it is the answer though it reads like a heading, but in a
// row of headings; what has a box to tick is one always.
func (t *table) answer(r, c int) string {
	row := t.cells[r]
	var cells []string
	end := mostColumns
	for i := c + 1; i < len(row); i++ {
		if strings.TrimSpace(row[i]) == "" {
			continue
		}
		if isLabel(row[i]) && !boxed(cells) && (len(cells) > 0 || t.under(r, c) != "" && t.under(r, i) != "") {
			end = i
			break
		}
		cells = append(cells, row[i])
		t.used[place{r, i}] = true
	}
	if len(cells) == 0 {
		return t.under(r, c)
	}
	lines := []string{written(cells...)}
	for below := r + 1; below < len(t.cells); below++ {
		more := t.continued(below, c, end, boxed(cells))
		if len(more) == 0 {
			break
		}
		lines = append(lines, written(more...))
	}
	return joined(lines)
}

// continued returns what a row adds to the answer of a heading above, whose columns are
// those behind c and before end: nothing where something stands in c or before, or where
// there is a heading.
func (t *table) continued(r, c, end int, boxes bool) []string {
	row := t.cells[r]
	var cells []string
	for i, cell := range row[:min(end, len(row))] {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if i <= c || isLabel(cell) && !boxes && !boxed(cells) {
			return nil
		}
		cells = append(cells, cell)
	}
	if boxes && !boxed(cells) {
		return nil
	}
	for i := c + 1; i < min(end, len(row)); i++ {
		t.used[place{r, i}] = true
	}
	return cells
}

// under is what stands below a place, down to the next heading or an empty cell.
func (t *table) under(r, c int) string {
	var lines []string
	for _, row := range t.cells[r+1:] {
		if c >= len(row) || strings.TrimSpace(row[c]) == "" || isLabel(row[c]) {
			break
		}
		lines = append(lines, written(row[c]))
	}
	return joined(lines)
}

func joined(lines []string) string {
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

// printed is what stands in a form before anybody fills it in: a remark, an example, a
// date without figures. Boxes are ticked or not; a program's own are TRUE or FALSE.
var (
	printed = regexp.MustCompile(`^(※|[(（]?(記入例|記載例|例)[:：)）]|\(?(e\.g\.|example:))`)
	noDate  = regexp.MustCompile(`^[令和平成西暦年月日時分頃:：()（）]*$`)
	boxes   = strings.NewReplacer("☐", "□", "◻", "□", "⬜", "□", "☑", "■", "☒", "■", "✓", "■", "✔", "■", "✅", "■")
)

// boxed reports whether there are boxes to tick in cells.
func boxed(cells []string) bool {
	return slices.ContainsFunc(cells, func(cell string) bool {
		cell = strings.TrimSpace(cell)
		return cell == "TRUE" || cell == "FALSE" || strings.ContainsAny(cell, "□☐◻⬜☑☒✅") || strings.HasPrefix(cell, "■")
	})
}

// written is what somebody wrote into cells of an answer: of boxes to tick, those that
// are.
func written(cells ...string) string {
	var words []string
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch {
		case printed.MatchString(cell) || noDate.MatchString(strings.Join(strings.Fields(cell), "")):
			continue
		case cell == "TRUE":
			cell = "☑"
		case cell == "FALSE":
			cell = "☐"
		}
		words = append(words, cell)
	}
	text := strings.Join(words, " ")
	if !boxed(words) {
		return text
	}
	var ticked []string
	parts := strings.SplitAfter(boxes.Replace(text), "■")
	for _, after := range parts[1:] {
		choice, _, _ := strings.Cut(strings.TrimSuffix(after, "■"), "□")
		if choice = strings.Join(strings.Fields(choice), " "); choice != "" {
			ticked = append(ticked, choice)
		}
	}
	return strings.Join(ticked, "\n")
}
