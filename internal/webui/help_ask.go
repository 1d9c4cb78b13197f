package webui

import (
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/helpdesk"
	"isac/internal/locale"
)

// helpPage calls the desk that helps members of this one's size, and shows what became
// of earlier calls. It is no report, and no consent to share anything.
type helpPage struct {
	Frame
	Name, Number, State string
	Problem             string
	Confirm             bool // what would be handed over is shown, to be confirmed
	Desk                profile.Desk
	Calls               []helpCall
}

func (helpPage) template() string { return "help" }

type helpCall struct {
	helpdesk.Call
	Late bool
}

// member returns the organisation of who is signed in, which must have joined.
func (v *visit) member() (hub.Organisation, error) {
	org, ok := v.ui.Roster.Organisation(v.me.Org)
	if !ok || !org.Member {
		return org, hub.E(hub.Forbidden, "error.forbidden")
	}
	return org, nil
}

func (u *UI) helpShow(v *visit) error { return v.showHelp(helpPage{}) }

func (v *visit) showHelp(p helpPage) error {
	org, err := v.member()
	if err != nil {
		return err
	}
	p.Frame, p.Desk = v.frame(), v.ui.Profile.DeskOf(org)
	calls, err := v.ui.Help.Of(v.r.Context(), org)
	if err != nil {
		return err
	}
	p.Calls = lateness(calls, v.ui.Now())
	return v.show(p)
}

func lateness(calls []helpdesk.Call, now time.Time) []helpCall {
	var out []helpCall
	for _, c := range calls {
		out = append(out, helpCall{c, c.Late(now)})
	}
	return out
}

// helpAsk shows what would be handed over, and hands it over when it is confirmed.
func (u *UI) helpAsk(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	org, err := v.member()
	if err != nil {
		return err
	}
	p := helpPage{Name: v.field("name"), Number: v.field("number"), State: v.field("state")}
	if p.Number == "" {
		p.Problem = v.t("help.no-number")
		return v.showHelp(p)
	}
	if v.field("confirmed") != "yes" {
		p.Confirm = true
		return v.showHelp(p)
	}
	err = u.Help.Ask(v.r.Context(), org, helpdesk.Call{Kind: helpdesk.ForHelp, Name: p.Name, Number: p.Number, State: p.State})
	if hub.KindOf(err) == hub.Invalid {
		p.Problem = locale.Error(v.lang, err)
		return v.showHelp(p)
	}
	if err != nil {
		return err
	}
	v.to("/help#calls")
	return nil
}
