package synthetic

import (
	"embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.txt
var files embed.FS

// word is a part of a name in its three scripts.
type word struct{ kanji, kana, latin string }

type place struct {
	prefecture, latin, region, area, postal string
	towns                                   []word
}

// sort is a sort of organisation: who owns it, how large it is, what it is called.
type sort struct {
	owner, ownerClass, kind, legal, abbr string
	number, least, most                  int
	ending                               word
	zones                                []string
}

// function is what an organisation may do: so many in a hundred of those that
// have the beds.
type function struct {
	least, percent int
	name           string
}

type tableSet struct {
	places                      []place
	firsts, grounds             []word
	sorts                       []sort
	vendors                     []string
	placeWeights, vendorWeights []int
	sortWeights                 []int
	functions                   []function
}

// tables reads the data files once. They are part of the program: a fault in
// them shows in every test.
var tables = sync.OnceValue(func() *tableSet {
	t := &tableSet{firsts: words("names"), grounds: words("grounds")}
	for _, f := range rows("places") {
		t.placeWeights = append(t.placeWeights, number(f[3]))
		p := place{prefecture: f[0], latin: f[1], region: f[2], area: f[4], postal: f[5]}
		for _, town := range f[6:] {
			kanji, latin, _ := strings.Cut(town, ":")
			p.towns = append(p.towns, word{kanji: kanji, latin: latin})
		}
		t.places = append(t.places, p)
	}
	for _, f := range rows("sorts") {
		t.sortWeights = append(t.sortWeights, number(f[0]))
		s := sort{number: len(t.sorts), owner: f[1], ownerClass: f[2], kind: f[3], least: number(f[4]), most: number(f[5])}
		s.legal, s.abbr, s.zones = strings.Trim(f[6], "-"), f[10], f[11:]
		s.ending = word{f[7], f[8], strings.ReplaceAll(f[9], "_", " ")}
		t.sorts = append(t.sorts, s)
	}
	for _, f := range rows("vendors") {
		t.vendorWeights = append(t.vendorWeights, number(f[0]))
		t.vendors = append(t.vendors, f[1])
	}
	for _, f := range rows("functions") {
		t.functions = append(t.functions, function{number(f[0]), number(f[1]), f[2]})
	}
	return t
})

func words(name string) []word {
	var all []word
	for _, f := range rows(name) {
		all = append(all, word{f[0], f[1], f[2]})
	}
	return all
}

func rows(name string) [][]string {
	data, err := files.ReadFile("data/" + name + ".txt")
	if err != nil {
		return nil
	}
	var all [][]string
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			all = append(all, fields)
		}
	}
	return all
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
