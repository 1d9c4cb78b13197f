package canary_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/internal/canary"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// ear keeps everything that left the hub, and whom it reached.
type ear struct {
	mu    sync.Mutex
	heard []blob
}

type blob struct {
	where string
	to    string // person id or nkey of whoever it was meant for, "" for everyone
	data  []byte
}

func (e *ear) hear(where, to string, data []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, blob{where, to, bytes.Clone(data)})
}

func (e *ear) all() []blob {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]blob(nil), e.heard...)
}

// message is a NATS message as its reader sees it, but for the subject, which holds
// the reader's own key.
func message(m *nats.Msg) []byte {
	var b bytes.Buffer
	_ = http.Header(m.Header).Write(&b)
	return append(b.Bytes(), m.Data...)
}

// tap hears what the hub sends to members, all of them.
func (e *ear) tap(t *testing.T, h *hubtest.Hub) {
	t.Helper()
	for _, subject := range []string{"isac.alert.>", "isac.status.>"} {
		_, err := h.Bus.NC.Subscribe(subject, func(m *nats.Msg) {
			to := ""
			if key, own := strings.CutPrefix(m.Subject, "isac.status."); own {
				to = key
			}
			e.hear("NATS "+subject, to, message(m))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Bus.NC.Flush(); err != nil {
		t.Fatal(err)
	}
}

// machine is a member's machine without a client that would keep it from anything.
type machine struct {
	nc   *nats.Conn
	user string
	ear  *ear
}

// machine connects member i and hears all that it may hear.
func (e *ear) machine(t *testing.T, h *hubtest.Hub, i int) machine {
	t.Helper()
	nc, user, err := natsbus.DialMember(h.Bus.URL(), h.Credentials(i), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	for _, subject := range []string{"isac.alert.>", "isac.status." + user} {
		_, err := nc.Subscribe(subject, func(m *nats.Msg) { e.hear("NATS of a member", user, message(m)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	return machine{nc, user, e}
}

// ask hears the answer to a request on one of the member's own subjects.
func (m machine) ask(t *testing.T, verb string, body string) string {
	t.Helper()
	answer, err := m.nc.Request("isac."+verb+"."+m.user, []byte(body), 10*time.Second)
	if err != nil {
		t.Fatalf("asking for %s: %v", verb, err)
	}
	m.ear.hear("NATS answer to "+verb, m.user, message(answer))
	return string(answer.Data)
}

// fetch hears an HTTP answer whole: status, headers and body.
func (e *ear) fetch(t *testing.T, h *hubtest.Hub, p hubtest.Person, r *http.Request) (int, []byte) {
	t.Helper()
	if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	w, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	var head bytes.Buffer
	fmt.Fprintln(&head, w.Status)
	_ = w.Header.Write(&head)
	e.hear(fmt.Sprintf("HTTP %s %s for %v", r.Method, firstParts(r.URL.Path), p.Roles), p.ID, append(head.Bytes(), body...))
	return w.StatusCode, body
}

// firstParts is a path without what a caller put in.
func firstParts(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(len(parts), 4)], "/")
}

func request(t *testing.T, h *hubtest.Hub, method, path, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inside reads what the operator alone sees of the hub: log and metrics.
func inside(h *hubtest.Hub) []blob {
	w := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return []blob{{where: "log", data: []byte(h.Log.String())}, {where: "metrics", data: w.Body.Bytes()}}
}

// files reads every file below a folder.
func files(t *testing.T, dir string) []blob {
	t.Helper()
	var out []blob
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while the hub runs
		}
		data, err := os.ReadFile(path)
		if err == nil {
			name, _ := filepath.Rel(dir, path)
			out = append(out, blob{where: "file " + name, data: append([]byte(name+"\n"), data...)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// search reports every hit in the blobs that unless doesn't excuse.
func search(t *testing.T, s *canary.Searcher, blobs []blob, excused func(blob, canary.Hit) bool) {
	t.Helper()
	for _, b := range blobs {
		for _, hit := range s.Find(b.data) {
			if excused == nil || !excused(b, hit) {
				t.Errorf("%s holds %q as %s", b.where, hit.Value, hit.Form)
			}
		}
	}
}
