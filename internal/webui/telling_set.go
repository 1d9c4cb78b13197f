package webui

import (
	"slices"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/notify"
)

// tellingPage is where people say how they want to be told of alerts.
type tellingPage struct {
	Frame
	Done    string
	CanMail bool // the hub sends mails
	Mail    notify.Address
	Wanted  []choice // severities at once
	Hooks   []hookLine
	All     []choice // severities of a new webhook
	Formats []notice.Format
	Secret  string // of a webhook that was just made, this once
	Given   []givenLine
	Confirm confirmForm
	// Products are all product families, those chosen that she said she runs.
	Products []choice
}

func (tellingPage) template() string { return "telling" }

type hookLine struct {
	notify.Hook
	AtOnce []hub.Severity
}

// givenLine is a message that was given up.
type givenLine struct {
	notify.Dead
	Name string // of the webhook, "" for mail
}

// telling are the pages about being told.
func (u *UI) telling(r chi.Router) {
	r.Get("/me/telling", u.signed(u.tellingShow))
	r.Post("/me/telling/mail", u.signed(u.noticeMail))
	r.Post("/me/telling/code", u.signed(u.noticeCode))
	r.Post("/me/telling/stop", u.signed(u.noticeStop))
	r.Post("/me/telling/hooks", u.signed(u.hookMake))
	r.Post("/me/telling/hooks/{verb}", u.signed(u.hookDecide))
	r.Post("/me/telling/products", u.signed(u.productsSet))
	r.Post("/me/telling/again", u.signed(u.noticeAgain))
}

func (u *UI) tellingShow(v *visit) error { return v.showTelling(tellingPage{}) }

// selectable are the severities that people choose; critical is told in any case.
var selectable = []hub.Severity{hub.High, hub.Medium, hub.Low}

func (v *visit) severities(chosen func(hub.Severity) bool) []choice {
	var out []choice
	for _, s := range selectable {
		out = append(out, choice{string(s), v.t("web.severity." + string(s)), chosen(s)})
	}
	return out
}

func (v *visit) showTelling(p tellingPage) error {
	s, err := v.ui.Notices.Of(v.r.Context(), v.me.ID)
	if err != nil {
		return err
	}
	given, err := v.ui.Notices.Given(v.r.Context(), v.me.ID)
	if err != nil {
		return err
	}
	p.Confirm, err = v.confirming()
	if err != nil {
		return err
	}
	p.Frame, p.CanMail, p.Mail, p.Formats = v.frame(), v.ui.Notices.Server != nil, s.Mail, notice.Formats()
	p.Path = "/me/telling"
	if p.Mail.To == "" {
		p.Mail.Choice, p.Mail.Lang = notice.Usual(), v.lang
	}
	p.Wanted = v.severities(func(s hub.Severity) bool { return slices.Contains(p.Mail.AtOnce, s) })
	p.All = v.severities(func(hub.Severity) bool { return true })
	for _, e := range v.ui.Desk.Vocabulary().Entries(hub.Product) {
		p.Products = append(p.Products, choice{e.ID, e.Label.In(v.lang), slices.Contains(s.Products, e.ID)})
	}
	names := map[string]string{}
	for _, h := range s.Hooks {
		names[h.ID] = h.Name
		p.Hooks = append(p.Hooks, hookLine{h, append([]hub.Severity{hub.Critical}, h.AtOnce...)})
	}
	for _, d := range given {
		p.Given = append(p.Given, givenLine{d, names[d.Channel]})
	}
	return v.show(p)
}

// wanted reads a choice of a posted form.
func (v *visit) wanted() notice.Choice {
	c := notice.Choice{Weekly: v.field("weekly") != ""}
	for _, s := range v.r.PostForm["severity"] {
		c.AtOnce = append(c.AtOnce, hub.Severity(s))
	}
	return c
}

// noticeMail says where mails go. Who has found an access token reads and can't make
// alerts go elsewhere for good: it takes the passkey.
func (u *UI) noticeMail(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	err = u.Notices.SetMail(v.r.Context(), v.me.ID, v.field("address"), v.field("lang"), v.wanted())
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Done: v.t("web.telling.kept")})
}

// noticeCode takes the code that was mailed.
func (u *UI) noticeCode(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Notices.Confirm(v.r.Context(), v.me.ID, v.field("code"))
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Done: v.t("web.telling.confirmed")})
}

// noticeStop ends mails.
func (u *UI) noticeStop(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Notices.StopMail(v.r.Context(), v.me.ID)
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Done: v.t("web.telling.stopped")})
}

// hookMake makes a webhook and shows its secret, this once.
func (u *UI) hookMake(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	h := notify.Hook{Name: v.field("name"), URL: v.field("url"), Format: notice.Format(v.field("format")), Lang: v.field("lang"), Choice: v.wanted()}
	_, secret, err := u.Notices.AddHook(v.r.Context(), v.me.ID, h)
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Secret: secret})
}

// hookDecide tries or drops a webhook.
func (u *UI) hookDecide(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	ctx, id := v.r.Context(), v.field("id")
	switch chi.URLParam(v.r, "verb") {
	case "test":
		err = u.Notices.TryHook(ctx, v.me.ID, id)
		if err != nil {
			return err
		}
		return v.showTelling(tellingPage{Done: v.t("web.telling.tried")})
	case "drop":
		err = u.Notices.DropHook(ctx, v.me.ID, id)
		if err != nil {
			return err
		}
		return v.showTelling(tellingPage{Done: v.t("web.telling.dropped")})
	}
	return hub.E(hub.NotFound, "web.no-page")
}

// noticeAgain tries anew what was given up.
func (u *UI) noticeAgain(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Notices.Again(v.r.Context(), v.me.ID, v.field("id"))
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Done: v.t("web.telling.again-done")})
}
