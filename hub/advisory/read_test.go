package advisory

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"isac/hub"
	"isac/hub/vocab"
)

var update = flag.Bool("update", false, "rewrite what the cases gave, never the documents")

var words = vocab.Default(nil)

// TestCases: a case is a sentence why, a document, and what is read of it, or the kind of
// its error.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if why := strings.TrimSpace(string(archive.Comment)); !strings.HasSuffix(why, ".") {
				t.Fatal("the case doesn't say why in a sentence")
			}
			got := outcome(t, archive.Files[0].Data)
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "read", Data: got})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if len(archive.Files) < 2 || !bytes.Equal(archive.Files[1].Data, got) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// outcome is what is read of a document, as the cases hold it: the notices without their
// text, which must be what stands in the document.
func outcome(t *testing.T, document []byte) []byte {
	t.Helper()
	list, err := Read(document, Source{Name: "source", TLP: hub.TLPGreen}, words)
	if err != nil {
		return []byte("error: " + string(hub.KindOf(err)) + "\n")
	}
	for i, a := range list {
		if a.Notice.Text == "" || !bytes.Contains(document, []byte(a.Notice.Text)) {
			t.Errorf("notice %d isn't what stands in the document", i)
		}
		list[i].Notice = Notice{Type: a.Notice.Type, Size: a.Notice.Size}
	}
	out, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.ReplaceAll(out, []byte(hub.Digest{}.String()), []byte("…")), '\n')
}

// TestNothingUnreadable: XML bombs, depth, numbers and sizes are errors, and quickly.
func TestNothingUnreadable(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title><guid>x</guid></item></channel></rss>`
	for name, document := range map[string]string{
		"bomb":            bomb,
		"external entity": `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>`,
		"unknown entity":  `<rss><channel><item><guid>1</guid><title>&x;</title></item></channel></rss>`,
		"deep":            `<rss>` + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + `</rss>`,
		"many":            `<rss>` + strings.Repeat("<a/>", mostXML) + `</rss>`,
		"attributes":      `<rss ` + strings.Repeat(` x=""`, mostXMLAttr+1) + `></rss>`,
		"two roots":       `<rss></rss><rss></rss>`,
		"cut":             `<rss><channel>`,
		"empty":           ``,
		"html":            `<html><body>not found</body></html>`,
		"other text":      `{"a":1}`,
		"deep json":       `{"csaf_version":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		"null":            `null`,
		"kev of numbers":  `{"catalogVersion":1,"vulnerabilities":2}`,
	} {
		list, err := Read([]byte(document), Source{}, words)
		if hub.KindOf(err) != hub.Invalid || list != nil {
			t.Errorf("%s: %d notices, %v", name, len(list), err)
		}
	}
	if _, err := Read(make([]byte, Largest+1), Source{}, words); hub.KindOf(err) != hub.TooLarge {
		t.Errorf("too large: %v", err)
	}
}

// TestBounds: what one notice holds is bounded, and a long text stands by its digest.
func TestBounds(t *testing.T) {
	long := strings.Repeat("長", 1<<20)
	item := `<item><guid>1</guid><title>` + long + `</title><link>https://example.jp/1</link>` + strings.Repeat("<references>https://example.jp/x</references>", 1000) + `</item>`
	list, err := Read([]byte(`<rss><channel><title>`+long+`</title>`+item+`</channel></rss>`), Source{}, words)
	if err != nil || len(list) != 1 {
		t.Fatal(len(list), err)
	}
	a := list[0]
	if utf8.RuneCountInString(a.Title) != longestTitle || utf8.RuneCountInString(a.Publisher) != longestName || len(a.URLs) != 2 {
		t.Errorf("title %d, publisher %d, addresses %d", utf8.RuneCountInString(a.Title), utf8.RuneCountInString(a.Publisher), len(a.URLs))
	}
	if a.Notice.Text != "" || a.Notice.Size != len(item) || a.Notice.Digest != hub.Sum([]byte(item)) {
		t.Errorf("notice %+v", a.Notice)
	}
}

func TestNewer(t *testing.T) {
	read := func(updated, version, title string) Advisory {
		doc := `{"document":{"csaf_version":"2.0","title":"` + title + `","publisher":{"name":"p"},"tracking":{"id":"A-1","version":"` + version + `","current_release_date":"` + updated + `"}}}`
		list, err := Read([]byte(doc), Source{}, words)
		if err != nil || len(list) != 1 {
			t.Fatal(err)
		}
		return list[0]
	}
	first := read("2026-11-02T00:00:00Z", "2", "x")
	for name, c := range map[string]struct {
		later Advisory
		want  bool
	}{
		"the same":       {first, false},
		"spaced anew":    {read("2026-11-02T00:00:00Z", "2", "x "), false},
		"next":           {read("2026-11-03T00:00:00Z", "3", "x"), true},
		"back in time":   {read("2026-11-01T00:00:00Z", "1", "x"), false},
		"another number": {read("2026-11-02T00:00:00Z", "2.1", "x"), true},
	} {
		if c.later.ID != first.ID || c.later.Newer(first) != c.want {
			t.Errorf("%s: newer %v", name, !c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data, "")
		for _, form := range Forms() {
			f.Add(archive.Files[0].Data, string(form))
		}
	}
	f.Fuzz(func(t *testing.T, document []byte, form string) {
		list, err := Read(document, Source{Name: "s", Form: Form(form)}, words)
		if err != nil {
			if list != nil || hub.KindOf(err) != hub.Invalid {
				t.Fatal(err)
			}
			return
		}
		for _, a := range list {
			data, err := json.Marshal(a)
			if err != nil || a.Digest().IsZero() {
				t.Fatal("an advisory that can't be signed", err)
			}
			var again Advisory
			if err := json.Unmarshal(data, &again); err != nil || again.Digest() != a.Digest() {
				t.Fatal("the digest doesn't survive storage", err)
			}
			if a.Title == "" || a.Key == "" || a.TLP == hub.TLPRed || len(a.CVEs) > mostCVEs || strings.ContainsAny(a.Title+a.Publisher, "\n\r") {
				t.Fatalf("%q", data)
			}
		}
	})
}
