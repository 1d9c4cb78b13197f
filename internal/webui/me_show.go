package webui

import (
	"encoding/base64"

	"isac/hub"
)

// mePage shows people what the hub knows of them.
type mePage struct {
	Frame
	passkeyForm
	Done      string
	Passkeys  []passkeyLine
	Elsewhere string
}

func (mePage) template() string { return "me" }

type passkeyLine struct{ ID, Short string }

func (u *UI) meShow(v *visit) error { return v.showMe("") }

func (v *visit) showMe(done string) error {
	form, err := v.passkeyForm(*v.me)
	if err != nil {
		return err
	}
	p := mePage{Frame: v.frame(), passkeyForm: form, Done: done, Elsewhere: v.elsewhere("/me")}
	for _, k := range v.me.Passkeys {
		id := base64.RawURLEncoding.EncodeToString(k.ID)
		p.Passkeys = append(p.Passkeys, passkeyLine{ID: id, Short: id[:min(12, len(id))] + "…"})
	}
	return v.show(p)
}

// passkeyAdd makes one more passkey known.
func (u *UI) passkeyAdd(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Signin.Register(v.r.Context(), v.me.ID, v.field("nonce"), []byte(v.field("credential")))
	if err != nil {
		return err
	}
	v.to("/me")
	return nil
}

// passkeyRemove takes a passkey away.
func (u *UI) passkeyRemove(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	id, err := base64.RawURLEncoding.DecodeString(v.field("id"))
	if err != nil {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	err = u.Roster.RemovePasskey(v.r.Context(), v.me.ID, id)
	if err != nil {
		return err
	}
	v.to("/me")
	return nil
}
