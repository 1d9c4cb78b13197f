package webui

import (
	"encoding/base64"
	"time"

	"isac/hub"
)

// mePage shows people what the hub knows of them.
type mePage struct {
	Frame
	passkeyForm
	Done      string
	Fresh     bool // passkeys can be changed now
	Passkeys  []passkeyLine
	Elsewhere string
	With      string // address of the organisation's own sign-in
	Tokens    []tokenLine
	Made      string // a token that was just made, this once
	Scopes    []hub.Scope
	Ends      string // suggested
	Confirm   confirmForm
}

func (mePage) template() string { return "me" }

type passkeyLine struct{ ID, Short string }

func shortly(k hub.Passkey) passkeyLine {
	id := base64.RawURLEncoding.EncodeToString(k.ID)
	return passkeyLine{ID: id, Short: id[:min(12, len(id))] + "…"}
}

// tokenLine is an access token that the person made.
type tokenLine struct {
	ID, Name string
	Scopes   []hub.Scope
	Ends     time.Time // on the last day
	Ended    bool
	Used     string // the day, "" where it wasn't

	Certificate bool
}

func (u *UI) meShow(v *visit) error { return v.showMe(mePage{}) }

// suggestedToken is how long a token lasts where its owner doesn't say.
const suggestedToken = 90 * 24 * time.Hour

func (v *visit) showMe(p mePage) error {
	var err error
	p.passkeyForm, err = v.passkeyForm(*v.me)
	if err != nil {
		return err
	}
	p.Confirm, err = v.confirming()
	if err != nil {
		return err
	}
	p.Frame, p.Fresh, p.Elsewhere, p.Scopes = v.frame(), v.ui.Signin.Fresh(v.in), v.elsewhere("/me"), v.me.Scopes()
	p.Path = "/me"
	if code := v.ui.Signin.ProviderOf(v.me.Org); code != "" {
		p.With = v.ui.Signin.Origin() + "/signin/with/" + code
	}
	p.Ends = v.ui.Now().Add(suggestedToken).In(tokyo).Format(time.DateOnly)
	for _, k := range v.me.Passkeys {
		p.Passkeys = append(p.Passkeys, shortly(k))
	}
	for _, t := range v.ui.Roster.TokensOf(v.me.ID) {
		day, err := v.ui.Signin.LastUsed(v.r.Context(), t.ID)
		if err != nil {
			return err
		}
		p.Tokens = append(p.Tokens, tokenLine{t.ID, t.Name, t.Scopes, t.Ends.Add(-time.Second), !t.Good(v.ui.Now()), day, t.Certificate})
	}
	return v.show(p)
}

// stale refuses to change passkeys where the person didn't just come in by one.
func (v *visit) stale() error {
	if v.ui.Signin.Fresh(v.in) {
		return nil
	}
	return hub.E(hub.Forbidden, "web.me.not-fresh")
}

// passkeyAdd makes one more passkey known.
func (u *UI) passkeyAdd(v *visit) error {
	err := v.form()
	if err == nil {
		err = v.stale()
	}
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
	if err == nil {
		err = v.stale()
	}
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
