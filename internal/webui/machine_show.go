package webui

import (
	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/signin"
)

// machinePage is where a member's reporter rotates its machine credentials, goes quiet
// and comes back.
type machinePage struct {
	Frame
	Keys    int // machine credentials that are good
	Quiet   bool
	Confirm confirmForm
}

func (machinePage) template() string { return "machine" }

// mayMachine wants somebody of a member who reports for it.
func (v *visit) mayMachine() error {
	org, ok := v.ui.Roster.Organisation(v.me.Org)
	if !v.me.Has(hub.Reporter) || !ok || !org.Member {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	return nil
}

func (u *UI) machineShow(v *visit) error {
	err := v.mayMachine()
	if err != nil {
		return err
	}
	confirm, err := v.confirming()
	if err != nil {
		return err
	}
	return v.show(machinePage{v.frame(), u.Machines.Good(v.me.Org), u.Machines.Quiet(v.me.Org), confirm})
}

// machineDecide does what the reporter's passkey has confirmed.
func (u *UI) machineDecide(v *visit) error {
	err := v.mayMachine()
	if err == nil {
		err = v.confirmed()
	}
	if err != nil {
		return err
	}
	ctx := v.r.Context()
	var file []byte
	switch chi.URLParam(v.r, "verb") {
	case "rotate":
		file, err = u.Machines.Rotate(ctx, v.me.Org)
	case "back":
		file, err = u.Machines.Back(ctx, v.me.Org)
	case "quiet":
		err = u.Machines.GoQuiet(ctx, v.me.Org)
		if err == nil { // the passkey signed just now: only this browser stays
			err = u.Signin.Begin(ctx, v.w, *v.me, signin.ByPasskey)
		}
		if err == nil {
			v.to("/machine")
		}
		return err
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	v.file("application/octet-stream", "member.creds", file)
	return nil
}
