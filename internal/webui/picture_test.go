package webui_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/hub/paper"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
)

// Pictures are in the pages and at addresses of their own, under the same policy, for
// who is signed in.
func TestPicturesAreServed(t *testing.T) {
	h := hubtest.Start(t, 40)
	first, second := release(h)
	h.Advance(100 * 24 * time.Hour) // the quarter is over: the sector view tells of it
	b := newBrowser(h)
	if a := b.do(http.MethodGet, "/alerts/"+first+"/path.svg", nil); a.status != http.StatusSeeOther {
		t.Errorf("a picture for nobody: %d", a.status)
	}
	b.signIn(h.Person(3, hub.Reader))
	h.Poll("both alerts in the view", func() bool {
		return b.do(http.MethodGet, "/alerts/"+first, nil).status == http.StatusOK && b.do(http.MethodGet, "/alerts/"+second, nil).status == http.StatusOK
	})
	for _, c := range []struct{ page, picture, want string }{
		{"/alerts/" + first, "/alerts/" + first + "/path.svg", ">T1190</text>"},
		{"/alerts/" + second, "/alerts/" + second + "/graph.svg", "203[.]0[.]114[.]80"},
		{"/sector", "/sector/matrix.svg", "T1190 (fewer than 10)"},
		{"/sector", "/sector/timeline.svg", "Full alerts"},
	} {
		a := b.do(http.MethodGet, c.picture, nil)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(a.body, "<svg ") || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d %.300s", c.picture, a.status, a.body)
		}
		if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: policy %q", c.picture, csp)
		}
		if in := b.do(http.MethodGet, c.page, nil); !strings.Contains(in.body, strings.TrimSpace(a.body)) {
			t.Errorf("%s isn't in %s", c.picture, c.page)
		}
	}
	for _, c := range []struct{ path, kind, begins string }{
		{"/alerts/" + first + "/sheet.pdf", "application/pdf", "%PDF-1"},
		{"/alerts/" + first + "/path.png", "image/png", "\x89PNG"},
		{"/sector/matrix.png", "image/png", "\x89PNG"},
	} {
		a := b.do(http.MethodGet, c.path, nil)
		if _, err := os.Stat(paper.Noto); err != nil && os.Getenv("ISAC_PAPER") != "required" {
			if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "fonts-noto-cjk") {
				t.Errorf("%s without a font: %d", c.path, a.status)
			}
			continue
		}
		if a.status != http.StatusOK || a.header.Get("Content-Type") != c.kind || !strings.HasPrefix(a.body, c.begins) {
			t.Errorf("%s: %d %s %.20q", c.path, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	for _, path := range []string{"/alerts/none/sheet.pdf", "/alerts/none/path.svg", "/alerts/none/graph.svg", "/alerts/" + first + "/other.svg"} {
		if a := b.do(http.MethodGet, path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, path := range []string{"/alerts/" + first + "/layer", "/sector/layer"} {
		var layer struct{ Domain string }
		if a := b.do(http.MethodGet, path, nil); json.Unmarshal([]byte(a.body), &layer) != nil || layer.Domain != "enterprise-attack" {
			t.Errorf("%s: %d %.100s", path, a.status, a.body)
		}
	}
}

// release sends two reports of one attacker through to their alerts, and returns the
// ids of the second one's.
func release(h *hubtest.Hub) (flash, full string) {
	h.T.Helper()
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	reporter := h.Person(0, hub.Reporter)
	conn := h.Dial(0)
	var view conveyor.CaseView
	for i := range 2 {
		_, _, err := conn.Report(h.T.Context(), hubtest.Bundle(h.Members[0], fmt.Sprint("picture ", i), "1", "203.0.114.80"))
		if err != nil {
			h.T.Fatal(err)
		}
		h.Poll("the case", func() bool {
			ids, err := h.Desk.Cases(h.T.Context(), reporter.Person)
			return err == nil && len(ids) == i+1
		})
		view = h.Consent(reporter, h.Case(reporter, 1))
		view = h.Approve(reporter, view.Case, moderators...)
	}
	return view.Stages[0].Alert.ID, view.Stages[1].Alert.ID
}

// A real browser's fonts stay in the boxes that were made without knowing them.
func TestTextsFitInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.open("/")
	files, err := filepath.Glob("../../hub/picture/testdata/*.svg")
	if err != nil || len(files) < 16 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		svg, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(string(svg))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		p.run(chromedp.Evaluate(`(() => {
			document.body.innerHTML = `+string(text)+`
			const svg = document.querySelector("svg")
			svg.style.display = "block"
			const boxes = [...svg.querySelectorAll("rect")].map(e => e.getBBox()), out = []
			boxes.push(svg.viewBox.baseVal)
			const texts = [...svg.querySelectorAll("text")]
			if (texts.length == 0 || texts[0].getBBox().width == 0) out.push("nothing is drawn")
			for (const e of texts) {
				const t = e.getBBox()
				for (const b of boxes) {
					const meets = t.x < b.x + b.width && b.x < t.x + t.width && t.y < b.y + b.height && b.y < t.y + t.height
					if (meets && (t.x < b.x || t.x + t.width > b.x + b.width)) out.push(e.textContent)
				}
			}
			return out
		})()`, &out))
		if len(out) > 0 {
			t.Errorf("%s: leave their boxes: %q", filepath.Base(file), out)
		}
	}
}
