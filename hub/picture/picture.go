// Package picture draws what released alerts name, as SVG: the attack path of an
// alert, the graph of what it shares with others, the ATT&CK matrix and the timeline
// of the sector; and the layer for the ATT&CK Navigator.
//
// It is pure and deterministic: the same input gives the same bytes. A picture has no
// colour but the ink of the page it stands in, no style, no script and no address of
// anything else; what its marks say is also said in words, for who can't see it. Text
// never leaves its box: it is measured wide (see em) and wrapped. It trusts the words
// and the vocabulary that it is given, and escapes every text; a rune that can't be
// measured or isn't part of XML isn't drawn.
//
//	p := picture.Page{Lang: "ja", Layout: picture.Wide, Words: words}
//	svg := picture.Path(p, v, analysis.Default(), []string{"T1133", "T1021.001", "T1486"})
package picture

import (
	"slices"

	"isac/hub"
	"isac/hub/sector"
	"isac/hub/vocab"
)

// Layout says for how much room a picture is made.
type Layout string

// Wide fits a sheet of A4 and a screen, Narrow a phone.
const (
	Wide   Layout = "wide"
	Narrow Layout = "narrow"
)

// Layouts lists both.
func Layouts() []Layout { return []Layout{Wide, Narrow} }

func (l Layout) width() int {
	if l == Narrow {
		return 328
	}
	return 720
}

// Page is where a picture will stand.
type Page struct {
	Lang   string // "ja" or "en"
	Layout Layout
	// Words gives a text for people by its key, in the language.
	Words func(key string, args ...string) string
	// Note stands below the picture: from where it is, and who may have it.
	Note string
}

// sizes of type; small is the smallest that survives a fax.
const (
	plain = 13
	small = 11
)

// levels of a band: how many of the three squares are filled.
func level(b sector.Band) int {
	switch b {
	case sector.Fewer:
		return 1
	case sector.From10:
		return 2
	case sector.From20:
		return 3
	}
	return 0
}

// band is a band in words.
func (p Page) band(b sector.Band) string {
	if b == sector.None {
		return p.Words("picture.none")
	}
	return p.Words("web.band." + string(b))
}

// label is how a value of a class is called.
func (p Page) label(v *vocab.Vocab, class hub.Class, value string) string {
	label, ok := v.Label(class, value)
	if !ok {
		return value
	}
	return label.In(p.Lang)
}

// known keeps the techniques that the vocabulary has, each once, by their ids of now
// and sorted.
func known(v *vocab.Vocab, ids []string) []string {
	var out []string
	for _, id := range ids {
		if t, ok := v.Technique(id); ok {
			out = append(out, t.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
