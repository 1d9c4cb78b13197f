package webui

import (
	"encoding/base64"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/locale"
	"isac/internal/signin"
)

// confirmForm is what a browser needs for a confirmation by the person's passkey, before
// something is done that changes who may come in.
type confirmForm struct {
	Host, Nonce string
	Passkeys    string // ids, between spaces; "" where the person has none
}

// confirming is the form of a page.
func (v *visit) confirming() (confirmForm, error) {
	nonce, err := v.ui.Signin.Ask()
	return confirmForm{Host: v.ui.Signin.Host(), Nonce: nonce, Passkeys: v.passkeys()}, err
}

// To is what the passkey signs for the form that is posted to an address: a signature for
// one thing is worthless for every other.
func (c confirmForm) To(action string) string {
	return base64.RawURLEncoding.EncodeToString(review.Challenge(signin.Confirmation(action, c.Nonce)))
}

// passkeys are the ids of the person's passkeys as the script reads them.
func (v *visit) passkeys() string {
	var ids []string
	for _, k := range v.me.Passkeys {
		ids = append(ids, base64.RawURLEncoding.EncodeToString(k.ID))
	}
	return strings.Join(ids, " ")
}

// confirmed reads a posted form that the person's passkey must have confirmed.
func (v *visit) confirmed() error {
	err := v.form()
	if err != nil {
		return err
	}
	return v.ui.Signin.Confirm(*v.me, v.r.URL.Path, v.field("nonce"), []byte(v.field("assertion")))
}

// tokenMake makes an access token for a program and shows it, this once; where a client
// certificate is given, that is bound in place of one.
func (u *UI) tokenMake(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	var scopes []hub.Scope
	for _, s := range v.r.PostForm["scope"] {
		scopes = append(scopes, hub.Scope(s))
	}
	ends, err := time.ParseInLocation(time.DateOnly, v.field("ends"), tokyo)
	if err != nil {
		return hub.E(hub.Invalid, "signin.token-end")
	}
	if pem := v.field("certificate"); pem != "" {
		_, err := u.Roster.BindCertificate(v.r.Context(), v.me.ID, v.field("name"), pem, scopes, ends.AddDate(0, 0, 1), u.Now())
		if err != nil {
			return err
		}
		return v.showMe(mePage{Done: locale.Text(v.lang, "web.me.certificate-bound")})
	}
	_, token, err := u.Roster.MakeToken(v.r.Context(), v.me.ID, v.field("name"), scopes, ends.AddDate(0, 0, 1), u.Now())
	if err != nil {
		return err
	}
	return v.showMe(mePage{Made: token})
}

// tokenRevoke ends an access token at once.
func (u *UI) tokenRevoke(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Roster.RevokeToken(v.r.Context(), v.me.ID, v.field("id"))
	if err != nil {
		return err
	}
	return v.showMe(mePage{Done: locale.Text(v.lang, "web.me.token-revoked")})
}
