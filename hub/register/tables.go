package register

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

var (
	//go:embed data/variants.txt
	variantsFile string
	//go:embed data/homoglyphs.txt
	homoglyphsFile string

	//go:embed data/corporations.txt
	corporationsFile string
	//go:embed data/endings.txt
	endingsFile string
	//go:embed data/context.txt
	contextFile string
	//go:embed data/words.txt
	wordsFile string
	//go:embed data/generic-en.txt
	genericFile string
	//go:embed data/beside.txt
	besideFile string
	//go:embed data/place-words.txt
	placeFile string
	//go:embed data/shared-hosts.txt
	sharedHostsFile string

	variants   = runeTable(variantsFile)
	homoglyphs = runeTable(homoglyphsFile)
)

// words are the tables about names, folded. They are made when first needed.
var words = sync.OnceValue(func() wordTables {
	w := wordTables{
		corporations: foldedSet(corporationsFile), common: foldedSet(wordsFile),
		generic: foldedSet(genericFile), place: foldedSet(placeFile), beside: foldedSet(besideFile), shared: map[string]bool{}, endings: map[string][]string{},
	}
	w.heard = &wordTables{beside: map[string]bool{}, generic: map[string]bool{}}
	for _, set := range []map[string]bool{w.beside, w.generic} {
		for word := range set {
			w.heard.beside[sound(word)] = true
		}
	}
	for _, line := range tableLines(sharedHostsFile) {
		w.shared[line] = true
	}
	for _, line := range tableLines(contextFile) {
		w.context = append(w.context, Fold(line))
	}
	for _, line := range tableLines(endingsFile) {
		forms := foldFields(line)
		w.endings[forms[0]] = forms[1:]
	}
	return w
})

type wordTables struct {
	corporations map[string]bool     // kinds of legal persons
	common       map[string]bool     // words that are no name by themselves
	generic      map[string]bool     // Latin words that many names share
	place        map[string]bool     // words behind the Latin name of a place
	beside       map[string]bool     // what is put beside a name in hosts, files and accounts
	shared       map[string]bool     // domains under which anybody may be
	heard        *wordTables         // beside and generic by their sound
	context      []string            // words that show that an organisation is meant
	endings      map[string][]string // ending of a name → its short forms
}

func foldedSet(file string) map[string]bool {
	set := map[string]bool{}
	for _, line := range tableLines(file) {
		set[Fold(line)] = true
	}
	return set
}

func foldFields(line string) []string {
	fields := strings.Fields(line)
	for i := range fields {
		fields[i] = Fold(fields[i])
	}
	return fields
}

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
