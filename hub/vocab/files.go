package vocab

import (
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/profile"
)

//go:embed data
var files embed.FS

// learned is data/learned.bin, which no other table depends on.
//
//go:embed data/learned.bin
var learned []byte

// readCSV returns the rows of an embedded table without its header. The tables
// are part of the program, so a broken one is a fault of the build: it panics, and
// a test reads every one.
func readCSV(name string, columns int) [][]string {
	f, err := files.Open("data/" + name)
	if err != nil {
		panic("vocab: " + name + " is not embedded")
	}
	r := csv.NewReader(f)
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		panic("vocab: " + name + " is broken")
	}
	return rows[1:]
}

// readTOML decodes an embedded table strictly.
func readTOML(name string, into any) {
	meta, err := toml.DecodeFS(files, "data/"+name, into)
	if err != nil {
		panic("vocab: " + name + ": " + err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		panic("vocab: " + name + ": unknown key " + unknown[0].String())
	}
}

// readLines returns the lines of an embedded list that aren't empty or comments.
func readLines(name string) []string {
	data, err := files.ReadFile("data/" + name)
	if err != nil {
		panic("vocab: " + name + " is not embedded")
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

// sumFiles returns one digest over names and contents of all tables.
func sumFiles() [sha256.Size]byte {
	h := sha256.New()
	err := fs.WalkDir(files, "data", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		h.Write([]byte(path))
		h.Write(sum[:])
		return nil
	})
	if err != nil {
		panic("vocab: tables are not embedded")
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// digestOf binds the tables and what a profile adds to them.
func digestOf(tables [sha256.Size]byte, p *profile.Profile) hub.Digest {
	added := map[hub.Class][]profile.Entry{}
	if p != nil {
		for _, class := range entryClasses {
			added[class] = p.Entries(class)
		}
	}
	data, err := json.Marshal(added)
	if err != nil {
		panic("vocab: " + err.Error())
	}
	return hub.Sum(append(tables[:], data...))
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
