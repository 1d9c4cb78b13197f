package advisory

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// readFeed reads RSS 2.0, RSS 1.0 and Atom, and with them what JVN adds to RSS 1.0: the
// sec: elements identifier, references, cpe and handling (JVNRSS 3.2). Items of one feed
// are told apart by what the feed gives them as an id, else by their address.
func readFeed(document []byte, s Source) ([]Advisory, error) {
	root, err := readXML(document)
	if err != nil {
		return nil, malformed()
	}
	if !slices.Contains([]string{"RDF", "rss", "feed"}, root.name()) {
		return nil, malformed()
	}
	items, about := root.children, root // of RSS 1.0 and Atom
	if c := root.child("channel"); c != nil {
		items, about = append(slices.Clip(items), c.children...), c
	}
	publisher := cmp.Or(about.child("publisher").said(), about.child("title").said(), s.Name)
	var out []Advisory
	for _, item := range items {
		if item.name() == "item" || item.name() == "entry" {
			out = append(out, item.advisory(publisher, s))
		}
	}
	return out, nil
}

// advisory reads one item or entry.
func (e *element) advisory(publisher string, s Source) Advisory {
	a := Advisory{authority: s.Name, Publisher: publisher, TLP: s.TLP, Notice: notice("application/xml", e.raw)}
	var link, id string
	about := e.attr("about")
	for _, c := range e.children {
		switch c.name() {
		case "title":
			a.Title = c.said()
		case "link":
			if l := cmp.Or(c.attr("href"), c.said()); link == "" || c.attr("rel") == "alternate" {
				link = l
			}
		case "guid", "id":
			id = c.said()
		case "identifier": // sec: or dc:, of JVN
			id = c.said()
		case "updated", "modified":
			a.Updated = first(instantOf(c.said()), a.Updated)
		case "date", "published", "pubDate", "issued":
			a.Updated = first(a.Updated, instantOf(c.said()))
		case "references":
			a.CVEs = append(a.CVEs, c.attr("id"))
			a.URLs = append(a.URLs, c.said())
		case "cpe":
			a.Named = append(a.Named, strings.TrimSpace(c.attr("vendor")+" "+c.attr("product")))
		case "handling":
			a.marked(c)
		}
	}
	a.Key = cmp.Or(id, about, link)
	a.URLs = append([]string{link, about}, a.URLs...)
	return a
}

// marked takes the label that the data marking of JVN gives an item.
func (a *Advisory) marked(e *element) {
	label := strings.ToUpper(e.attr("color"))
	for _, c := range e.children {
		if label == "" {
			a.marked(c)
		}
	}
	if label != "" {
		a.TLP = labels[label]
	}
}

// first returns the first instant that there is.
func first(list ...time.Time) time.Time {
	for _, t := range list {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// instantOf reads a time in one of the ways in which feeds write it; zero for others.
func instantOf(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", time.DateOnly} {
		t, err := time.Parse(layout, strings.TrimSpace(s))
		if err == nil {
			return t
		}
	}
	return time.Time{}
}
