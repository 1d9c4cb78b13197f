package upstream_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/vocab"
	"isac/internal/outside"
	"isac/internal/upstream"
)

var (
	now      = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	loopback = outside.Rule{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Plain: true}
	words    = vocab.Default(nil)
)

// taker keeps what a fetcher gives on, and its cursors, over restarts.
type taker struct {
	items   map[string]advisory.Advisory
	cursors map[string][]byte
	most    int // above it there is no room
	log     bytes.Buffer
}

func newTaker() *taker {
	return &taker{items: map[string]advisory.Advisory{}, cursors: map[string][]byte{}, most: 1 << 20}
}

// fetch does one round with a fetcher that knows nothing of rounds before.
func (k *taker) fetch(t *testing.T, s upstream.Source) error {
	t.Helper()
	s.Name = "source"
	if s.URL != "" {
		s.Rule = loopback
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	f := upstream.New(upstream.Config{
		Sources: []upstream.Source{s}, Vocab: func() *vocab.Vocab { return words }, Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&k.log, nil)),
		Take: func(_ context.Context, a advisory.Advisory) (bool, error) {
			have, ok := k.items[a.ID]
			if ok && !a.Newer(have) {
				return false, nil
			}
			if len(k.items) >= k.most {
				return false, hub.E(hub.TooOften, "advisory.full")
			}
			k.items[a.ID] = a
			return true, nil
		},
		Cursor: func(_ context.Context, name string) ([]byte, error) { return k.cursors[name], nil },
		Keep:   func(_ context.Context, name string, c []byte) error { k.cursors[name] = c; return nil },
	})
	err := f.Once(t.Context(), s)
	st, unknown := upstream.New(f.Config).States(t.Context()) // as another node knows it
	if unknown != nil || len(st) != 1 || st[0].Name != "source" || (st[0].Class == "ok") != (err == nil) || !st[0].At.Equal(now) || err == nil && !st[0].Good.Equal(now) {
		t.Errorf("states %+v, %v, %v", st, err, unknown)
	}
	return err
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func entry(n int, day string) string {
	return fmt.Sprintf(`{"cveID":"CVE-2026-%05d","vendorProject":"Fortinet","product":"FortiOS","vulnerabilityName":"name %d","dateAdded":"%s"}`, n, n, day)
}

func kev(entries ...string) string {
	return `{"catalogVersion":"1","vulnerabilities":[` + strings.Join(entries, ",") + `]}`
}

// TestDocument: what is new is taken once, what is old isn't, and a server that has nothing
// new isn't read again.
func TestDocument(t *testing.T) {
	body, asked := kev(entry(1, "2026-11-19"), entry(2, "2020-01-01")), 0
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if user, secret, _ := r.BasicAuth(); user != "u" || secret != "s" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		tag := fmt.Sprintf("%q", hub.Sum([]byte(body)).String()[:8])
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	})
	k, s := newTaker(), upstream.Source{URL: address, User: "u", Secret: "s"}
	for range 2 {
		if err := k.fetch(t, s); err != nil {
			t.Fatal(err)
		}
	}
	body = kev(entry(1, "2026-11-19"), entry(3, "2026-11-20"))
	if err := k.fetch(t, s); err != nil || len(k.items) != 2 || asked != 3 {
		t.Errorf("%d taken of %d answers, %v", len(k.items), asked, err)
	}
	if err := k.fetch(t, upstream.Source{URL: address}); hub.KindOf(err) != hub.Unsigned {
		t.Errorf("without a password: %v", err)
	}
	if strings.Contains(k.log.String(), "127.0.0.1") || strings.Contains(k.log.String(), "CVE") {
		t.Error("the log tells more than a class")
	}
	k.most = 2
	body = kev(entry(1, "2026-11-19"), entry(3, "2026-11-20"), entry(4, "2026-11-20"))
	before := string(k.cursors["source"])
	if err := k.fetch(t, s); hub.KindOf(err) != hub.TooOften || string(k.cursors["source"]) != before {
		t.Errorf("with no room: %v", err)
	}
	k.most = 3
	if err := k.fetch(t, s); err != nil || len(k.items) != 3 {
		t.Errorf("with room again: %d, %v", len(k.items), err)
	}
}

// TestHostile: answers without end, packed or not, and what isn't a notice.
func TestHostile(t *testing.T) {
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, part []byte) {
		for range (10 << 30) / len(part) {
			n, err := w.Write(part)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
	packed := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(data)
		_ = z.Close()
		return b.Bytes()
	}
	megabyte := make([]byte, 1<<20)
	bomb := `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("a", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `">]><rss><channel><item><guid>1</guid><title>` + strings.Repeat("&b;", 1000) + `</title></item></channel></rss>`
	for name, c := range map[string]struct {
		want hub.ErrorKind
		h    http.HandlerFunc
	}{
		"ten gigabytes": {hub.TooLarge, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			endless(w, megabyte)
		}},
		"packed ten gigabytes": {hub.TooLarge, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			endless(w, packed(megabyte))
		}},
		"packs of nothing": {hub.TooLarge, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			endless(w, bytes.Repeat(packed(nil), 4000))
		}},
		"xml bomb": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprint(w, bomb)
		}},
		"login page": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, kev(entry(1, "2026-11-20")))
		}},
		"packed otherwise": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "br")
		}},
		"cut": {hub.Unavailable, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "{")
		}},
		"failing": {hub.Unavailable, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }},
		"round in circles": {hub.Forbidden, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/again", http.StatusFound)
		}},
		"to where secrets are": {hub.Forbidden, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}},
		"to a file": {hub.Forbidden, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}},
	} {
		sent.Store(0)
		k := newTaker()
		err := k.fetch(t, upstream.Source{URL: serve(t, c.h)})
		if hub.KindOf(err) != c.want || len(k.items) != 0 || k.cursors["source"] != nil {
			t.Errorf("%s: %v, %d taken", name, err, len(k.items))
		}
		if n := sent.Load(); n > 2*advisory.Largest {
			t.Errorf("%s: %d bytes were read", name, n)
		}
	}
}

// TestFolder: dropped files are read once and moved away, bad ones apart; links and folders
// are left.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.json": kev(entry(1, "2026-11-19")), "b.xml": "<html/>", "c.txt": "not looked at"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/hosts", filepath.Join(dir, "d.json")); err != nil {
		t.Fatal(err)
	}
	k := newTaker()
	if err := k.fetch(t, upstream.Source{Folder: dir}); hub.KindOf(err) != hub.Invalid || len(k.items) != 1 {
		t.Errorf("%d taken, %v", len(k.items), err)
	}
	for _, name := range []string{"taken/a.json", "refused/b.xml", "c.txt", "d.json"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if err := k.fetch(t, upstream.Source{Folder: dir}); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := k.fetch(t, upstream.Source{Folder: filepath.Join(dir, "none")}); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("no folder: %v", err)
	}
}

// TestCheck: what can't be a source is refused at the start.
func TestCheck(t *testing.T) {
	good := upstream.Source{Name: "kev", URL: "https://example.com/kev.json"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for why, spoil := range map[string]func(*upstream.Source){
		"name":       func(s *upstream.Source) { s.Name = "../x" },
		"form":       func(s *upstream.Source) { s.Form = "pdf" },
		"tlp":        func(s *upstream.Source) { s.TLP = hub.TLPRed },
		"nowhere":    func(s *upstream.Source) { s.URL = "" },
		"both":       func(s *upstream.Source) { s.Folder = "x" },
		"often":      func(s *upstream.Source) { s.Every = time.Second },
		"inside":     func(s *upstream.Source) { s.URL = "https://10.0.0.1/x" },
		"plain":      func(s *upstream.Source) { s.URL = "http://example.com/x" },
		"no secret":  func(s *upstream.Source) { s.User = "u" },
		"taxii file": func(s *upstream.Source) { s.URL, s.Folder, s.Form = "", "x", upstream.TAXII },
	} {
		bad := good
		spoil(&bad)
		if err := bad.Check(); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", why, err)
		}
	}
}
