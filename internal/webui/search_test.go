package webui_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/store"
)

// ask searches and returns the address of the result and its page.
func (b *browser) ask(form url.Values) (string, answer) {
	b.h.T.Helper()
	a := b.do(http.MethodPost, "/search", form)
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther {
		b.h.T.Fatalf("searching: %d", a.status)
	}
	return at, b.do(http.MethodGet, at, nil)
}

// What an analyst asks stands in no address and no log, and is nobody else's to open.
func TestWhatIsAskedIsInNoAddress(t *testing.T) {
	h := hubtest.Start(t, 40)
	b, other := newBrowser(h), newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	other.signIn(h.Person(4, hub.Analyst))
	at, found := b.ask(url.Values{"q": {"planted-word.example"}, "add": {"technique T1133"}})
	if !strings.HasPrefix(at, "/search/") || strings.Contains(at, "planted") || strings.Contains(at, "T1133") {
		t.Errorf("the address of the result is %s", at)
	}
	if found.status != http.StatusOK || !strings.Contains(found.body, "planted-word.example") || found.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the result: %d, cache %q", found.status, found.header.Get("Cache-Control"))
	}
	if again := b.do(http.MethodGet, at, nil); again.body != found.body {
		t.Error("the same address gives another page")
	}
	if theirs := other.do(http.MethodGet, at, nil); strings.Contains(theirs.body, "planted") {
		t.Error("somebody else reads what was asked")
	}
	if log := h.Log.String(); strings.Contains(log, "planted") {
		t.Error("the log has what was asked")
	}
	if h.OnDisk("planted-word") {
		t.Error("what was asked is on disk")
	}
	if old := b.do(http.MethodGet, "/search?q=planted-word.example", nil); strings.Contains(old.body, `value="planted`) {
		t.Error("an address can ask")
	}
	for _, form := range []url.Values{{}, {"q": {strings.Repeat("x", 5000)}}, {"add": {"junk"}}} {
		if at, _ := b.ask(form); at != "/search" {
			t.Errorf("%.20v leads to %s", form, at)
		}
	}
}

// released puts alerts into the view as if they had been released.
func released(h *hubtest.Hub, rows ...store.AlertRow) {
	h.T.Helper()
	h.Poll("the view to take them", func() bool { return h.Public.Put(h.T.Context(), rows) == nil }) // the hub writes too
}

func madeUp(number uint64, values ...string) store.AlertRow {
	r := store.AlertRow{Bundle: []byte("{}"), Signature: []byte("s"), Sentences: []string{"病院のVPN装置から侵入された。"}, Names: []store.NameRow{{Class: "technique", Value: "T1133"}}}
	r.Alert = hub.Alert{Number: number, ID: fmt.Sprint("report--", number), Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: hub.TLPGreen, Severity: hub.High, Published: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)}
	r.Title = hub.Text{JA: "=1+1", EN: "=1+1"}
	for _, v := range values {
		r.Indicators = append(r.Indicators, store.IndicatorRow{StixID: "indicator--" + v, Type: "ipv4-addr:value", Value: v, ValidFrom: r.Published, ValidUntil: r.Published})
	}
	return r
}

func TestFacetsOfAPageTellNoNumber(t *testing.T) {
	h := hubtest.Start(t, 40)
	var rows []store.AlertRow
	for n := range uint64(12) {
		rows = append(rows, madeUp(n+1, "203.0.113.5"))
	}
	rows[0].Severity = hub.Low
	released(h, rows...)
	b := newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	_, found := b.ask(url.Values{"q": {"病院"}})
	for _, want := range []string{`value="severity low">Low</button> <span class="help">fewer than 10`, `value="technique T1133">T1133 External Remote Services</button> <span class="help">10 to 19`} {
		if !strings.Contains(found.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	_, found = b.ask(url.Values{"q": {"病院"}, "add": {"severity low"}})
	if n := strings.Count(found.body, `href="/alerts/report--`); n != 1 || !strings.Contains(found.body, `name="drop" value="severity low"`) {
		t.Errorf("narrowed down there are %d alerts", n)
	}
}

func TestWhatIsFoundIsSaved(t *testing.T) {
	h := hubtest.Start(t, 40)
	formula := madeUp(1, "203.0.113.5", "203.0.113.9")
	formula.Indicators[1].Value = "@SUM(A1)"
	released(h, formula, madeUp(2, "203.0.113.5"))
	b := newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	at, _ := b.ask(url.Values{"q": {"203[.]0[.]113[.]5"}})
	for file, want := range map[string][]string{
		"alerts.csv":       {"report--1,1,flash,high,GREEN,2026-11-03T00:00:00Z,'=1+1"},
		"alerts.jsonl":     {`"id":"report--2"`, `"title":"=1+1"`},
		"alerts.txt":       {"report--2\nreport--1\n"},
		"indicators.csv":   {"ipv4-addr:value,203.0.113.5,", ",'@SUM(A1),"},
		"indicators.jsonl": {`"value":"@SUM(A1)"`, `"alert_number":2`},
		"indicators.txt":   {"203.0.113.5\n@SUM(A1)\n"},
	} {
		a := b.do(http.MethodGet, at+"/"+file, nil)
		for _, w := range want {
			if !strings.Contains(a.body, w) {
				t.Errorf("%s lacks %q: %s", file, w, a.body)
			}
		}
		if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Disposition"), `isac-`+file) || a.header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d, %v", file, a.status, a.header)
		}
	}
	for _, file := range []string{"alerts.xls", "people.csv", "alerts"} {
		if a := b.do(http.MethodGet, at+"/"+file, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", file, a.status)
		}
	}
}

// A list is compared with what was released, and nothing of it stays.
func TestAListIsCheckedAndForgotten(t *testing.T) {
	h := hubtest.Start(t, 40)
	released(h, madeUp(1, "203.0.113.5"), madeUp(2, "203.0.113.9"))
	b := newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	var list strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&list, "planted-%d.example\n", i)
	}
	list.WriteString("203[.]0[.]113[.]5\n")
	a := b.do(http.MethodPost, "/check", url.Values{"list": {list.String()}})
	if a.status != http.StatusOK || !strings.Contains(a.body, "Of 9001 values, 1 are") || strings.Contains(a.body, "planted") || len(a.body) > 20_000 {
		t.Errorf("the result: %d, %d bytes", a.status, len(a.body))
	}
	a = b.do(http.MethodPost, "/check", url.Values{"list": {list.String()}, "as": {"txt"}})
	if a.body != "203.0.113.5\n" {
		t.Errorf("the plain list is %q", a.body)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "planted-name.log")
	if err == nil {
		_, err = part.Write([]byte("Nov 3 10:00 fw: ACCEPT src=10.0.0.1 dst=203.0.113.9\nNov 3 10:01 \"203.0.113.9\" x\n"))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a = b.do(http.MethodPost, "/check", nil, func(r *http.Request) {
		r.Body = io.NopCloser(&body)
		r.Header.Set("Content-Type", form.FormDataContentType())
	})
	if !strings.Contains(a.body, "203[.]0[.]113[.]9") {
		t.Errorf("of a file: %d", a.status)
	}
	a = b.do(http.MethodPost, "/check", url.Values{"list": {list.String() + strings.ReplaceAll(list.String(), "planted", "more")}})
	if a.status != http.StatusRequestEntityTooLarge || strings.Contains(a.body, "planted") {
		t.Errorf("too many: %d", a.status)
	}
	if h.OnDisk("planted") || strings.Contains(h.Log.String(), "planted") {
		t.Error("something of the list stayed")
	}
}

// A saved search says that something new has come, until it is opened.
func TestSavedSearchesTellWhatIsNew(t *testing.T) {
	h := hubtest.Start(t, 40)
	released(h, madeUp(1, "203.0.113.5"))
	b, other := newBrowser(h), newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	other.signIn(h.Person(4, hub.Analyst))
	for _, q := range []string{"203.0.113.5", "planted-other.example"} {
		at, found := b.ask(url.Values{"q": {q}})
		if !strings.Contains(found.body, "Save this search") {
			t.Fatal("a result can't be saved")
		}
		b.do(http.MethodPost, "/search/saved", url.Values{"asked": {strings.TrimPrefix(at, "/search/")}})
	}
	if a := b.do(http.MethodGet, "/search", nil); !strings.Contains(a.body, "planted-other.example") || strings.Contains(a.body, ">new<") {
		t.Error("the saved searches aren't there, or tell something new too early")
	}
	released(h, madeUp(2, "203.0.113.5"))
	a := b.do(http.MethodGet, "/", nil)
	id := between(a.body, `name="id" value="`, `"`)
	if !strings.Contains(a.body, "New for your saved searches") || strings.Contains(a.body, "planted-other") || id == "" {
		t.Fatalf("the first page doesn't tell what is new: %s", a.body)
	}
	if theirs := other.do(http.MethodGet, "/search", nil); strings.Contains(theirs.body, "203.0.113.5") {
		t.Error("somebody else sees it")
	}
	if a := other.do(http.MethodPost, "/search/saved/open", url.Values{"id": {id}}); a.status != http.StatusNotFound {
		t.Errorf("somebody else opens it: %d", a.status)
	}
	at := b.do(http.MethodPost, "/search/saved/open", url.Values{"id": {id}}).header.Get("Location")
	if found := b.do(http.MethodGet, at, nil); !strings.Contains(found.body, "report--2") || strings.Contains(at, "203") {
		t.Errorf("it leads to %s", at)
	}
	if a := b.do(http.MethodGet, "/", nil); strings.Contains(a.body, "New for your saved searches") {
		t.Error("what was opened is still new")
	}
	if h.OnDisk("planted-other") || strings.Contains(h.Log.String(), "planted-other") {
		t.Error("a saved search stands on disk in the clear")
	}
	b.do(http.MethodPost, "/search/saved/drop", url.Values{"id": {id}})
	if a := b.do(http.MethodGet, "/search", nil); strings.Contains(a.body, "203.0.113.5") {
		t.Error("a search can't be removed")
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}
