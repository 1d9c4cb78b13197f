package webui_test

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/hub/edition"
	"isac/internal/hubtest"
)

// Pictures of the main pages in both languages, to be looked at:
//
//	go test ./internal/webui -run Shots -args -shots FOLDER
var shots = flag.String("shots", "", "folder for pictures of the pages")

// TestShots opens the main pages as those who use them, in both languages: each must be
// there, in its language, and no wider than the window. With a folder given it keeps
// pictures of them.
func TestShots(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter, office := h.Person(0, hub.Reporter), h.Person(-1, hub.Secretariat)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 2) {
		moderators = append(moderators, h.Person(i, hub.Moderator, hub.Analyst))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "shots", "1", "203.0.114.78' OR file:name = 'relay-kit.exe"))
	if err != nil {
		t.Fatal(err)
	}
	view := h.Consent(reporter, h.Case(reporter, 1))
	pages := map[string]hubtest.Person{"/cases": reporter, "/cases/" + view.Case: reporter, "/cases/" + view.Case + "/forms/ransomware": reporter, "/report": reporter, "/machine": reporter, "/me": reporter, "/help": reporter}
	h.Poll("a review", func() bool {
		list, err := h.Desk.Reviews(moderators[0].Person)
		if err == nil && len(list) > 0 {
			pages["/reviews/"+list[0].Review] = moderators[0]
		}
		return err == nil && len(list) > 0
	})
	b := newBrowser(h)
	b.signIn(reporter)
	b.do("POST", "/report/draft", url.Values{"seen": {"サーバーに脅迫文が表示され、電子カルテが開けない。"}})
	for _, path := range []string{"/office", "/office/members", "/office/members/" + h.Members[0].ID, "/office/people", "/office/acts", "/notices", "/dictate", "/desk"} {
		pages[path] = office
	}
	pages["/reviews"] = moderators[0]
	picture(t, h, pages)
	stages := h.Approve(reporter, view.Case, moderators...).Stages
	alert := stages[1].Alert
	picture(t, h, map[string]hubtest.Person{
		"/": moderators[0], "/alerts": moderators[0], "/alerts/" + alert.ID: moderators[0], "/search": moderators[0], "/check": moderators[0],
		"/sector": moderators[0], "/campaigns": moderators[0],
	})
	picture(t, h, map[string]hubtest.Person{"/": {}, "/signin": {}, "/first": {}, "/public": {}, "/public/" + edition.ID(stages[0].Alert.ID): {}})
}

// picture opens pages, each as the person who uses it; nobody's id is nobody.
func picture(t *testing.T, h *hubtest.Hub, pages map[string]hubtest.Person) {
	t.Helper()
	browsers := map[string]*page{}
	for path, who := range pages {
		p := browsers[who.ID]
		if p == nil {
			p = newPage(t, h)
			if who.ID != "" {
				p.authenticator()
				p.invited(h, who)
			}
			browsers[who.ID] = p
		}
		for _, lang := range []string{"ja", "en"} {
			p.open("/")
			p.run(chromedp.Evaluate(`fetch("/language", {method: "POST", body: new URLSearchParams({to: "`+lang+`", back: "/"})}).then(() => true)`, nil,
				func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
			p.run(emulation.SetDeviceMetricsOverride(1100, 800, 1, false))
			p.open(path)
			var in string
			var over float64
			p.run(chromedp.Evaluate(`document.documentElement.lang`, &in), chromedp.Evaluate(`document.scrollingElement.scrollWidth - innerWidth`, &over))
			if in != lang || over > 0 {
				t.Errorf("%s is in %q, and %v pixels too wide", path, in, over)
			}
			p.keep(strings.Trim(strings.ReplaceAll(path, "/", "-"), "-") + "." + who.Org + "." + lang)
		}
	}
}

// keep takes pictures of the whole page, where they are wanted: on a wide screen, on a
// telephone and in the dark.
func (p *page) keep(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	dark := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}})
	for _, way := range []struct {
		name string
		set  chromedp.Action
	}{
		{"wide", chromedp.Tasks{}},
		{"phone", emulation.SetDeviceMetricsOverride(390, 844, 1, true)},
		{"dark", chromedp.Tasks{emulation.SetDeviceMetricsOverride(1100, 800, 1, false), dark}},
	} {
		var data []byte
		p.run(way.set, chromedp.FullScreenshot(&data, 100))
		err := os.WriteFile(filepath.Join(*shots, name+"."+way.name+".png"), data, 0o600)
		if err != nil {
			p.t.Fatal(err)
		}
	}
	p.run(emulation.SetEmulatedMedia())
}
