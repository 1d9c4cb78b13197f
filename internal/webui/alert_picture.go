package webui

import (
	"html/template"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/paper"
	"isac/hub/picture"
	"isac/internal/store"
)

// drawing is a picture in a page, in both layouts: the style sheet shows the one that
// fits.
type drawing struct {
	At           string // the picture by itself
	Wide, Narrow template.HTML
}

// PNG is where the picture is as dots.
func (d drawing) PNG() string { return strings.TrimSuffix(d.At, ".svg") + ".png" }

// painter draws a picture for a page.
type painter func(picture.Page) string

func (v *visit) picturePage(l picture.Layout, note string) picture.Page {
	return picture.Page{Lang: v.lang, Layout: l, Words: v.t, Note: note}
}

// drawn is a picture to stand in a page; what it is made of was escaped.
func (v *visit) drawn(at, note string, draw painter) drawing {
	return drawing{
		At:     at,
		Wide:   template.HTML(draw(v.picturePage(picture.Wide, note))),
		Narrow: template.HTML(draw(v.picturePage(picture.Narrow, note))),
	}
}

// picture gives a picture by itself, as the address ends: SVG or PNG.
func (v *visit) picture(name, note string, draw painter) error {
	if strings.HasSuffix(v.r.URL.Path, ".png") {
		return v.paper("image/png", "isac-"+name+".png", func(f *paper.Font) ([]byte, error) {
			return paper.PNG(draw(v.picturePage(picture.Wide, note)), f)
		})
	}
	v.w.Header().Set("Content-Type", "image/svg+xml")
	v.w.Header().Set("Content-Language", v.lang)
	v.w.Header().Set("Content-Disposition", `inline; filename="isac-`+name+`.svg"`)
	_, _ = v.w.Write([]byte(draw(v.picturePage(picture.Wide, note)))) // a reader who left is no error of ours
	return nil
}

// alertNote says under a picture of which alert it is, and who may have it.
func (v *visit) alertNote(row store.AlertRow) string {
	l := v.line(row)
	return v.t("web.alert.number", strconv.FormatUint(l.Number, 10)) + " · TLP:" + string(l.TLP)
}

// pathOf draws the techniques of an alert.
func (u *UI) pathOf(names []store.NameRow) painter {
	var ids []string
	for _, n := range names {
		if n.Class == string(hub.Technique) {
			ids = append(ids, n.Value)
		}
	}
	return func(p picture.Page) string { return picture.Path(p, u.Vocab, u.Library, ids) }
}

func graphOf(self picture.Node, related []picture.Node) painter {
	return func(p picture.Page) string { return picture.Graph(p, self, related) }
}

func (v *visit) node(l alertLine) picture.Node {
	return picture.Node{Label: v.t("web.alert.number", strconv.FormatUint(l.Number, 10)), Title: l.Title}
}

func (v *visit) nodes(list []related) []picture.Node {
	var out []picture.Node
	for _, r := range list {
		n := v.node(r.alertLine)
		n.Score, n.Shares = r.Score, r.Reasons
		out = append(out, n)
	}
	return out
}

// alertPath gives the attack path of an alert as a picture.
func (u *UI) alertPath(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	names, err := v.reads.Public.NamesOf(v.r.Context(), row.Number)
	if err != nil {
		return err
	}
	return v.picture("alert-"+row.ID+"-path", v.alertNote(row), u.pathOf(names))
}

// alertGraph gives the relations of an alert as a picture.
func (u *UI) alertGraph(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	list, err := v.related(row.ID)
	if err != nil {
		return err
	}
	return v.picture("alert-"+row.ID+"-graph", v.alertNote(row), graphOf(v.node(v.line(row)), v.nodes(list)))
}
