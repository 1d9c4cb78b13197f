package webui

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/internal/locale"
	"isac/web"
)

// Frame is what every page has around its own.
type Frame struct {
	Lang string
	Path string // of the page, with its query
	Hub  string // the hub's name
	Me   *hub.Person
	// Exercise says that nothing here is real.
	Exercise bool
}

// At reports whether the page is below a place of the navigation.
func (f Frame) At(place string) bool {
	p, _, _ := strings.Cut(f.Path, "?")
	return p == place || strings.HasPrefix(p, place+"/")
}

// May reports whether who is signed in holds a role.
func (f Frame) May(role string) bool { return f.Me != nil && f.Me.Has(hub.Role(role)) }

func (v *visit) frame() Frame {
	return Frame{Lang: v.lang, Path: v.r.URL.RequestURI(), Hub: v.ui.Name, Me: v.me, Exercise: v.ui.Exercise != nil}
}

// page is the data of one page; template names its file in web/pages.
type page interface{ template() string }

// pages are all there are, each empty: for the test that runs every template.
func pages() []page {
	return []page{
		homePage{},
		signinPage{},
		invitePage{},
		problemPage{},
		alertListPage{},
		alertPage{},
		campaignListPage{},
		advisoryListPage{},
		advisoryPage{},
		relayListPage{},
		relayPage{},
		exercisePage{},
		shelfPage{},
		documentPage{},
		publicPage{},
		partnerPage{},
		editionPage{},
		searchPage{},
		listPage{},
		developerPage{},
		sectorPage{},
		mePage{},
		machinePage{},
		noticeListPage{},
		noticePage{},
		tellingPage{},
		officePage{},
		auditPage{},
		memberListPage{},
		memberPage{},
		importPage{},
		peopleListPage{},
		personPage{},
		caseListPage{},
		casePage{},
		authorityPage{},
		originalPage{},
		reviewListPage{},
		reviewPage{},
		reportPage{},
		receiptPage{},
		firstPage{},
		firstReceiptPage{},
		dictatePage{},
		helpPage{},
		deskPage{},
	}
}

// templates are the parsed pages by language and name.
type templates map[string]map[string]*template.Template

var parsed = sync.OnceValue(func() templates {
	all, err := parse(web.Pages)
	if err != nil {
		panic(err) // embedded files; a test parses them all
	}
	return all
})

func parse(files fs.FS) (templates, error) {
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading pages: %w", err)
	}
	all := templates{}
	for _, lang := range locale.Languages {
		all[lang] = map[string]*template.Template{}
		for _, file := range names {
			t, err := template.New(path.Base(file)).Funcs(functions(lang)).Option("missingkey=error").ParseFS(files, "parts/*.html", file)
			if err != nil {
				return nil, fmt.Errorf("reading page: %w", err)
			}
			all[lang][strings.TrimSuffix(path.Base(file), ".html")] = t
		}
	}
	return all, nil
}

// tokyo is where days and minutes are told.
var tokyo = time.FixedZone("JST", 9*60*60)

// functions are what templates can call.
func functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t": func(key string, args ...any) string {
			var words []string
			for _, a := range args {
				words = append(words, fmt.Sprint(a))
			}
			return locale.Text(lang, key, words...)
		},
		"field":   func(name, value string, problems map[string]string) field { return field{name, value, problems[name]} },
		"day":     func(t time.Time) string { return t.In(tokyo).Format("2006-01-02") },
		"month":   func(t time.Time) string { return t.In(tokyo).Format("2006-01") },
		"minute":  func(t time.Time) string { return t.In(tokyo).Format("2006-01-02 15:04") },
		"band":    func(b any) string { return band(lang, fmt.Sprint(b)) },
		"quarter": func(q string) string { return quarter(lang, q) },
	}
}

// field is one field of a form in a template.
type field struct{ Name, Value, Problem string }

// band is a number of alerts as people read it; "" where there is none.
func band(lang, b string) string {
	if b == "" {
		return "–"
	}
	return locale.Text(lang, "web.band."+b)
}

// quarter makes "2026-Q3" readable.
func quarter(lang, q string) string {
	year, n, _ := strings.Cut(q, "-Q")
	return locale.Text(lang, "web.quarter", year, n)
}

// write renders a page whole before the first byte goes out.
func (t templates) write(w http.ResponseWriter, lang string, status int, p page) error {
	in, ok := t[lang][p.template()]
	if !ok {
		return fmt.Errorf("rendering page: no template %s", p.template())
	}
	var b bytes.Buffer
	err := in.ExecuteTemplate(&b, "layout", p)
	if err != nil {
		return fmt.Errorf("rendering page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who left is no error of ours
	return nil
}

func (v *visit) show(p page) error { return v.ui.pages.write(v.w, v.lang, http.StatusOK, p) }
