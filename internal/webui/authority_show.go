package webui

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/drafts"
	"isac/hub/stix"
	"isac/internal/locale"
	"isac/internal/workbook"
)

// authorityPage is a draft of a form that an authority wants, filled in from a report,
// for the people of who made it. Nothing of it is kept.
type authorityPage struct {
	Frame
	Case    string
	Forms   []choice
	Draft   drafts.Draft
	Counted string
	Known   string // the day that was given, as it was
	Problem string
}

func (authorityPage) template() string { return "authority" }

// When says when something is due.
func (p authorityPage) When(d drafts.Due) string { return d.When(say(p.Lang)) }

// Sources names where an answer comes from.
func (p authorityPage) Sources(r drafts.Row) string { return r.Sources(say(p.Lang)) }

func say(lang string) drafts.Say {
	return func(key string, args ...string) string { return locale.Text(lang, key, args...) }
}

// authorityShow shows a draft. The day on which the organisation came to know comes in
// a posted form, so that no address holds it.
func (u *UI) authorityShow(v *visit) error {
	id := chi.URLParam(v.r, "case")
	f, ok := drafts.Named(chi.URLParam(v.r, "form"))
	if !ok {
		return hub.E(hub.NotFound, "web.authority.none")
	}
	c, err := u.Desk.Case(v.r.Context(), *v.me, id)
	if err != nil {
		return err
	}
	original, err := u.Desk.Original(v.r.Context(), *v.me, id)
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(original, stix.DefaultLimits())
	if err != nil { // its text could quote the report
		return hub.E(hub.Invalid, "http.bad-body")
	}
	p := authorityPage{Frame: v.frame(), Case: id}
	clock := drafts.Clock{Start: c.Received}
	if v.r.Method == http.MethodPost {
		err = v.form()
		if err != nil {
			return err
		}
		clock = p.count(v, clock)
	}
	org, _ := u.Roster.Organisation(v.me.Org)
	p.Draft = drafts.Fill(f, drafts.Read(bundle, u.Vocab).Of(org.NameJA), clock, v.lang, u.Profile, u.Now())
	p.Counted = p.Draft.Counted(u.Profile.Clocks.Location(), v.t)
	p.Forms = v.authorities(f.ID)
	if as := v.field("as"); v.r.Method == http.MethodPost && p.Problem == "" && as != "" {
		return u.authorityFile(v, p.Draft, as)
	}
	return v.show(p)
}

// authorities are the forms, of which one may be shown.
func (v *visit) authorities(shown string) []choice {
	var out []choice
	for _, name := range drafts.Names() {
		f, _ := drafts.Named(name)
		out = append(out, choice{name, f.Title.In(v.lang), name == shown})
	}
	return out
}

// count reads the day that was given.
func (p *authorityPage) count(v *visit, clock drafts.Clock) drafts.Clock {
	p.Known = v.field("known")
	if p.Known == "" {
		return clock
	}
	day, err := time.ParseInLocation(time.DateOnly, p.Known, v.ui.Profile.Clocks.Location())
	if err != nil || day.After(v.ui.Now()) {
		p.Problem = v.t("web.authority.bad-day")
		return clock
	}
	return drafts.Clock{Start: day, Said: true}
}

// authorityFile gives a draft as a file.
func (u *UI) authorityFile(v *visit, d drafts.Draft, as string) error {
	loc, kind, name := u.Profile.Clocks.Location(), "text/plain; charset=utf-8", "draft-"+d.Form+".txt"
	data := []byte(d.Text(loc, v.t))
	if as == "xlsx" {
		var err error
		data, err = workbook.Write(d.Table(loc, v.t), drafts.Widths()...)
		if err != nil {
			return err
		}
		kind, name = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "draft-"+d.Form+".xlsx"
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Language", v.lang)
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = v.w.Write(data) // a reader who left is no error of ours
	return nil
}
