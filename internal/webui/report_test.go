package webui_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"isac/hub"
	"isac/internal/hubtest"
)

// upload posts a form with files: field, name and content of each.
func (b *browser) upload(form url.Values, files ...[3]string) answer {
	b.h.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				b.h.T.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f[0], f[1])
		if err == nil {
			_, err = io.WriteString(part, f[2])
		}
		if err != nil {
			b.h.T.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.h.T.Fatal(err)
	}
	return b.do(http.MethodPost, "/report", url.Values{}, func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
		r.Header.Set("Content-Type", w.FormDataContentType())
	})
}

const proxyLog = "2026-11-02T06:40:00 10.4.5.6 CONNECT update.microsoft.com:443\n2026-11-02T06:40:01 10.4.5.6 GET http://203.0.114.90/beacon 200\n2026-11-02T06:41:00 dst=203.0.114.91 秘密の行\n"

// Files are searched for what could be the attacker's; what is ticked goes into the
// report, and nothing else of them anywhere.
func TestFilesShowWhatTheAttackersMayBe(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	t.Setenv("TMPDIR", t.TempDir())
	b := newBrowser(h)
	b.signIn(who)
	org := h.Members[0]
	form := url.Values{"seen": {"脅迫文が出た。"}, "indicators": {"203[.]0[.]114[.]92"}, "step": {"find"}}
	mail := "From: a@phish.example.net\r\nReceived: from mx." + org.Domain + "\r\n\r\nhttps://drop.example.net/x"
	a := b.upload(form, [3]string{"evidence", "proxy.log", proxyLog + strings.Repeat("10.1.1.1 idle\n", 100_000)}, [3]string{"evidence", "x.eml", mail}, [3]string{"evidence", "no.eml", "\x00"})
	if a.status != http.StatusOK || !strings.Contains(a.body, "脅迫文が出た。") || !strings.Contains(a.body, "1 files couldn") {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	for _, want := range []string{`value="http://203.0.114.90/beacon"`, `value="203.0.114.91"`, `value="https://drop.example.net/x"`, `value="a@phish.example.net"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the table lacks %s", want)
		}
	}
	for _, marked := range [][2]string{{`value="mx.` + org.Domain + `"`, "your own"}, {`value="update.microsoft.com"`, "everybody uses it"}} {
		row, _, _ := strings.Cut(a.body[max(0, strings.Index(a.body, marked[0])):], "</tr>")
		if !strings.Contains(row, marked[1]) {
			t.Errorf("%s isn't marked %q", marked[0], marked[1])
		}
	}
	form.Set("step", "")
	form["attacker"] = []string{"203.0.114.91"}
	a = b.upload(form, [3]string{"evidence", "proxy.log", proxyLog})
	if a.status != http.StatusOK || !strings.Contains(a.body, "Received") {
		t.Fatalf("sending: %d %.300s", a.status, a.body)
	}
	draft := string(h.Case(who, 1).Stages[0].Draft)
	for value, in := range map[string]bool{"203.0.114.91": true, "203.0.114.92": true, "203.0.114.90": false, "drop.example.net": false} {
		if strings.Contains(draft, value) != in {
			t.Errorf("%s in the draft: %v, want %v", value, !in, in)
		}
	}
	original, err := h.Desk.Original(t.Context(), who.Person, h.Case(who, 1).Case)
	if err != nil || strings.Contains(string(original), "秘密の行") || h.OnDisk("秘密の行") {
		t.Errorf("a line of a file was kept: %v", err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("%d files were written, %v", len(left), err)
	}
	if a := b.upload(url.Values{"step": {"find"}}); !strings.Contains(a.body, "Choose one or more files") {
		t.Errorf("without files: %d", a.status)
	}
	if a := b.upload(url.Values{"step": {"find"}}, [3]string{"evidence", "x.log", strings.Repeat(strings.Repeat("a", 1023)+"\n", 33<<10)}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 32 MiB: %d", a.status)
	}
}

func excel(t *testing.T, cells map[string]string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for cell, value := range cells {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var data bytes.Buffer
	if err := f.Write(&data); err != nil {
		t.Fatal(err)
	}
	return data.String()
}

// A filled-in Excel form fills the empty fields and sends nothing.
func TestAWorkbookFillsTheForm(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	b := newBrowser(h)
	b.signIn(who)
	book := excel(t, map[string]string{"A1": "ランサムウェア事案", "A2": "発生日時", "C2": "十一月二日未明", "A3": "事案の概要", "B3": "全端末に脅迫文", "A4": "侵入経路", "B4": "保守回線"})
	a := b.upload(url.Values{"step": {"fill"}, "entry": {"VPN と思われる"}}, [3]string{"workbook", "x.xlsx", book})
	for text, in := range map[string]bool{"十一月二日未明": true, "全端末に脅迫文": true, "VPN と思われる": true, "保守回線": false, "Look at every field": true} {
		if strings.Contains(a.body, text) != in {
			t.Errorf("%q on the page: %v, want %v", text, !in, in)
		}
	}
	if ids, err := h.Desk.Cases(t.Context(), who.Person); err != nil || len(ids) != 0 {
		t.Errorf("%d cases were made, %v", len(ids), err)
	}
	for name, file := range map[string]string{"can be read": "junk", "could be told": excel(t, map[string]string{"A1": "x"}), "Choose an Excel": ""} {
		if a := b.upload(url.Values{"step": {"fill"}}, [3]string{"workbook", "x.xlsx", file}); a.status != http.StatusOK || !strings.Contains(a.body, name) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}

// What a case says is there to be corrected, for its own people alone; and where the
// form can't hold it, that is said.
func TestAnUpdateBeginsWhereTheReportEnded(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, stranger := h.Person(0, hub.Reporter), h.Person(1, hub.Reporter)
	b, other := newBrowser(h), newBrowser(h)
	b.signIn(who)
	other.signIn(stranger)
	first := url.Values{"seen": {"全端末に脅迫文が出た。"}, "contact": {callBack}, "indicators": {"203.0.114.93"}, "weakness": {"unpatched-device"}}
	if a := b.do(http.MethodPost, "/report", first); a.status != http.StatusOK {
		t.Fatalf("%d", a.status)
	}
	id := h.Case(who, 1).Case
	a := b.do(http.MethodGet, "/report?case="+id, nil)
	for _, want := range []string{"全端末に脅迫文が出た。", callBack, "203.0.114.93", `value="` + id + `"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%q isn't there to be corrected", want)
		}
	}
	if a := other.do(http.MethodGet, "/report?case="+id, nil); a.status != http.StatusNotFound {
		t.Errorf("another member's: %d", a.status)
	}
	first.Set("case", id)
	if a := other.do(http.MethodPost, "/report", first); a.status != http.StatusNotFound {
		t.Errorf("continuing another member's: %d", a.status)
	}
	first.Set("cves", "CVE-2018-13379")
	if a := b.do(http.MethodPost, "/report", first); a.status != http.StatusOK {
		t.Fatalf("continuing: %d", a.status)
	}
	h.Poll("the next version of the same case", func() bool {
		ids, err := h.Desk.Cases(t.Context(), who.Person)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%d cases, %v", len(ids), err)
		}
		return strings.Contains(string(h.Case(who, 1).Stages[0].Draft), "CVE-2018-13379")
	})
	_, _, err := h.Dial(1).Report(t.Context(), hubtest.Bundle(h.Members[1], "file", "1", "203.0.114.94"))
	if err != nil {
		t.Fatal(err)
	}
	if a := other.do(http.MethodGet, "/report?case="+h.Case(stranger, 1).Case, nil); !strings.Contains(a.body, "came as a file") {
		t.Error("it isn't said that the form can't hold what a file said")
	}
}

// What is wrong with a field is said where it stands, before and after sending.
func TestTheFormSaysWhatIsWrong(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, h.Person(0, hub.Reporter))
	p.narrow("/report")
	p.open("/report")
	p.run(chromedp.SendKeys("#cves", "2018", chromedp.ByQuery), chromedp.Focus("#note", chromedp.ByQuery))
	var wrong []bool
	state := chromedp.Evaluate(`["#cves", "#note"].map((s) => document.querySelector(s).getAttribute("aria-invalid") === "true" && document.querySelector(s + "-help strong") !== null)`, &wrong)
	p.run(state)
	if !slices.Equal(wrong, []bool{true, false}) {
		t.Errorf("left with a mistake in the first: %v", wrong)
	}
	p.run(chromedp.SetValue("#cves", "CVE-2018-13379", chromedp.ByQuery), chromedp.Focus("#cves", chromedp.ByQuery), chromedp.Focus("#note", chromedp.ByQuery), state)
	if wrong[0] {
		t.Error("corrected, and still said to be wrong")
	}
	file := filepath.Join(t.TempDir(), "proxy.log")
	if err := os.WriteFile(file, []byte(proxyLog), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.SendKeys("#seen", "脅迫文", chromedp.ByQuery), chromedp.SetUploadFiles("#evidence", []string{file}, chromedp.ByQuery))
	p.follow(chromedp.Click("button[value=find]", chromedp.ByQuery))
	p.picture("report-files")
	p.run(chromedp.Click(`input[name=attacker][value="203.0.114.91"]`, chromedp.ByQuery))
	p.follow(chromedp.Click("#shown button[value=keep]", chromedp.ByQuery))
	var kept string
	p.run(chromedp.Evaluate(`document.querySelector("#indicators").value`, &kept))
	if kept != "203.0.114.91" {
		t.Errorf("ticked and taken over: %q", kept)
	}
	p.follow(chromedp.SendKeys("#since", "今朝\r", chromedp.ByQuery)) // the enter key sends nothing
	if p.run(chromedp.Evaluate(`document.querySelector("#since").value`, &kept)); kept != "今朝" {
		t.Errorf("after the enter key the form has %q", kept)
	}
}
