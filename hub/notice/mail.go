package notice

import (
	"encoding/binary"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"isac/hub"
)

// Writer puts notices into words. All fields must be set.
type Writer struct {
	// Words are texts for people by key, as of package locale.
	Words func(lang, key string, args ...string) string
	Zone  *time.Location // of the sector's clock
	Base  string         // of the hub's pages, "https://hub.example.jp"
	Hub   string         // its name
}

// Mail is one message without an address: the same for everybody who gets it.
type Mail struct {
	ID      string // the message's name before the @, the same for everybody
	Date    time.Time
	Lang    string
	Subject string
	Text    string
	HTML    string
}

// letter is what both forms of a mail are written from.
type letter struct {
	Lang, Title string
	Head        []string
	Items       []item
	Foot        []string
	own         []string // the hub's own texts in it
}

// item is one alert of a letter.
type item struct {
	Title, Head string
	Sections    []section
	Link, Read  string
}

// Alert is the mail of one alert.
func (w Writer) Alert(n Notice, lang string) Mail {
	l := w.letter(n, lang)
	subject := w.Words(lang, "notice.subject", w.Words(lang, "web.severity."+string(n.alert.Severity)), number(n), l.Title)
	return l.mail("alert-"+number(n)+"-"+lang, subject, n.alert.Published)
}

func (w Writer) letter(n Notice, lang string) letter {
	it := w.item(n, lang)
	it.Sections = n.sections[lang]
	l := letter{Lang: lang, Title: it.Title, Head: []string{it.Head}, Foot: w.foot(lang)}
	l.own = append(l.own, it.Head, it.Link, it.Read)
	it.Title, it.Head = "", "" // they head the letter
	l.Items = []item{it}
	return l
}

func number(n Notice) string { return strconv.FormatUint(n.alert.Number, 10) }

// item is an alert with its title alone.
func (w Writer) item(n Notice, lang string) item {
	a := n.alert
	title := n.title.In(lang)
	if title == "" {
		title = w.Words(lang, "notice.closed", tlp(a.TLP))
	}
	kind := "web.stage." + string(a.Stage)
	if a.Kind != hub.Released {
		kind = "notice.kind." + string(a.Kind)
	}
	head := w.Words(lang, "notice.head", number(n), w.Words(lang, "web.severity."+string(a.Severity)), w.Words(lang, kind), tlp(a.TLP), a.Published.In(w.Zone).Format("2006-01-02 15:04"))
	return item{Title: title, Head: head, Link: w.link(a), Read: w.Words(lang, "notice.read")}
}

func (w Writer) link(a hub.Alert) string { return w.Base + "/alerts/" + a.ID }

func tlp(t hub.TLP) string {
	return "TLP:" + strings.ToUpper(strings.ReplaceAll(string(t), "-", "+"))
}

func (w Writer) foot(lang string) []string {
	return []string{w.Words(lang, "notice.from", w.Hub), w.Words(lang, "notice.change", w.Base+"/me/telling")}
}

// Digest is the mail of a week: everything that was to be told at one instant.
func (w Writer) Digest(all []Notice, at time.Time, lang string) Mail {
	title := w.Words(lang, "notice.digest.title", strconv.Itoa(len(all)))
	l := letter{Lang: lang, Title: title, Head: []string{w.Words(lang, "notice.digest.lead")}, Foot: w.foot(lang)}
	for _, n := range all {
		it := w.item(n, lang)
		for _, s := range n.sections[lang] {
			if len(it.Sections) == 0 && len(s.Lines) > 0 { // how it begins
				it.Sections = []section{{Lines: s.Lines[:min(2, len(s.Lines))]}}
			}
		}
		l.Items = append(l.Items, it)
	}
	day := at.In(w.Zone).Format(time.DateOnly)
	var which []byte // people choose what is in theirs
	for _, n := range all {
		which = binary.AppendUvarint(which, n.alert.Number)
	}
	return l.mail("week-"+day+"-"+hub.Sum(which).String()[:12]+"-"+lang, w.Words(lang, "notice.digest.subject", title, day), at)
}

// Confirm is the mail by which a person proves that an address is hers. Its name is
// given: each is another.
func (w Writer) Confirm(code, id string, at time.Time, lang string) Mail {
	l := letter{Lang: lang, Title: w.Words(lang, "notice.confirm.title"), Head: []string{w.Words(lang, "notice.confirm.text", code), w.Words(lang, "notice.confirm.other")}, Foot: w.foot(lang)[:1]}
	return l.mail("address-"+id, l.Title, at)
}

// Test is the mail that an operator sends herself.
func (w Writer) Test(id string, at time.Time, lang string) Mail {
	l := letter{Lang: lang, Title: w.Words(lang, "notice.test.title"), Head: []string{w.Words(lang, "notice.test.text")}, Foot: w.foot(lang)[:1]}
	return l.mail("test-"+id, l.Title, at)
}

func (l letter) mail(id, subject string, at time.Time) Mail {
	return Mail{ID: id, Date: at.UTC().Truncate(time.Second), Lang: l.Lang, Subject: oneLine(subject), Text: l.text(), HTML: l.html()}
}

// text is the plain form, a title, a blank line between parts, no line of signs.
func (l letter) text() string {
	var b strings.Builder
	fmt.Fprintln(&b, l.Title)
	for _, h := range l.Head {
		fmt.Fprintln(&b, h)
	}
	for i, it := range l.Items {
		if it.Title != "" {
			fmt.Fprintf(&b, "\n%d. %s\n%s\n", i+1, it.Title, it.Head)
		}
		for _, s := range it.Sections {
			if s.Heading != "" {
				fmt.Fprintf(&b, "\n■ %s\n", s.Heading)
			}
			for j, line := range s.Lines {
				mark := "・"
				if s.Ordered {
					mark = strconv.Itoa(j+1) + ". "
				}
				fmt.Fprintf(&b, "%s%s\n", mark, line)
			}
		}
		if it.Title == "" {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", it.Read, it.Link)
	}
	b.WriteString("\n")
	for _, f := range l.Foot {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// page is the other form: nothing in it is loaded from anywhere.
var page = template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body style="font-family:sans-serif;line-height:1.6;max-width:42rem;margin:1rem auto;padding:0 1rem;color:#111;background:#fff">
<h1 style="font-size:1.3rem;margin:0 0 .5rem">{{.Title}}</h1>
{{range .Head}}<p style="margin:0 0 .5rem">{{.}}</p>
{{end}}{{range .Items}}{{if .Title}}<h2 style="font-size:1.1rem;margin:1.5rem 0 .2rem">{{.Title}}</h2>
<p style="margin:0 0 .3rem;color:#444">{{.Head}}</p>
{{end}}{{range .Sections}}{{if .Heading}}<h2 style="font-size:1.05rem;margin:1.2rem 0 .3rem">{{.Heading}}</h2>
{{end}}{{if .Ordered}}<ol>{{range .Lines}}
<li>{{.}}</li>{{end}}
</ol>{{else}}<ul>{{range .Lines}}
<li>{{.}}</li>{{end}}
</ul>{{end}}
{{end}}<p><a href="{{.Link}}">{{.Read}}</a></p>
{{end}}<hr>
{{range .Foot}}<p style="color:#444;margin:0 0 .3rem">{{.}}</p>
{{end}}</body></html>
`))

func (l letter) html() string {
	var b strings.Builder
	err := page.Execute(&b, l)
	if err != nil {
		panic("notice: " + err.Error()) // a template over strings, which the tests run
	}
	return b.String()
}
