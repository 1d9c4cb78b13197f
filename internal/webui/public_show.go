package webui

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/edition"
	"isac/hub/paper"
	"isac/internal/locale"
	"isac/internal/reading"
	"isac/internal/store"
)

// publicPage lists the editions for everybody, TLP:CLEAR. Nobody signs in for it.
type publicPage struct {
	Frame
	Editions []editionLine
	Back     []editionLine // that were taken back
	Feeds    string        // query of the feeds in the page's language
}

func (publicPage) template() string { return "public" }

// editionPage is one of them.
type editionPage struct {
	Frame
	Edition  editionLine
	Sections []section
}

func (editionPage) template() string { return "edition" }

type editionLine struct {
	ID, Title          string
	Severity           hub.Severity
	Published, Updated time.Time
}

// mostEditions are on the page and in the feeds.
const mostEditions = 50

// editions are the newest, made once for each state of the log: whoever asks without
// signing in costs no more than a look.
type editions struct {
	mu     sync.Mutex
	seq    uint64 // of the log, up to which it was read: a recall moves it before anything else
	known  bool
	out    []edition.Edition
	back   []edition.Back
	sheets map[string][]byte // PDF by edition, version and language
}

func (e *editions) read(ctx context.Context, from *reading.Room) ([]edition.Edition, []edition.Back, error) {
	seq, err := from.Applied(ctx)
	if err != nil {
		return nil, nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known && e.seq == seq {
		return e.out, e.back, nil
	}
	rows, err := from.Editions(ctx, mostEditions)
	if err != nil {
		return nil, nil, err
	}
	e.out, e.back, e.sheets = nil, nil, map[string][]byte{}
	for _, row := range rows {
		one, ok, err := ofRow(row)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			e.out = append(e.out, one)
			continue
		}
		e.back = append(e.back, edition.Back{ID: edition.ID(row.ID), Title: both("web.public.back"), At: row.Published})
	}
	e.seq, e.known = seq, true
	return e.out, e.back, nil
}

func both(key string) hub.Text {
	return hub.Text{JA: locale.Text("ja", key), EN: locale.Text("en", key)}
}

// ofRow is the edition of a flash's newest version; false where it has none any more.
func ofRow(row store.AlertRow) (edition.Edition, bool, error) {
	if row.Kind.Back() || row.Bundle == nil {
		return edition.Edition{}, false, nil
	}
	return edition.Of(row.Bundle)
}

// inLang takes the language that the address wants, else the page's: a feed reader sends no cookie.
func (v *visit) inLang() {
	if lang := v.r.URL.Query().Get("lang"); slices.Contains(locale.Languages, lang) {
		v.lang = lang
	}
}

func lineOf(e edition.Edition, lang string) editionLine {
	return editionLine{e.ID, e.Title.In(lang), e.Severity, e.Published, e.Updated}
}

func (u *UI) publicShow(v *visit) error {
	v.inLang()
	all, back, err := u.editions.read(v.r.Context(), u.Reading)
	if err != nil {
		return err
	}
	p := publicPage{Frame: v.frame(), Feeds: "?lang=" + v.lang}
	for _, e := range all {
		p.Editions = append(p.Editions, lineOf(e, v.lang))
	}
	for _, b := range back {
		p.Back = append(p.Back, editionLine{ID: b.ID, Title: b.Title.In(v.lang), Updated: b.At})
	}
	return v.show(p)
}

// edition is the one of the path. One that was taken back is gone.
func (v *visit) edition() (edition.Edition, error) {
	v.inLang()
	row, err := v.ui.Reading.Edition(v.r.Context(), chi.URLParam(v.r, "edition"))
	if err != nil {
		return edition.Edition{}, err
	}
	e, ok, err := ofRow(row)
	if err == nil && !ok {
		err = hub.E(hub.Gone, "web.public.gone")
	}
	return e, err
}

func (u *UI) editionShow(v *visit) error {
	e, err := v.edition()
	if err != nil {
		return err
	}
	return v.show(editionPage{v.frame(), lineOf(e, v.lang), sections(e.Text.In(v.lang))})
}

func (u *UI) editionBundle(v *visit) error {
	e, err := v.edition()
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Disposition", `attachment; filename="isac-clear-`+e.ID+`.json"`)
	v.give("application/stix+json;version=2.1", e.Bundle)
	return nil
}

// editionSheet gives one sheet of A4, drawn once for each version and language.
func (u *UI) editionSheet(v *visit) error {
	e, err := v.edition()
	if err != nil {
		return err
	}
	name := e.ID + " " + strconv.Itoa(e.Version) + " " + v.lang
	u.editions.mu.Lock()
	data, drawn := u.editions.sheets[name]
	u.editions.mu.Unlock()
	if drawn {
		v.w.Header().Set("Content-Disposition", `inline; filename="isac-clear-`+e.ID+`.pdf"`)
		v.give("application/pdf", data)
		return nil
	}
	head := "TLP:CLEAR · " + v.t("web.severity."+string(e.Severity)) + " · " + e.Updated.In(tokyo).Format("2006-01-02 15:04") + " · " + u.Name
	return v.paper("application/pdf", "isac-clear-"+e.ID+".pdf", func(f *paper.Font) ([]byte, error) {
		sheet := paper.Alert(u.Library, v.lang, head, e.Text.In(v.lang), 0, v.t)
		sheet.Rest = v.t("web.public.rest", e.URL)
		data, err := paper.PDF(sheet, f)
		if err == nil {
			u.editions.keep(name, data)
		}
		return data, err
	})
}

func (e *editions) keep(name string, sheet []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sheets != nil && len(e.sheets) < 2*mostEditions {
		e.sheets[name] = sheet
	}
}

// publicFeed gives the editions to feed readers.
func (u *UI) publicFeed(kind string, write func(edition.Feed) ([]byte, error)) func(*visit) error {
	return func(v *visit) error {
		v.inLang()
		all, back, err := u.editions.read(v.r.Context(), u.Reading)
		if err != nil {
			return err
		}
		base := u.Door.Origin()
		f := edition.Feed{Name: u.Name, Title: v.t("web.public.title") + " – " + u.Name, BaseURL: base, Lang: v.lang, Editions: all}
		for _, b := range back {
			b.URL = base + edition.Path + "/" + b.ID
			f.Back = append(f.Back, b)
		}
		data, err := write(f)
		if err != nil {
			return err
		}
		v.give(kind, data)
		return nil
	}
}

// give answers with what everybody may have and keep for a minute.
func (v *visit) give(kind string, data []byte) {
	sum := hub.Sum(data)
	tag := `"` + sum.String()[:32] + `"`
	h := v.w.Header()
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Vary", "Accept-Language, Cookie")
	h.Set("ETag", tag)
	if v.r.Header.Get("If-None-Match") == tag {
		v.w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Language", v.lang)
	_, _ = v.w.Write(data) // a reader who left is no error of ours
}
