package notice

import (
	"fmt"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/edition"
)

// Edition is the mail of an edition for everybody, to a partner who relays it.
func (w Writer) Edition(l *analysis.Library, e edition.Edition, lang string) (Mail, error) {
	pages, live, err := read(e.Bundle)
	if err != nil {
		return Mail{}, fmt.Errorf("reading for a notice: %w", err)
	}
	title, sections := pageOf(l, pages.In(lang), live)
	out := letter{Lang: lang, Title: title, Head: []string{w.editionHead(e, lang)}, Foot: w.foot(lang)}
	out.Items = []item{{Sections: sections, Link: e.URL, Read: w.Words(lang, "notice.read")}}
	return out.mail("edition-"+e.ID+"-"+strconv.Itoa(e.Version)+"-"+lang, tlp(hub.TLPClear)+" "+title, e.Updated), nil
}

func (w Writer) editionHead(e edition.Edition, lang string) string {
	return tlp(hub.TLPClear) + " · " + w.Words(lang, "web.severity."+string(e.Severity)) + " · " + e.Updated.In(w.Zone).Format("2006-01-02 15:04")
}

// editionForms are the mails of a bundle's edition, also of the one that will say that it
// was taken back, with the hub's own texts in them; none where it has no edition.
func (w Writer) editionForms(l *analysis.Library, bundle []byte) (forms [][]byte, own []string, err error) {
	e, has, err := edition.Of(bundle)
	if err != nil || !has {
		return nil, nil, err
	}
	for _, lang := range []string{"ja", "en"} {
		m, err := w.Edition(l, e, lang)
		if err != nil {
			return nil, nil, err
		}
		back := w.EditionBack(e.ID, e.Updated, lang)
		for _, m := range []Mail{m, back} {
			own = append(own, m.ID)
			forms = append(forms, m.parts()...)
		}
		own = append(own, e.ID, e.URL, w.editionHead(e, lang), back.Subject, w.Words(lang, "web.public.back"))
	}
	return forms, own, nil
}

// EditionBack is the mail that says that an edition was taken back.
func (w Writer) EditionBack(id string, at time.Time, lang string) Mail {
	title := w.Words(lang, "web.public.taken-back")
	out := letter{Lang: lang, Title: title, Head: []string{w.Words(lang, "web.public.back"), id}, Foot: w.foot(lang)}
	return out.mail("edition-"+id+"-back-"+lang, tlp(hub.TLPClear)+" "+title, at)
}
