package shelf

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
)

const indexFile = "shelf.toml"

// maxFile is more than any document that people read.
const maxFile = 32 << 20

// index is shelf.toml.
type index struct {
	Replace   bool       `toml:"replace"`
	Documents []Document `toml:"document"`
}

// read reads a folder with all that it names.
func read(folder fs.FS, p *profile.Profile, lib *analysis.Library) (index, error) {
	var x index
	data, err := fs.ReadFile(folder, indexFile)
	if err != nil {
		return x, &Fault{indexFile, "can't be read: a shelf is a folder with this file"}
	}
	meta, err := toml.Decode(string(data), &x)
	if err != nil {
		return x, &Fault{indexFile, err.Error()}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return x, &Fault{indexFile, "unknown key " + unknown[0].String()}
	}
	seen := map[string]bool{}
	fill := words(p, lib)
	for i := range x.Documents {
		d := &x.Documents[i]
		what := d.check(lib)
		if seen[d.ID] {
			what = "twice"
		}
		if what != "" {
			return x, &Fault{indexFile, fmt.Sprintf("document %q: %s", d.ID, what)}
		}
		seen[d.ID] = true
		d.Title, d.About = fill.both(d.Title), fill.both(d.About)
		err := d.open(folder, fill)
		if err != nil {
			return x, err
		}
	}
	return x, nil
}

// check returns what is wrong with a document, "" for nothing.
func (d *Document) check(lib *analysis.Library) string {
	switch {
	case d.ID == "" || strings.Trim(d.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return "id: want lower case letters, digits and hyphens"
	case d.Title.JA == "" || d.Title.EN == "" || d.About.JA == "" || d.About.EN == "":
		return "title, about: want both languages"
	case len(d.Readers) == 0 || !each(d.Readers, Readers()):
		return fmt.Sprint("readers: want some of ", Readers())
	case len(d.Phases) == 0 || !each(d.Phases, Phases()):
		return fmt.Sprint("phases: want some of ", Phases())
	case (len(d.File) > 0) == (d.Link != ""):
		return "want either file or link"
	case d.Link != "" && !outside(d.Link):
		return "link: want an address that begins with https://"
	}
	for _, id := range d.Actions {
		if !lib.HasAction(id) {
			return fmt.Sprintf("actions: the analysis has none with the id %q", id)
		}
	}
	return ""
}

func each[T comparable](list, of []T) bool {
	return !slices.ContainsFunc(list, func(v T) bool { return !slices.Contains(of, v) })
}

// outside reports whether an address leads to a page of somebody else.
func outside(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// open reads the files of a document.
func (d *Document) open(folder fs.FS, fill filler) error {
	d.pages, d.papers = map[string]string{}, map[string][]byte{}
	for lang, name := range d.File {
		if lang != "ja" && lang != "en" {
			return &Fault{indexFile, fmt.Sprintf("document %q: file: want ja or en", d.ID)}
		}
		data, err := fs.ReadFile(folder, name)
		switch {
		case err != nil:
			return &Fault{name, "can't be read: want a file in the folder of " + indexFile}
		case len(data) > maxFile:
			return &Fault{name, fmt.Sprintf("more than %d MB", maxFile>>20)}
		}
		switch path.Ext(name) {
		case ".md":
			d.pages[lang], err = html([]byte(fill.in(lang, string(data))))
			if err != nil {
				return &Fault{name, err.Error()}
			}
		case ".pdf":
			if !bytes.HasPrefix(data, []byte("%PDF-")) {
				return &Fault{name, "is no PDF"}
			}
			d.papers[lang] = data
		default:
			return &Fault{name, "want a name that ends in .md or .pdf"}
		}
	}
	if len(d.pages) > 0 && len(d.papers) > 0 {
		return &Fault{indexFile, fmt.Sprintf("document %q: file: want Markdown in both languages, or PDF in both", d.ID)}
	}
	return nil
}

// filler puts the words of a sector in, by language.
type filler map[string]*strings.Replacer

func words(p *profile.Profile, lib *analysis.Library) filler {
	services, contractors := lib.SectorWords(p)
	article := "a "
	if strings.ContainsRune("aeiou", rune(p.Noun.EN[0])) {
		article = "an "
	}
	ja := strings.NewReplacer("{noun}", p.Noun.JA, "{a_noun}", p.Noun.JA, "{plural}", p.Plural.JA, "{sector}", p.Sector.JA, "{services}", services.JA, "{contractors}", contractors.JA)
	en := strings.NewReplacer("{noun}", p.Noun.EN, "{a_noun}", article+p.Noun.EN, "{plural}", p.Plural.EN, "{sector}", p.Sector.EN, "{services}", services.EN, "{contractors}", contractors.EN)
	return filler{"ja": ja, "en": en}
}

func (f filler) in(lang, text string) string { return f[lang].Replace(text) }

func (f filler) both(t hub.Text) hub.Text {
	return hub.Text{JA: f.in("ja", t.JA), EN: f.in("en", t.EN)}
}
