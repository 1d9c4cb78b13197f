package webui

import (
	"encoding/base64"
	"encoding/json"
	"net/url"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/locale"
	"isac/internal/signin"
)

// signinPage lets people in by passkey or access token.
type signinPage struct {
	Frame
	Problem   string
	Back      string
	Host      string // for which passkeys are made
	Nonce     string
	Challenge string
	Elsewhere string // the same page where passkeys work, when this one isn't it
	With      string // the provider by which this browser came in last
}

func (signinPage) template() string { return "signin" }

func (u *UI) signinShow(v *visit) error {
	return v.showSignin(own(v.r.URL.Query().Get("back")), "")
}

func (v *visit) showSignin(back, problem string) error {
	nonce, err := v.ui.Signin.Ask()
	if err != nil {
		return err
	}
	return v.show(signinPage{
		Frame: v.frame(), Problem: problem, Back: back, Host: v.ui.Signin.Host(), Nonce: nonce,
		Challenge: base64.RawURLEncoding.EncodeToString(review.Challenge(signin.Message(nonce))),
		Elsewhere: v.elsewhere("/signin?" + url.Values{"back": {back}}.Encode()), With: v.with(back),
	})
}

// elsewhere is the address of a page on the host for which passkeys are made, where
// the browser is on another.
func (v *visit) elsewhere(path string) string {
	at, err := url.Parse(v.ui.Signin.Origin())
	if err != nil || at.Host == v.r.Host {
		return ""
	}
	return v.ui.Signin.Origin() + path
}

// signinToken lets the holder of an access token in.
func (u *UI) signinToken(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	p, err := u.Signin.WithToken(v.field("token"))
	if err != nil {
		return v.showSignin(own(v.field("back")), locale.Error(v.lang, err))
	}
	return v.begin(p, signin.ByToken)
}

// signinPasskey lets in whose passkey signed the page's nonce.
func (u *UI) signinPasskey(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	var a review.Assertion
	err = json.Unmarshal([]byte(v.field("assertion")), &a)
	if err != nil {
		return hub.E(hub.Unsigned, "signin.bad-passkey")
	}
	p, err := u.Signin.WithPasskey(v.field("nonce"), a.Credential, []byte(v.field("assertion")))
	if err != nil {
		return v.showSignin(own(v.field("back")), locale.Error(v.lang, err))
	}
	return v.begin(p, signin.ByPasskey)
}

func (v *visit) begin(p hub.Person, proof signin.Proof) error {
	err := v.ui.Signin.Begin(v.r.Context(), v.w, p, proof)
	if err != nil {
		return err
	}
	v.to(v.field("back"))
	return nil
}

func (u *UI) signout(v *visit) error {
	err := u.Signin.End(v.w, v.r)
	if err != nil {
		return err
	}
	v.to("/")
	return nil
}

// invitePage makes the first passkey of who was invited.
type invitePage struct {
	Frame
	passkeyForm
	Elsewhere string
	With      string // by the organisation's own sign-in instead
}

func (invitePage) template() string { return "invite" }

// passkeyForm is what a browser needs to make a passkey.
type passkeyForm struct {
	Host  string
	Nonce string
	User  string // person, in base64url
	Name  string // as the browser's list of passkeys shows it
}

func (v *visit) passkeyForm(p hub.Person) (passkeyForm, error) {
	nonce, err := v.ui.Signin.Ask()
	return passkeyForm{
		Host: v.ui.Signin.Host(), Nonce: nonce, User: base64.RawURLEncoding.EncodeToString([]byte(p.ID)), Name: v.ui.Name,
	}, err
}

func (v *visit) invited() (hub.Person, error) {
	p, ok := v.ui.Roster.Invited(chi.URLParam(v.r, "code"), v.ui.Now())
	if !ok {
		return hub.Person{}, hub.E(hub.NotFound, "web.invite.ended")
	}
	return p, nil
}

func (u *UI) inviteShow(v *visit) error {
	p, err := v.invited()
	if err != nil {
		return err
	}
	form, err := v.passkeyForm(p)
	if err != nil {
		return err
	}
	with := ""
	if u.Signin.ProviderOf(p.Org) != "" {
		with = v.r.URL.Path + "/provider"
	}
	return v.show(invitePage{v.frame(), form, v.elsewhere(v.r.URL.Path), with})
}

// inviteTake makes the new passkey known and signs its person in.
func (u *UI) inviteTake(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	p, err := v.invited()
	if err != nil {
		return err
	}
	err = u.Signin.Register(v.r.Context(), p.ID, v.field("nonce"), []byte(v.field("credential")))
	if err != nil {
		return err
	}
	return v.begin(p, signin.ByInvitation)
}
