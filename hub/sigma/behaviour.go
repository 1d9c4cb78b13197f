package sigma

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"isac/hub"
)

//go:embed data/behaviours.toml
var behaviourFile string

// behaviour is a rule for techniques; the head of its file says more.
type behaviour struct {
	ID         string   `toml:"id"`
	Techniques []string `toml:"techniques"`
	Level      string   `toml:"level"`
	Logsource  []string `toml:"logsource"`
	JA         string   `toml:"ja"`
	EN         string   `toml:"en"`
	NoteJA     string   `toml:"note_ja"`
	NoteEN     string   `toml:"note_en"`
	Detection  string   `toml:"detection"`
}

var behaviours = sync.OnceValue(func() []behaviour {
	var file struct {
		Rules []behaviour `toml:"rule"`
	}
	meta, err := toml.Decode(behaviourFile, &file)
	if err != nil || len(meta.Undecoded()) > 0 {
		panic("sigma: behaviours.toml is broken") // a fault of the build; a test reads it
	}
	return file.Rules
})

func (a alert) behaviourRules(lang string) []Rule {
	var out []Rule
	for _, b := range behaviours() {
		named := slices.DeleteFunc(slices.Clone(a.techniques), func(id string) bool { return !b.answers(id) })
		if len(named) == 0 {
			continue
		}
		r := a.rule(b.ID, b.Level)
		r.Title, r.Description = hub.Text{JA: b.JA, EN: b.EN}.In(lang), hub.Text{JA: b.NoteJA, EN: b.NoteEN}.In(lang)
		r.Logsource = b.Logsource
		r.Detection = strings.Split(strings.TrimSpace(b.Detection), "\n")
		for _, id := range named {
			r.Tags = append(r.Tags, tag(id))
		}
		out = append(out, r)
	}
	return out
}

// answers reports whether b is for a technique or one that it is below.
func (b behaviour) answers(id string) bool {
	parent, _, _ := strings.Cut(id, ".")
	return slices.Contains(b.Techniques, id) || slices.Contains(b.Techniques, parent)
}
