package notice

import (
	"slices"
	"strings"
	"unicode"

	"isac/hub/analysis"
)

// Forms writes everything that is ever told of an entry, so that a release can put it
// through the gate: each mail, each payload. Own are the texts in it that are the hub's
// and no sentence of the alert.
func (w Writer) Forms(l *analysis.Library, bundle []byte) (forms [][]byte, own []string, err error) {
	n, err := Of(l, bundle)
	if err != nil {
		return nil, nil, err
	}
	for _, lang := range []string{"ja", "en"} {
		for _, m := range []Mail{w.Alert(n, lang), w.Digest([]Notice{n}, n.alert.Published, lang)} {
			own = append(own, m.ID)
			forms = append(forms, m.parts()...)
		}
		for _, f := range Formats() {
			forms = append(forms, w.Payload(n, f, lang))
		}
		it := w.item(n, lang)
		title := w.Words(lang, "notice.digest.title", "1")
		own = append(own, it.Head, it.Link, it.Read, title, w.Words(lang, "notice.digest.lead"), w.Words(lang, "notice.closed", tlp(n.alert.TLP)), w.Hub,
			w.Words(lang, "notice.digest.subject", title, n.alert.Published.In(w.Zone).Format("2006-01-02")))
		own = append(own, w.foot(lang)...)
	}
	clear, itsOwn, err := w.editionForms(l, bundle)
	if err != nil {
		return nil, nil, err
	}
	forms, own = append(forms, clear...), slices.Concat(own, itsOwn, frame)
	for _, text := range own { // the sentences themselves have passed with the bundle, where none of these words explains anything
		own = append(own, words(text)...)
	}
	return forms, own, nil
}

// parts are all texts of a mail.
func (m Mail) parts() [][]byte {
	return [][]byte{[]byte(m.ID), []byte(m.Subject), []byte(m.Text), []byte(m.HTML)}
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// frame are the words of the forms themselves.
var frame = []string{
	"doctype", "html lang", "meta charset", "utf-8", "font-family:sans-serif;line-height:1.6;max-width:42rem;margin:1rem auto;padding:0 1rem;color:#111;background:#fff",
	"font-size:1.3rem;margin:0 0 .5rem", "margin:0 0 .5rem", "font-size:1.1rem;margin:1.5rem 0 .2rem", "margin:0 0 .3rem;color:#444", "font-size:1.05rem;margin:1.2rem 0 .3rem", "color:#444;margin:0 0 .3rem",
	"http://adaptivecards.io/schemas/adaptive-card.json", "application/vnd.microsoft.card.adaptive", "AdaptiveCard", "RichTextBlock", "TextRun", "Action.OpenUrl", "contentType", "attachments", "inlines",
	"Bolder", "Medium", "isSubtle", "plain_text", "elements", "actions", "blocks", "section", "context", "button", "emoji", "message", "content", "version", "1.4", "weight", "size", "style", "title", "href",
	"head", "body", "h1", "h2", "ul", "ol", "li", "hr", "type", "number", "id", "kind", "stage", "severity", "tlp", "published", "link", "flash", "ja", "en", "text", "false", "$schema", "url",
}
