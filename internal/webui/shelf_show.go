package webui

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/shelf"
	"isac/hub/stix"
)

// shelfPage is the shelf, by when its documents help.
type shelfPage struct {
	Frame
	Readers []shelf.Reader
	Reader  shelf.Reader // "" for all
	Phases  []shelved
}

func (shelfPage) template() string { return "shelf" }

type shelved struct {
	Phase     shelf.Phase
	Documents []documentLine
}

type documentLine struct {
	ID, Title, About string
	Readers          []shelf.Reader
}

// documentPage is one document.
type documentPage struct {
	Frame
	Document documentLine
	Phases   []shelf.Phase
	In       string        // the language of the text
	Text     template.HTML // of Markdown, by hub/shelf, which lets no HTML through
	PDF      bool
	Link     string
	Host     string // of the link
}

func (documentPage) template() string { return "document" }

func (v *visit) documentLine(d shelf.Document) documentLine {
	return documentLine{d.ID, d.Title.In(v.lang), d.About.In(v.lang), d.Readers}
}

// mayRead reports whether the visitor is shown a document.
func (v *visit) mayRead(d shelf.Document) bool { return d.Open || v.me != nil }

func (u *UI) shelfShow(v *visit) error {
	p := shelfPage{Frame: v.frame(), Readers: shelf.Readers()}
	if r := shelf.Reader(v.r.URL.Query().Get("reader")); slices.Contains(p.Readers, r) {
		p.Reader = r
	}
	for _, phase := range shelf.Phases() {
		on := shelved{Phase: phase}
		for _, d := range u.Shelf.Documents() {
			if v.mayRead(d) && slices.Contains(d.Phases, phase) && (p.Reader == "" || slices.Contains(d.Readers, p.Reader)) {
				on.Documents = append(on.Documents, v.documentLine(d))
			}
		}
		if len(on.Documents) > 0 {
			p.Phases = append(p.Phases, on)
		}
	}
	return v.show(p)
}

// document is the one of the path. Who isn't signed in isn't told of those for members.
func (v *visit) document() (shelf.Document, error) {
	d, ok := v.ui.Shelf.Document(chi.URLParam(v.r, "document"))
	if !ok || !v.mayRead(d) {
		return d, hub.E(hub.NotFound, "web.no-page")
	}
	return d, nil
}

func (u *UI) documentShow(v *visit) error {
	d, err := v.document()
	if err != nil {
		return err
	}
	p := documentPage{Frame: v.frame(), Document: v.documentLine(d), Phases: d.Phases, Link: d.Link}
	var text string
	text, p.In = d.HTML(v.lang)
	p.Text = template.HTML(text) //nolint:gosec // see the field
	if text == "" {
		_, p.In = d.PDF(v.lang)
		p.PDF = p.In != ""
	}
	if to, err := url.Parse(d.Link); err == nil {
		p.Host = to.Host
	}
	return v.show(p)
}

// documentFile gives a document that is a PDF.
func (u *UI) documentFile(v *visit) error {
	d, err := v.document()
	if err != nil {
		return err
	}
	file, _ := d.PDF(v.lang)
	if file == nil {
		return hub.E(hub.NotFound, "web.no-page")
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="`+d.ID+`.pdf"`)
	_, _ = v.w.Write(file) // a reader who left is no error of ours
	return nil
}

// linkActions makes of each line that is an action of the bundle something to tick, and
// puts the documents behind it that help to do it.
func (v *visit) linkActions(b stix.Bundle, list []section) {
	helps := map[string][]documentLine{} // by the id of the action in bundles
	for _, d := range v.ui.Shelf.Documents() {
		for _, action := range d.Actions {
			id := stix.NameID("course-of-action", action)
			helps[id] = append(helps[id], v.documentLine(d))
		}
	}
	for _, o := range b.Objects {
		if o.Type() != "course-of-action" {
			continue
		}
		ja, en, _ := strings.Cut(o.Str("description"), "\n\n")
		text := strings.TrimRight(hub.Text{JA: ja, EN: en}.In(v.lang), "。.") // a line may go on with notes before its end
		for i := range list {
			list[i].link(text, action{o.ID(), helps[o.ID()]})
		}
	}
}

// link marks the line that begins with a text as an action.
func (s *section) link(text string, do action) {
	for i, line := range s.Lines {
		if text == "" || !strings.HasPrefix(line, text) {
			continue
		}
		if s.Actions == nil {
			s.Actions = map[int]action{}
		}
		s.Actions[i] = do
	}
}
