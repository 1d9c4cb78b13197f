// Package sentences holds the hand-written sentences of incident reports with which
// the attack suite writes its reports, and what each says of the attack. They were
// written without a look at the anonymizer, its tables or its tests, and nothing
// below hub may read them.
//
// A sentence has placeholders in braces for what the suite plants. Its facts are
// what a reader must find, the open ones what a reader may find; any other is one
// too many. The files are trusted: they are part of the program.
//
//	list, err := sentences.Load("ja")
//	fmt.Println(list[0].Text, list[0].Facts)
package sentences

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed *.toml
var files embed.FS

// Kinds are what a sentence is for, in the order in which a report tells them. The
// last five state nothing of the attack.
var Kinds = []string{"entry", "spread", "impact", "negated", "planned", "background", "contact", "response"}

// Sentence is one of them.
type Sentence struct {
	Text  string
	Kind  string
	Facts []Fact
	Open  []Fact
}

// Fact is what a sentence says: any of some keys of facts, with placeholders.
type Fact struct {
	Any        []string // "technique:T1133"
	Confidence string   // "" where the sentence doesn't say how sure it is
}

// Load returns all sentences of a language, "ja" or "en".
func Load(lang string) ([]Sentence, error) {
	names, err := fs.Glob(files, "*"+lang+".toml")
	if err != nil {
		return nil, fmt.Errorf("finding sentences: %w", err)
	}
	var out []Sentence
	for _, name := range names {
		list, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("reading sentences of %s: %w", name, err)
		}
		out = append(out, list...)
	}
	return out, nil
}

type entry struct {
	Text  string   `toml:"text"`
	Facts []string `toml:"facts"`
	Open  []string `toml:"open"`
	Kind  string   `toml:"kind"`
}

func read(name string) ([]Sentence, error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Sentence []entry `toml:"sentence"`
	}
	meta, err := toml.Decode(string(data), &file)
	if err != nil {
		return nil, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("unknown key %s", unknown[0])
	}
	var out []Sentence
	for i, e := range file.Sentence {
		s := Sentence{Text: strings.TrimSpace(e.Text), Kind: e.Kind}
		s.Facts, err = facts(e.Facts)
		if err == nil {
			s.Open, err = facts(e.Open)
		}
		if err != nil {
			return nil, fmt.Errorf("sentence %d: %w", i+1, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func facts(list []string) ([]Fact, error) {
	var out []Fact
	for _, text := range list {
		f, err := parse(text)
		if err != nil {
			return nil, err
		}
		if len(f.Any) > 0 {
			out = append(out, f)
		}
	}
	return out, nil
}

// parse reads "kind:value" or "kind:value:confidence".
func parse(text string) (Fact, error) {
	var f Fact
	for _, c := range []string{"confirmed", "likely", "possible", "unknown"} {
		if rest, ok := strings.CutSuffix(text, ":"+c); ok {
			text, f.Confidence = rest, c
		}
	}
	kind, value, ok := strings.Cut(text, ":")
	if !ok || value == "" {
		return f, fmt.Errorf("no value in %q", text)
	}
	switch kind {
	case "technique", "cve", "family", "tool", "group", "product":
		f.Any = []string{text}
		return f, nil
	}
	f.Any, ok = words[text]
	if !ok {
		return f, fmt.Errorf("no fact for %q", text)
	}
	return f, nil
}
