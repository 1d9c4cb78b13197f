package canary_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"isac/internal/canary"
)

// owner says whose an id is: who may be told it. "" is nobody.
type owner map[string]string

// ids are everything that tells that a given member or person did something.
func (w *world) ids() owner {
	w.t.Helper()
	ids := owner{w.victim.ID: ""}
	keys := w.Roster.ActiveKeys(w.victim.ID, w.Now())
	for _, key := range keys {
		ids[key] = key
	}
	for _, m := range w.machines {
		ids[m.user] = m.user
	}
	for _, r := range w.receipts {
		ids[r] = keys[0]
	}
	for _, c := range w.cases {
		ids[c] = w.reporter.ID
	}
	for _, p := range append(append(w.others[2:], w.moderators...), w.reporter) {
		ids[p.ID], ids[p.Token] = p.ID, ""
		if p.Org != "hub" {
			ids[p.Org] = ""
		}
	}
	for _, m := range w.moderators {
		list, err := w.Desk.Reviews(m.Person)
		w.must(err)
		for _, r := range list {
			ids[r.Review] = m.ID
		}
	}
	return ids
}

// place is where in the data folder which ids may stand in the clear.
func (w *world) place(b blob, id string) bool {
	within := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(b.where, p) {
				return true
			}
		}
		return false
	}
	for _, c := range w.cases {
		if id == c {
			return within("/streams/CASES/", "/streams/KEYS/", "/streams/VAULT/", "private.db")
		}
	}
	for _, r := range w.receipts {
		if id == r {
			return false
		}
	}
	return within("/streams/REGISTER/") // who is a member, who belongs to it, with which keys
}

// nobodyIsNamed searches for what tells that somebody reported, consented, reviewed
// or opened a case.
func (w *world) nobodyIsNamed(heard, private, files []blob) {
	w.t.Helper()
	ids := w.ids()
	var list []string
	for id := range ids {
		list = append(list, id)
	}
	if len(list) < 30 {
		w.t.Errorf("only %d ids are looked for", len(list))
	}
	s := canary.New(list...)
	search(w.t, s, heard, func(b blob, h canary.Hit) bool {
		return ids[h.Value] != "" && ids[h.Value] == b.to || w.opened(b, h)
	})
	search(w.t, s, private, nil)
	search(w.t, s, files, func(b blob, h canary.Hit) bool { return w.place(b, h.Value) })
}

// TestEveryExitIsHeard plants a name at every exit: each search must see it.
func TestEveryExitIsHeard(t *testing.T) {
	w := start(t)
	c := w.report(rich(t, w.victim, "seen", "1"))
	name := planted[0]
	m := w.machines[0]
	_, recipient, err := w.Ring.Epoch(w.Now())
	w.must(err)
	for exit, plant := range map[string]func(){
		"NATS isac.alert.>":   func() { w.must(w.Bus.Publish("isac.alert.green.high", nil, []byte(name))) },
		"NATS isac.status.>":  func() { w.must(w.Bus.Publish("isac.status."+m.user, nil, []byte(name))) },
		"NATS of a member":    func() { w.must(w.Bus.Publish("isac.status."+m.user, nats.Header{"Isac-X": {name}}, nil)) },
		"NATS answer to case": func() { m.ask(t, "case", `{"ask":"card"}`) },
		"HTTP GET /api/v1/cases for [reporter]": func() {
			w.ear.fetch(t, w.Hub, w.reporter, request(t, w.Hub, http.MethodGet, "/api/v1/cases/"+c.Case, ""))
		},
		"log":            func() { w.Node.Log.Debug("x", "value", name) },
		"standard error": func() { fmt.Fprintln(os.Stderr, name) },
		"file streams":   func() { w.append("register.terms.x", name) },
		"file public.db": func() { w.write("public.db", name) },
		"file private.d": func() { w.write("private.db", name) },
		"file sqlite":    func() { w.must(os.WriteFile(filepath.Join(w.tmp, "sqlite-temp"), []byte(name), 0o600)) },
	} {
		plant()
		s := canary.New(name)
		if strings.HasPrefix(exit, "HTTP") || strings.HasPrefix(exit, "NATS answer") {
			s = canary.New(c.Case, recipient) // what these say themselves
		}
		w.Poll("hearing of "+exit, func() bool {
			all := append(append(w.ear.all(), inside(w.Hub)...), w.written())
			all = append(append(all, files(t, w.Folder)...), files(t, w.tmp)...)
			for _, b := range all {
				if strings.HasPrefix(b.where, exit) && len(s.Find(b.data)) > 0 {
					return true
				}
			}
			return false
		})
	}
	if len(canary.New("isac_requests_total").Find(inside(w.Hub)[1].data)) == 0 {
		t.Error("the page of metrics isn't read")
	}
}

// append stores a message in the clear.
func (w *world) append(subject, text string) {
	w.t.Helper()
	_, err := w.Bus.Append(w.t.Context(), subject, 0, nil, []byte(text))
	w.must(err)
}

// write puts a text into a database beside the hub, so that it lies in its log.
func (w *world) write(db, text string) {
	w.t.Helper()
	d, err := sql.Open("sqlite3", filepath.Join(w.Folder, db))
	w.must(err)
	defer d.Close()
	_, err = d.Exec("CREATE TABLE planted (v TEXT)")
	w.must(err)
	_, err = d.Exec("INSERT INTO planted VALUES (?)", text)
	w.must(err)
}
