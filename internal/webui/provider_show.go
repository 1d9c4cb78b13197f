package webui

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
)

// withCookie holds the code of the provider by which this browser came in last, so that
// the page for signing in offers it. Who has never come in isn't told that there are any.
const withCookie = "isac-with"

// providerGo sends the browser to the provider of an organisation.
func (u *UI) providerGo(v *visit) error {
	return v.away(chi.URLParam(v.r, "code"), "", own(v.r.URL.Query().Get("back")))
}

// inviteGo sends who was invited to the provider of the organisation.
func (u *UI) inviteGo(v *visit) error {
	p, err := v.invited()
	if err != nil {
		return err
	}
	return v.away(u.Signin.ProviderOf(p.Org), chi.URLParam(v.r, "code"), "/me")
}

func (v *visit) away(code, invitation, back string) error {
	address, err := v.ui.Signin.Away(v.r.Context(), v.w, code, invitation, back)
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, address, http.StatusSeeOther)
	return nil
}

// providerBack takes the browser that comes from a provider.
func (u *UI) providerBack(v *visit) error {
	came, err := u.Signin.Back(v.w, v.r)
	if err != nil {
		return err
	}
	http.SetCookie(v.w, &http.Cookie{Name: withCookie, Value: came.Code, Path: "/", MaxAge: 365 * 24 * 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	err = u.Signin.Begin(v.r.Context(), v.w, came.Person, came.Proof)
	if err != nil {
		return err
	}
	v.to(came.Back)
	return nil
}

// with is the address of the provider by which this browser came in last.
func (v *visit) with(back string) string {
	c, err := v.r.Cookie(withCookie)
	if err != nil || !v.ui.Signin.Provides(c.Value) {
		return ""
	}
	return "/signin/with/" + c.Value + "?" + url.Values{"back": {back}}.Encode()
}
