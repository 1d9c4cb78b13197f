package shelf

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown leaves HTML out, and addresses that are code; tables say nothing of style.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(outline{}, 100))),
)

// tables get what a narrow screen and a screen reader need. Both words stand in the
// output where the renderer put them and nowhere else: in texts "<" is escaped.
var tables = strings.NewReplacer("<table>", `<div class="scroll"><table>`, "</table>", "</table></div>", "<th>", `<th scope="col">`)

// html renders Markdown as part of a page that has a first heading of its own.
func html(source []byte) (string, error) {
	var b bytes.Buffer
	err := markdown.Convert(source, &b)
	if err != nil {
		return "", fmt.Errorf("reading Markdown: %w", err)
	}
	return tables.Replace(b.String()), nil
}

// outline makes headings follow each other from the second level on without leaving
// one out, and puts the texts of pictures in their place, since nothing on a page
// loads from elsewhere.
type outline struct{}

func (outline) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	title, ok := doc.FirstChild().(*ast.Heading)
	if ok && title.Level == 1 {
		doc.RemoveChild(doc, title) // the page has it already
	}
	var pictures []*ast.Image
	before, shift := 1, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // walks to the end: nothing here fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level == 1 {
				shift = 1
			}
			n.Level = min(n.Level+shift, before+1, 6)
			before = n.Level
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	for _, p := range pictures {
		in := p.Parent()
		for c := p.FirstChild(); c != nil; c = p.FirstChild() {
			in.InsertBefore(in, p, c)
		}
		in.RemoveChild(in, p)
	}
}
