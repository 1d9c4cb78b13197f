package edition

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"

	"isac/hub"
)

// Feed is a list of editions for feed readers, newest first, in one language.
type Feed struct {
	Name     string // of the hub
	Title    string
	BaseURL  string
	Lang     string
	Editions []Edition
	// Back are those that were taken back: a reader that has one is told so.
	Back []Back
}

// Back is an edition that was taken back.
type Back struct {
	ID, URL string
	Title   hub.Text // that says so
	At      time.Time
}

// item is one entry of either form.
type item struct {
	id, url, title, text string
	published, updated   time.Time
	severity             hub.Severity
}

func (f Feed) items() []item {
	var out []item
	for _, e := range f.Editions {
		out = append(out, item{e.ID, e.URL + "?lang=" + f.Lang, e.Title.In(f.Lang), e.Text.In(f.Lang), e.Published, e.Updated, e.Severity})
	}
	for _, b := range f.Back {
		out = append(out, item{b.ID, b.URL + "?lang=" + f.Lang, b.Title.In(f.Lang), b.Title.In(f.Lang), b.At, b.At, ""})
	}
	return out
}

// updated is when anything in the feed changed last; the zero time where it is empty.
func (f Feed) updated() time.Time {
	var last time.Time
	for _, i := range f.items() {
		if i.updated.After(last) {
			last = i.updated
		}
	}
	return last
}

type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID        string         `xml:"id"`
		Title     string         `xml:"title"`
		Published string         `xml:"published"`
		Updated   string         `xml:"updated"`
		Links     []atomLink     `xml:"link"`
		Category  []atomCategory `xml:"category"`
		Content   atomText       `xml:"content"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// Atom is the feed as RFC 4287 has it.
func (f Feed) Atom() ([]byte, error) {
	self := f.BaseURL + Path + "/feed.atom?lang=" + f.Lang
	out := atomFeed{
		Lang: f.Lang, ID: self, Title: f.Title, Updated: stamp(f.updated()), Author: f.Name,
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", f.BaseURL + Path + "?lang=" + f.Lang}},
	}
	for _, i := range f.items() {
		e := atomEntry{
			ID: "urn:uuid:" + i.id, Title: i.title, Published: stamp(i.published), Updated: stamp(i.updated),
			Links: []atomLink{{"alternate", "text/html", i.url}}, Content: atomText{"text", i.text},
		}
		if i.severity != "" {
			e.Category = []atomCategory{{"severity:" + string(i.severity)}, {"TLP:CLEAR"}}
		}
		out.Entries = append(out.Entries, e)
	}
	data, err := xml.MarshalIndent(out, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing feed: %w", err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

// JSON is the feed as JSON Feed 1.1 has it.
func (f Feed) JSON() ([]byte, error) {
	items := []map[string]any{}
	for _, i := range f.items() {
		one := map[string]any{
			"id": "urn:uuid:" + i.id, "url": i.url, "title": i.title, "content_text": i.text, "language": f.Lang,
			"date_published": stamp(i.published), "date_modified": stamp(i.updated),
		}
		if i.severity != "" {
			one["tags"] = []string{"severity:" + string(i.severity), "TLP:CLEAR"}
		}
		items = append(items, one)
	}
	data, err := json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": f.Title, "language": f.Lang, "authors": []map[string]any{{"name": f.Name}},
		"home_page_url": f.BaseURL + Path + "?lang=" + f.Lang, "feed_url": f.BaseURL + Path + "/feed.json?lang=" + f.Lang, "items": items,
	}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing feed: %w", err)
	}
	return append(data, '\n'), nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
