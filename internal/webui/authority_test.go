package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/workbook"
)

// Who reported gets the forms of authorities filled in, with deadlines from the day that
// she gives, as a page and as files; nobody else does, and the day is in no address.
func TestDraftsForAuthorities(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, colleague, stranger := h.Person(0, hub.Reporter), h.Person(0, hub.Reader), h.Person(1, hub.Reporter)
	b := newBrowser(h)
	b.signIn(who)
	a := b.upload(url.Values{"seen": {"脅迫文が出た。拡張子は .locked になった。"}, "stopped": {"=cmd|'/C calc'!A0"}, "contact": {"情報課 0000-00-1234"}})
	if a.status != http.StatusOK {
		t.Fatal(a.status)
	}
	path := "/cases/" + h.Case(who, 1).Case
	if a = b.do(http.MethodGet, path, nil); !strings.Contains(a.body, path+"/forms/personal-data") {
		t.Fatal("a case doesn't lead to the drafts")
	}
	a = b.do(http.MethodGet, path+"/forms/ransomware", nil)
	for _, want := range []string{h.Members[0].NameJA, "拡張子は .locked になった。", "情報課 0000-00-1234", "the day of the report", "Not known"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	a = b.do(http.MethodPost, path+"/forms/personal-data", url.Values{"known": {"2026-01-02"}})
	if !strings.Contains(a.body, "Friday 2026-01-02") || !strings.Contains(a.body, "Tuesday 2026-01-06") || !strings.Contains(a.body, "this day has passed") {
		t.Errorf("days aren't counted from the one given: %d", a.status)
	}
	for _, bad := range []string{"2126-01-02", "yesterday", "2026-02-30"} {
		if a = b.do(http.MethodPost, path+"/forms/personal-data", url.Values{"known": {bad}, "as": {"xlsx"}}); !strings.Contains(a.body, "today or before") {
			t.Errorf("the day %s is taken", bad)
		}
	}
	a = b.do(http.MethodPost, path+"/forms/ransomware", url.Values{"as": {"xlsx"}})
	tables, err := workbook.Read([]byte(a.body))
	if err != nil || !strings.Contains(strings.Join(flat(tables), "\n"), "=cmd|'/C calc'!A0") {
		t.Errorf("the Excel file lacks a value: %v", err)
	}
	if a = b.do(http.MethodPost, path+"/forms/police", url.Values{"as": {"txt"}}); !strings.HasPrefix(a.body, "Consultation of the police") {
		t.Errorf("the text is %.60q", a.body)
	}
	if a = b.do(http.MethodGet, path+"/forms/tax", nil); a.status != http.StatusNotFound {
		t.Errorf("a form that isn't there: %d", a.status)
	}
	for _, other := range []hubtest.Person{colleague, stranger} {
		o := newBrowser(h)
		o.signIn(other)
		for _, a := range []answer{o.do(http.MethodGet, path+"/forms/police", nil), o.do(http.MethodPost, path+"/forms/police", url.Values{"as": {"txt"}})} {
			if a.status < 400 || strings.Contains(a.body, "脅迫文") {
				t.Errorf("somebody else gets the draft: %d", a.status)
			}
		}
	}
	if strings.Contains(h.Log.String(), "2026-01-02") {
		t.Error("the day is in the log")
	}
}

func flat(tables [][][]string) []string {
	var out []string
	for _, table := range tables {
		for _, row := range table {
			out = append(out, row...)
		}
	}
	return out
}
