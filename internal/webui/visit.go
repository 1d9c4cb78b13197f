package webui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/locale"
	"isac/internal/outcome"
	"isac/internal/reading"
	"isac/internal/signin"
)

// visit is one request of one person, or of nobody.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	ui   *UI
	lang string
	in   signin.Session
	me   *hub.Person // nil when nobody is signed in
	// reads is what is released, as far as who is signed in may read it.
	reads *reading.View
	// unknown is why it isn't known who asks: then pages for everybody are open to them too.
	unknown error
}

// open answers everybody.
func (u *UI) open(h func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, ui: u, lang: language(r)}
		httpx.HandlePage(u.Log, func() error { return v.answer(h) }, func(err error, request string) { v.refuse(err, request) })
	}
}

// signed answers who is signed in, and sends others to sign in first.
func (u *UI) signed(h func(*visit) error) http.HandlerFunc {
	return u.open(func(v *visit) error {
		if v.unknown != nil {
			return v.unknown
		}
		if v.me == nil {
			v.to("/signin?" + url.Values{"back": {v.back()}}.Encode())
			return nil
		}
		if v.me.OnlyClear() && !relayed(v.r.URL.Path) {
			return hub.E(hub.Forbidden, "error.forbidden")
		}
		return h(v)
	})
}

func (v *visit) answer(h func(*visit) error) error {
	in, ok, err := v.ui.Door.Who(v.r)
	if hub.KindOf(err) == hub.Unavailable {
		v.unknown = err
		return h(v)
	}
	if err != nil {
		return err
	}
	if ok {
		v.in, v.me, v.reads = in, &in.Person, v.ui.Reading.Of(in.Person)
	}
	return h(v)
}

// back is where to go after signing in: the page that was asked for, unless asking for
// it changed something.
func (v *visit) back() string {
	if v.r.Method != http.MethodGet {
		return "/"
	}
	return v.r.URL.RequestURI()
}

// to sends the browser on to a page of the hub.
func (v *visit) to(path string) {
	http.Redirect(v.w, v.r, own(path), http.StatusSeeOther)
}

// own keeps a path that leads to a page of this hub, and makes the first page of
// anything else.
func own(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}

// form reads a posted form of ordinary size; a field may be given once.
func (v *visit) form() error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	err := v.r.ParseForm()
	if err != nil { // its text could quote a value
		return hub.E(hub.Invalid, "http.bad-body")
	}
	return nil
}

// maxForm is enough for every form, a pasted log included.
const maxForm = 6 << 20

func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }

func (v *visit) t(key string, args ...string) string { return locale.Text(v.lang, key, args...) }

// languageCookie holds the choice of a language.
const languageCookie = "isac-language"

// language is the chosen one, else by Accept-Language, else Japanese.
func language(r *http.Request) string {
	c, err := r.Cookie(languageCookie)
	if err == nil && slices.Contains(locale.Languages, c.Value) {
		return c.Value
	}
	return httpx.Language(r)
}

// languageSet remembers a choice of language and goes back.
func (u *UI) languageSet(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	if to := v.field("to"); slices.Contains(locale.Languages, to) {
		http.SetCookie(v.w, &http.Cookie{Name: languageCookie, Value: to, Path: "/", MaxAge: 365 * 24 * 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	v.to(v.field("back"))
	return nil
}

// problemPage tells why something can't be done.
type problemPage struct {
	Frame
	Text    string
	Request string
}

func (problemPage) template() string { return "problem" }

// refuse answers with a page that says why, in the reader's language.
func (v *visit) refuse(err error, request string) {
	p := problemPage{Frame: v.frame(), Text: locale.Error(v.lang, err)}
	p.Path = "/" // an address that leads nowhere is not repeated
	if hub.KindOf(err) == hub.Internal {
		p.Request = request
	}
	err = v.ui.pages.write(v.w, v.lang, outcome.Status(err), p)
	if err != nil {
		http.Error(v.w, fmt.Sprint(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// Refuse answers with a page that says why, where there is no UI to do so.
func Refuse(w http.ResponseWriter, r *http.Request, name string, err error) {
	headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, ui: &UI{Config: Config{Name: name}, pages: parsed()}, lang: language(r)}
		v.refuse(err, "")
	})).ServeHTTP(w, r)
}
