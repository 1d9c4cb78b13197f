package advisory

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds of an XML document, besides its size.
const (
	deepestXML  = 40
	mostXML     = 300_000 // elements
	mostXMLAttr = 50      // attributes of one of them
)

// element is a part of an XML document.
type element struct {
	xml.StartElement
	raw      []byte // as it stands in the document
	text     strings.Builder
	children []*element
}

// name is the local name of an element.
func (e *element) name() string { return e.Name.Local }

// said is the text of an element and of those in it.
func (e *element) said() string {
	if e == nil {
		return ""
	}
	if len(e.children) == 0 {
		return strings.TrimSpace(e.text.String())
	}
	parts := []string{e.text.String()}
	for _, c := range e.children {
		parts = append(parts, c.said())
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// child is the first child of a local name, in any namespace.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name() == name {
			return c
		}
	}
	return nil
}

// attr is an attribute of a local name.
func (e *element) attr(name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

var errXML = errors.New("reading XML: not well formed, or over a bound")

// readXML reads a document into elements. A document type ends it, so that no entity is
// ever defined, and the five that XML itself has are all there are.
func readXML(document []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(document))
	var root *element
	var open []*element
	var begun []int64
	for elements := 0; ; {
		at := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) && root != nil && len(open) == 0 {
			return root, nil
		}
		if err != nil {
			return nil, errXML // the cause could quote the document
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errXML
		case xml.StartElement:
			elements++
			if elements > mostXML || len(open) == deepestXML || len(t.Attr) > mostXMLAttr || root != nil && len(open) == 0 {
				return nil, errXML
			}
			e := &element{StartElement: t.Copy()}
			if len(open) == 0 {
				root = e
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			}
			open, begun = append(open, e), append(begun, at)
		case xml.EndElement:
			last := len(open) - 1
			open[last].raw = document[begun[last]:d.InputOffset()]
			open, begun = open[:last], begun[:last]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			}
		}
	}
}
