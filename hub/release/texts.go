package release

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"isac/hub"
)

//go:embed texts.toml
var textsFile string

// wording is what texts.toml holds.
type wording struct {
	Withdrawn hub.Text            `toml:"withdrawn"`
	Recalled  hub.Text            `toml:"recalled"`
	Look      map[string]hub.Text `toml:"look"`
	Kind      []kindText          `toml:"kind"`
	byKind    map[hub.Kind]kindText
}

// kindText says of kinds of indicators what they are, where in an attack they are
// mostly seen (ATT&CK tactic), and for how many days they are worth looking for.
type kindText struct {
	Kinds []hub.Kind `toml:"kinds"`
	Name  string     `toml:"name"`
	JA    string     `toml:"ja"`
	EN    string     `toml:"en"`
	Look  string     `toml:"look"`
	Phase string     `toml:"phase"`
	Days  int        `toml:"days"`
}

var texts = sync.OnceValue(func() *wording {
	t, err := readTexts(textsFile)
	if err != nil {
		panic("release: " + err.Error())
	}
	return t
})

// readTexts reads strictly: an unknown key is an error.
func readTexts(file string) (*wording, error) {
	t := &wording{byKind: map[hub.Kind]kindText{}}
	meta, err := toml.Decode(file, t)
	if err != nil {
		return nil, fmt.Errorf("reading texts: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("reading texts: unknown key %s", unknown[0])
	}
	for _, row := range t.Kind {
		for _, k := range row.Kinds {
			t.byKind[k] = row
		}
	}
	return t, nil
}

// of returns the row of a kind; what has none reads as a combination.
func (t *wording) of(k hub.Kind) kindText {
	if row, ok := t.byKind[k]; ok {
		return row
	}
	return t.byKind[hub.Pattern]
}

// description says in both languages what the indicator is and what to do with it.
func (k kindText) description() hub.Text {
	look := texts().Look[k.Look]
	return hub.Text{JA: k.JA + look.JA, EN: k.EN + " " + look.EN}
}

// backText says what became of an alert; never why.
func backText(kind hub.AlertKind, number uint64) hub.Text {
	t := texts().Withdrawn
	if kind == hub.Recalled {
		t = texts().Recalled
	}
	n := strconv.FormatUint(number, 10)
	return hub.Text{JA: strings.ReplaceAll(t.JA, "{0}", n), EN: strings.ReplaceAll(t.EN, "{0}", n)}
}
