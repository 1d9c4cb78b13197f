// Package drafts fills in the forms that authorities want after an incident from the
// report that was made for the hub anyway: the common form of a ransomware incident, the
// nine items of a breach of personal data, the consultation of the police. Each draft
// says by when it is due, from when that counts, and which fields the report leaves
// open. It is a draft: people complete it and hand it in; the hub never does.
//
// A form is a file of the folder data, or one of the user's own: its fields with their
// labels, what of a report answers each, and its deadlines. The package trusts the
// form's file. A report is the reporter's own and is quoted as it is, so a draft is for
// the eyes of its reporter alone.
//
//	f, _ := drafts.Named("ransomware")
//	d := drafts.Fill(f, drafts.Read(bundle, v), drafts.Clock{Start: known, Said: true}, "ja", p, now)
//	fmt.Print(d.Text(say))
package drafts

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
)

// Form is what an authority wants to know.
type Form struct {
	ID    string   `toml:"id"`
	Title hub.Text `toml:"title"`
	// To is who gets it, and how it is handed in.
	To hub.Text `toml:"to"`
	// Starts says what starts the clock.
	Starts    hub.Text   `toml:"starts"`
	Deadlines []Deadline `toml:"deadlines"`
	Fields    []Field    `toml:"fields"`
}

// Deadline is by when something is due.
type Deadline struct {
	ID    string   `toml:"id"`
	Label hub.Text `toml:"label"`
	// Days are the first and the last day on which it should be handed in, counted with
	// the day on which the clock starts as the first; none for "at once".
	Days []int `toml:"days"`
	// Moved is true where a last day on which nobody works moves to the next working day.
	Moved bool `toml:"moved"`
	// Note says when it holds.
	Note hub.Text `toml:"note"`
}

// Field is one question of a form.
type Field struct {
	ID    string   `toml:"id"`
	Label hub.Text `toml:"label"`
	Help  hub.Text `toml:"help"`
	// From are the sources of its answer, all of which are taken: see Sources.
	From []string `toml:"from"`
	// Words mark sentences of the report that answer it, in either language.
	Words []string `toml:"words"`
}

//go:embed data/*.toml
var files embed.FS

// Names lists the forms that are part of the program, in the order in which they are
// offered.
func Names() []string { return []string{"ransomware", "personal-data", "police"} }

// Named returns a form that is part of the program.
func Named(name string) (Form, bool) {
	if !slices.Contains(Names(), name) {
		return Form{}, false
	}
	data, err := files.ReadFile("data/" + name + ".toml")
	if err != nil {
		panic("drafts: " + name + " is not embedded")
	}
	f, err := Load(data)
	if err != nil {
		panic("drafts: " + name + ": " + err.Error()) // a test loads each
	}
	return f, true
}

// Load reads a form from TOML. Its error names the key at fault.
func Load(data []byte) (Form, error) {
	var f Form
	meta, err := toml.Decode(string(data), &f)
	if err != nil {
		return Form{}, fmt.Errorf("reading form: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Form{}, fmt.Errorf("reading form: unknown key %s", unknown[0])
	}
	err = f.check()
	if err != nil {
		return Form{}, fmt.Errorf("reading form: %w", err)
	}
	return f, nil
}

func (f Form) check() error {
	switch {
	case !isID(f.ID):
		return fmt.Errorf("id: want lower case letters, digits and hyphens")
	case !both(f.Title) || !both(f.To) || !both(f.Starts):
		return fmt.Errorf("title, to, starts: want both languages")
	case len(f.Fields) == 0 || len(f.Deadlines) == 0:
		return fmt.Errorf("want fields and deadlines")
	}
	seen := map[string]bool{}
	for _, x := range f.Fields {
		if !isID(x.ID) || seen[x.ID] || !both(x.Label) || x.Help != (hub.Text{}) && !both(x.Help) {
			return fmt.Errorf("fields %q: want an id of its own and both languages", x.ID)
		}
		seen[x.ID] = true
		for _, from := range x.From {
			if !slices.Contains(Sources(), from) {
				return fmt.Errorf("fields %q: no source %q", x.ID, from)
			}
		}
		if slices.ContainsFunc(x.Words, func(w string) bool { return strings.TrimSpace(w) == "" }) {
			return fmt.Errorf("fields %q: want words", x.ID)
		}
	}
	for _, d := range f.Deadlines {
		days := len(d.Days) == 0 || len(d.Days) == 2 && d.Days[0] >= 1 && d.Days[0] <= d.Days[1] && d.Days[1] <= 3660
		if !isID(d.ID) || !both(d.Label) || !both(d.Note) || !days {
			return fmt.Errorf("deadlines %q: want an id, both languages, and days such as [3, 5]", d.ID)
		}
	}
	return nil
}

func both(t hub.Text) bool { return t.JA != "" && t.EN != "" }

func isID(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
