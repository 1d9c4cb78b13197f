package webui

import (
	"github.com/go-chi/chi/v5"

	"isac/hub/profile"
	"isac/internal/helpdesk"
)

// deskPage lists the calls of one desk for who answers there.
type deskPage struct {
	Frame
	Desk  profile.Desk
	Calls []deskCall
}

func (deskPage) template() string { return "desk" }

type deskCall struct {
	helpCall
	Member string // its name
}

func (u *UI) deskShow(v *visit) error {
	calls, err := u.Help.At(v.r.Context(), *v.me)
	if err != nil {
		return err
	}
	desk := v.me.Desk
	if desk == "" {
		desk = profile.SecretariatDesk
	}
	p := deskPage{Frame: v.frame(), Desk: u.Profile.Desk(desk)}
	for _, c := range lateness(calls, u.Now()) {
		org, _ := u.Roster.Organisation(c.Call.Member)
		p.Calls = append(p.Calls, deskCall{c, org.NameJA})
	}
	return v.show(p)
}

// deskReceive acknowledges a call.
func (u *UI) deskReceive(v *visit) error {
	err := u.Help.Receive(v.r.Context(), *v.me, chi.URLParam(v.r, "call"))
	if err != nil {
		return err
	}
	v.to("/desk")
	return nil
}

// IsHelp reports whether a call asks for help, rather than to be called back.
func (c deskCall) IsHelp() bool { return c.Kind == helpdesk.ForHelp }
