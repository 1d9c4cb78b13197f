package form

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"
)

// longestLabel is how many signs a heading of a form has at most.
const longestLabel = 40

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

// label returns the field that a cell is the heading of, "" for none. What has a full
// stop is an answer.
func label(cell string) string {
	text := folded(cell)
	if text == "" || strings.ContainsRune(text, '。') || utf8.RuneCountInString(text) > longestLabel {
		return ""
	}
	for _, f := range labels() {
		for _, w := range f.Words {
			if strings.Contains(text, w) {
				return f.Name
			}
		}
	}
	return ""
}

// FromTables reads a form that was filled in as a table, such as the common form of
// the authorities: beside each heading that is known, or below it, stands its answer.
// What it doesn't know it leaves. The answers are to be looked at before they are sent.
func FromTables(tables [][][]string) Answers {
	got := map[string][]string{}
	for _, table := range tables {
		for r, row := range table {
			for c := 0; c < len(row); c++ {
				field := label(row[c])
				if field == "" {
					continue
				}
				answer, last := beside(table, r, c)
				if answer != "" {
					got[field] = append(got[field], answer)
				}
				c = last
			}
		}
	}
	text := func(field string) string {
		joined := []rune(strings.Join(got[field], "\n"))
		return string(joined[:min(len(joined), longestText)])
	}
	return Answers{
		Seen: text("seen"), Stopped: text("stopped"), Since: text("since"), Entry: text("entry"), Note: text("note"),
		Done: text("done"), CVEs: text("cves"), Indicators: text("indicators"), Contact: text("contact"),
	}
}

// beside returns the answer to the heading at a place, and the last column of it: the
// cells behind it up to the next heading, or else the cell below. The first cell behind
// it is the answer though it reads like a heading, but in a row of headings.
func beside(table [][]string, r, c int) (answer string, last int) {
	var cells []string
	last = c
	for i := c + 1; i < len(table[r]); i++ {
		cell := strings.TrimSpace(table[r][i])
		if cell == "" {
			continue
		}
		if label(cell) != "" && (len(cells) > 0 || under(table, r, c) != "" && under(table, r, i) != "") {
			break
		}
		cells, last = append(cells, cell), i
	}
	if len(cells) == 0 {
		return under(table, r, c), c
	}
	return strings.Join(cells, " "), last
}

// under is the cell below a place, "" where it is a heading itself.
func under(table [][]string, r, c int) string {
	if r+1 >= len(table) || c >= len(table[r+1]) || label(table[r+1][c]) != "" {
		return ""
	}
	return strings.TrimSpace(table[r+1][c])
}
