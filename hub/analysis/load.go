package analysis

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"
)

// Fault is the first thing wrong with the files of a library, and where.
type Fault struct {
	File string
	Line int // 0 where it is no line's
	What string
	// key is the id or key by which the line is found, last of several where twice.
	key   string
	twice bool
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return fmt.Sprintf("reading %s: %s", f.File, f.What)
	}
	return fmt.Sprintf("reading %s, line %d: %s", f.File, f.Line, f.What)
}

// Load reads a library from the TOML files of a folder. Its error is a Fault: an
// unknown key, an id twice, a language missing.
func Load(fsys fs.FS) (*Library, error) {
	lib := &Library{from: fsys}
	steps := []func() error{
		func() error { return readTOML(fsys, "words.toml", &lib.words) },
		func() error { return lib.techniques.read(fsys, "techniques.toml") },
		func() error { return lib.tactics.read(fsys, "tactics.toml") },
		func() error { return lib.weaknesses.read(fsys, "weaknesses.toml") },
		func() error { return lib.routes.read(fsys, "routes.toml") },
		func() error { return lib.impacts.read(fsys, "impacts.toml") },
		func() error { return readTOML(fsys, "sectors.toml", &lib.sectors) },
		func() error { return lib.readLists(fsys) },
		lib.check,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, located(fsys, err)
		}
	}
	return lib, nil
}

// Overlay reads a library from the files of a folder, and what the folder lacks from
// the embedded one: a working group changes one file without keeping the others. A
// TOML file of another name is refused, since it would do nothing.
func Overlay(folder fs.FS) (*Library, error) {
	own, err := fs.Glob(folder, "*.toml")
	if err != nil || len(own) == 0 {
		return nil, fmt.Errorf("reading library: no TOML file in the folder")
	}
	for _, name := range own {
		if _, err := fs.Stat(builtIn(), name); err != nil {
			return nil, &Fault{File: name, What: "no file of a library has this name"}
		}
	}
	return Load(layers{folder, builtIn()})
}

// Size is how many texts lib has, each in both languages.
func (lib *Library) Size() int { return len(lib.pairs()) }

// Files are the files of the embedded library, to be edited and given to Overlay.
func Files() fs.FS { return builtIn() }

// layers are folders one over the other: the first that has a file gives it.
type layers []fs.FS

func (l layers) Open(name string) (f fs.File, err error) {
	for _, folder := range l {
		f, err = folder.Open(name)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return f, err
}

// located adds the line to a fault that has its key only.
func located(fsys fs.FS, err error) error {
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Line > 0 || f.key == "" {
		return err
	}
	data, readErr := fs.ReadFile(fsys, f.File)
	if readErr != nil {
		return err
	}
	for i, line := range strings.Split(string(data), "\n") {
		if names(line, f.key) && (f.Line == 0 || f.twice) {
			f.Line = i + 1
		}
	}
	return f
}

// names reports whether a line of TOML gives an id, key or table this name.
func names(line, key string) bool {
	line = strings.TrimSpace(line)
	name, value, _ := strings.Cut(line, "=")
	name = strings.Trim(name, `[]" `)
	return name == key || strings.HasPrefix(name, key+".") || name == "id" && strings.Trim(value, `" `) == key
}

func (lib *Library) readLists(fsys fs.FS) error {
	var k struct {
		Kinds    []kind   `toml:"kind"`
		Families []string `toml:"encrypting"`
	}
	var s struct {
		Scenes []scene `toml:"scene"`
	}
	var q struct {
		Questions []question `toml:"question"`
	}
	var exposures struct {
		Everywhere []string `toml:"everywhere"`
		Advice     []advice `toml:"advice"`
	}
	var todo, logs struct {
		Advice []advice `toml:"advice"`
	}
	for _, f := range []struct {
		name string
		into any
	}{
		{"kinds.toml", &k},
		{"scenes.toml", &s},
		{"questions.toml", &q},
		{"exposures.toml", &exposures},
		{"actions.toml", &todo},
		{"detections.toml", &logs},
	} {
		if err := readTOML(fsys, f.name, f.into); err != nil {
			return err
		}
	}
	lib.kinds, lib.scenes, lib.questions = k.Kinds, s.Scenes, q.Questions
	lib.exposures, lib.todo, lib.logs = exposures.Advice, todo.Advice, logs.Advice
	lib.everywhere = map[string]bool{}
	for _, id := range exposures.Everywhere {
		lib.everywhere[id] = true
	}
	lib.families = map[string]bool{}
	for _, name := range k.Families {
		lib.families[strings.ToLower(name)] = true
	}
	return nil
}

func (c *clauses) read(fsys fs.FS, name string) error {
	var file struct {
		Clauses []clause `toml:"clause"`
	}
	if err := readTOML(fsys, name, &file); err != nil {
		return err
	}
	c.list, c.byID = file.Clauses, map[string]int{}
	for i, one := range c.list {
		if _, twice := c.byID[one.ID]; twice {
			return &Fault{File: name, What: one.ID + ": twice", key: one.ID, twice: true}
		}
		c.byID[one.ID] = i
	}
	return nil
}

// readTOML reads one file strictly: an unknown key is an error.
func readTOML(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	meta, err := toml.Decode(string(data), into)
	if parse, ok := errors.AsType[toml.ParseError](err); ok {
		return &Fault{File: name, Line: parse.Position.Line, What: parse.Message}
	}
	if err != nil {
		return mistyped(name, string(data), into)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0]
		return &Fault{File: name, What: "unknown key " + key.String(), key: key[len(key)-1]}
	}
	return nil
}

// mistyped is the fault of a file that is TOML but has a value of another type than
// wanted. The parser's own line isn't the value's, so the first table is looked for
// up to whose end the file can't be read.
func mistyped(name, text string, into any) error {
	lines, table := strings.Split(text, "\n"), 0
	for end := 1; end <= len(lines); end++ {
		if end < len(lines) && !strings.HasPrefix(lines[end], "[") {
			continue
		}
		if _, err := toml.Decode(strings.Join(lines[:end], "\n"), into); err != nil {
			_, what, _ := strings.Cut(err.Error(), "(")
			return &Fault{File: name, Line: table + 1, What: "(" + what}
		}
		table = end
	}
	return &Fault{File: name, What: "a value of another type than wanted"}
}
