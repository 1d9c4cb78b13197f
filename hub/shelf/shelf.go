// Package shelf is the shelf of short documents that help before, during and after an
// incident: Markdown, PDF and links, tagged by who reads them and when, and linked from
// the actions of alerts.
//
// A shelf is a folder with shelf.toml, of which data/README.md is the manual. What is
// part of the program is one; an operator's stands beside it or in its place. The
// operator's is trusted to say what is true, but not with the page: its HTML is left out
// and nothing in it loads from elsewhere.
//
//	s := shelf.Default(profile.HealthcareJP())
//	d, ok := s.Document("first-day")
//	page, lang := d.HTML("en")
package shelf

import (
	"embed"
	"errors"
	"io/fs"
	"slices"
	"sync"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
)

// Reader is whom a document is for.
type Reader string

// Phase is when it helps.
type Phase string

// The readers and phases that there are.
const (
	Beginner    Reader = "beginner"
	Manager     Reader = "manager"
	SystemOwner Reader = "system-owner"

	Prevent       Phase = "prevent"
	FirstResponse Phase = "first-response"
	Restore       Phase = "restore"
)

// Readers returns all readers.
func Readers() []Reader { return []Reader{Beginner, Manager, SystemOwner} }

// Phases returns all phases, in the order in which they come.
func Phases() []Phase { return []Phase{Prevent, FirstResponse, Restore} }

// Document is one document of a shelf.
type Document struct {
	ID      string   `toml:"id"`
	Title   hub.Text `toml:"title"`
	About   hub.Text `toml:"about"`
	Readers []Reader `toml:"readers"`
	Phases  []Phase  `toml:"phases"`
	// Actions are those of the analysis that it helps to do.
	Actions []string `toml:"actions"`
	// Profiles are the sectors that it is for; none means all.
	Profiles []string `toml:"profiles"`
	// Open says that it is shown without signing in.
	Open bool `toml:"open"`
	// File are its files by language. Link is an address in place of one.
	File map[string]string `toml:"file"`
	Link string            `toml:"link"`

	pages  map[string]string // HTML by language
	papers map[string][]byte // PDF by language
}

// HTML returns the document as part of a page, and its language: the one asked for where
// there is one. It is "" where the document is none of Markdown.
func (d Document) HTML(lang string) (page, in string) { return pick(d.pages, lang) }

// PDF is HTML for a document that is a PDF.
func (d Document) PDF(lang string) (file []byte, in string) { return pick(d.papers, lang) }

func pick[T any](by map[string]T, lang string) (T, string) {
	if one, ok := by[lang]; ok {
		return one, lang
	}
	for in, one := range by {
		return one, in
	}
	var none T
	return none, ""
}

// Shelf is a list of documents. It is read only.
type Shelf struct{ documents []Document }

// Documents returns all of them, in the order of the shelf.
func (s *Shelf) Documents() []Document { return s.documents }

// Document returns one by its id.
func (s *Shelf) Document(id string) (Document, bool) {
	i := slices.IndexFunc(s.documents, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return Document{}, false
	}
	return s.documents[i], true
}

//go:embed data
var files embed.FS

func builtIn() fs.FS {
	sub, err := fs.Sub(files, "data")
	if err != nil {
		panic("shelf: data is not embedded")
	}
	return sub
}

// Default returns the shelf that is part of the program, in the words of a sector.
func Default(p *profile.Profile) *Shelf {
	s, err := read(builtIn(), p, analysis.Default())
	if err != nil {
		panic("shelf: " + err.Error()) // embedded files; a test reads them for each profile
	}
	return &Shelf{s.fitting(p)}
}

// Load reads an operator's folder: its documents first, then those of the program
// whose ids it doesn't have, unless it stands in their place. Its error is a Fault.
func Load(folder fs.FS, p *profile.Profile, lib *analysis.Library) (*Shelf, error) {
	own, err := read(folder, p, lib)
	if err != nil {
		return nil, err
	}
	out := &Shelf{own.fitting(p)}
	if own.Replace {
		return out, nil
	}
	for _, d := range Default(p).documents {
		if _, ok := out.Document(d.ID); !ok {
			out.documents = append(out.documents, d)
		}
	}
	return out, nil
}

// Files are the files of the program's shelf, to begin one's own with.
var Files = sync.OnceValue(builtIn)

// fitting are the documents that are for a sector.
func (x index) fitting(p *profile.Profile) []Document {
	return slices.DeleteFunc(slices.Clone(x.Documents), func(d Document) bool {
		return len(d.Profiles) > 0 && !slices.Contains(d.Profiles, p.ID)
	})
}

// Fault is the first thing wrong with a shelf, and where.
type Fault struct{ File, What string }

func (f *Fault) Error() string { return "reading " + f.File + ": " + f.What }

// FaultOf returns the fault of an error.
func FaultOf(err error) (*Fault, bool) { return errors.AsType[*Fault](err) }
