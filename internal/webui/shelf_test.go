package webui_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/shelf"
	"isac/internal/hubtest"
)

// What an alert tells to do leads to the documents that help; they are read by
// everybody, but for those that an operator keeps for members.
func TestAlertsLeadToTheShelf(t *testing.T) {
	h := hubtest.Start(t, 40)
	const own = `
[[document]]
id = "ours"
title = { ja = "私たちの手順", en = "Our procedure" }
about = { ja = "会員向け", en = "For members" }
readers = ["manager"]
phases = ["restore"]
actions = ["check-offline-backup"]
file = { en = "ours.pdf" }
`
	var err error
	h.Shelf, err = shelf.Load(fstest.MapFS{"shelf.toml": {Data: []byte(own)}, "ours.pdf": {Data: []byte("%PDF-1.7 x")}}, h.Sector, analysis.Default())
	if err != nil {
		t.Fatal(err)
	}
	err = h.Close()
	if err != nil {
		t.Fatal(err)
	}
	h.Open()
	first, _ := release(h)
	b := newBrowser(h)
	for _, path := range []string{"/shelf/ours", "/shelf/ours/file.pdf", "/shelf/evidence/file.pdf", "/shelf/nothing"} {
		if a := b.do(http.MethodGet, path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s for nobody: %d", path, a.status)
		}
	}
	if a := b.do(http.MethodGet, "/shelf", nil); a.status != http.StatusOK || strings.Contains(a.body, "Our procedure") || !strings.Contains(a.body, `href="/shelf/first-day"`) {
		t.Errorf("the shelf for nobody: %d %s", a.status, a.body)
	}
	if a := b.do(http.MethodGet, "/shelf?reader=manager", nil); strings.Contains(a.body, `href="/shelf/first-day"`) || !strings.Contains(a.body, `href="/shelf/contact-tree"`) {
		t.Errorf("the shelf for managers: %s", a.body)
	}
	b.signIn(h.Person(3, hub.Reader))
	h.Poll("the alert in the view", func() bool { return b.do(http.MethodGet, "/alerts/"+first, nil).status == http.StatusOK })
	for lang, want := range map[string][]string{
		"en": {"offline and can be read", "How: Backup check and restore test", "How: Our procedure"},
		"ja": {"実際に読み出せること", "手順：バックアップ確認", "手順：私たちの手順"},
	} {
		b.lang = lang
		a := b.do(http.MethodGet, "/alerts/"+first, nil)
		_, rest, _ := strings.Cut(a.body, want[0])
		line, _, _ := strings.Cut(rest, "</li>")
		if !strings.Contains(line, want[1]) || !strings.Contains(line, `href="/shelf/backup-check"`) || !strings.Contains(line, want[2]) {
			t.Errorf("behind the action, in %s: %s", lang, line)
		}
		if a := b.do(http.MethodGet, "/shelf/backup-check", nil); a.status != http.StatusOK || !strings.Contains(a.body, `<article class="document" lang="`+lang+`">`) {
			t.Errorf("the document in %s: %d", lang, a.status)
		}
	}
	b.lang = "ja"
	if a := b.do(http.MethodGet, "/shelf/ours", nil); !strings.Contains(a.body, "/shelf/ours/file.pdf") || !strings.Contains(a.body, "日本語版はありません") {
		t.Errorf("the PDF's page: %s", a.body)
	}
	if a := b.do(http.MethodGet, "/shelf/ours/file.pdf", nil); a.body != "%PDF-1.7 x" || a.header.Get("Content-Type") != "application/pdf" || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the PDF: %d %v", a.status, a.header)
	}
}
