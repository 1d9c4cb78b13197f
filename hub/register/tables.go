package register

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

var (
	//go:embed data/variants.txt
	variantsFile string
	//go:embed data/homoglyphs.txt
	homoglyphsFile string

	variants   = runeTable(variantsFile)
	homoglyphs = runeTable(homoglyphsFile)
)

// tableLines returns the lines of an embedded table, without comments.
func tableLines(file string) []string {
	var lines []string
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// runeTable reads lines of one character and those that become it.
func runeTable(file string) map[rune]rune {
	table := map[rune]rune{}
	for _, line := range tableLines(file) {
		forms := strings.Fields(line)
		to, _ := utf8.DecodeRuneInString(forms[0])
		for _, form := range forms[1:] {
			from, _ := utf8.DecodeRuneInString(form)
			table[from] = to
		}
	}
	return table
}
