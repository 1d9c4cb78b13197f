package canary_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/canary"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/node"
)

// within is how soon a recalled alert must be served nowhere.
const within = 60 * time.Second

// leaked are values of the alerts that are recalled and of no other: what people
// read, and ids that would last for ever.
var leaked = []string{attacker, "CVE-2023-27997", stix.NameID("vulnerability", "CVE-2023-27997")}

// watcher runs a member's real client in a folder whose name a pattern would misread.
func watcher(t *testing.T, h *hubtest.Hub, i int) (out string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "alerts[1]")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(build(t, "isac"), "watch", "--creds", h.Credentials(i), "--nats", h.Bus.URL(), "--out", dir, "--cursor", filepath.Join(dir, "cursor"))
	var text bytes.Buffer
	c.Stderr = &text
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if t.Failed() {
			t.Logf("the watcher: %s", text.String())
		}
	})
	return dir
}

// lies reports whether one of the values is in the blobs.
func lies(values []string, blobs []blob) bool {
	s := canary.New(values...)
	return slices.ContainsFunc(blobs, func(b blob) bool { return len(s.Find(b.data)) > 0 })
}

// served is all that the hub serves of alerts, over HTTP and by catch-up.
func (w *world) served(alerts []hub.Alert) []blob {
	w.t.Helper()
	w.ear = new(ear)
	w.machines[0].ear = w.ear
	for after := range 3 {
		w.machines[0].ask(w.t, "catchup", `{"after":`+string(rune('0'+after))+`}`)
	}
	paths := []string{"/alerts", "/alerts?limit=500", "/indicators", "/indicators?value=" + leaked[0], "/alerts?cve=" + leaked[1]}
	for _, a := range alerts {
		paths = append(paths, "/alerts/"+a.ID, "/alerts/"+a.ID+"/bundle", "/alerts/"+a.ID+"/bundle.sig")
	}
	for _, p := range paths {
		w.ear.fetch(w.t, w.Hub, w.others[4], request(w.t, w.Hub, http.MethodGet, "/api/v1"+p, ""))
	}
	open := []string{"/public", "/public/feed.atom", "/public/feed.json"}
	for _, a := range alerts {
		open = append(open, "/public/"+edition.ID(a.ID), "/public/"+edition.ID(a.ID)+"/bundle")
	}
	for _, p := range open {
		w.ear.fetch(w.t, w.Hub, hubtest.Person{}, request(w.t, w.Hub, http.MethodGet, p, ""))
	}
	return w.ear.all()
}

// twice releases a case, corrects it, and returns its two alerts in their newest
// version, and another member's alerts that share objects with them.
func (w *world) twice() (mine []hub.Alert, other []hub.Alert) {
	w.t.Helper()
	c := w.release(w.report(rich(w.t, w.victim, "leaky", "1")))
	more := strings.Replace(string(rich(w.t, w.victim, "leaky", "2")), `"T1486"`, `"T1486","x_more":1`, 1)
	more = strings.Replace(more, "T1486", "T1490", 4)
	w.Consent(w.reporter, w.version(c.Case, []byte(more)))
	for stage := range 2 {
		w.everyone(c.Case, stage, review.Released, conveyor.Decision{Verb: "approve"})
		mine = append(mine, *w.view(c.Case).Stages[stage].Alert)
	}
	i := w.Apart(0, 8)[7]
	reporter := w.Person(i, hub.Reporter)
	_, _, err := w.Dial(i).Report(w.t.Context(), hubtest.Bundle(w.Members[i], "other", "1", "198.51.100.77"))
	w.must(err)
	o := w.Approve(reporter, w.Consent(reporter, w.Case(reporter, 1)).Case, w.moderators...)
	for _, s := range o.Stages {
		other = append(other, *s.Alert)
	}
	return mine, other
}

// TestRecalledBytesAreNowhere searches everything that the hub serves, keeps or has
// handed to a client that does as it is told.
func TestRecalledBytesAreNowhere(t *testing.T) {
	w := start(t)
	out := watcher(t, w.Hub, w.Apart(0, 8)[6])
	mine, other := w.twice()
	w.Poll("the watcher's files", func() bool { return len(files(t, out)) >= 2*6+1 && lies(leaked, files(t, out)) })
	if !lies(leaked, w.served(mine)) || !lies(leaked, files(t, w.Folder)) {
		t.Fatal("what is recalled was never served: the test shows nothing")
	}
	began := time.Now()
	for _, a := range mine {
		w.recall(a)
	}
	w.Poll("the end of the bytes in the hub's files", func() bool { return !lies(leaked, files(t, w.Folder)) })
	w.Poll("the end of the bytes at the watcher", func() bool { return !lies(leaked, files(t, out)) })
	search(t, canary.New(leaked...), w.served(mine), nil)
	if took := time.Since(began); took > within {
		t.Errorf("recalled after %v", took)
	}
	search(t, canary.New(leaked...), files(t, w.backup()), nil)
	for _, id := range append(slices.Clone(leaked[2:]), stix.NameID("indicator", "[ipv4-addr:value = '"+attacker+"']")) {
		if _, ok := w.Public.Object(t.Context(), id); ok {
			t.Error("an object that only a recalled alert carried is still known")
		}
	}
	w.tombstones(mine)
	w.untouched(other, out)
	w.must(w.Close())
	search(t, canary.New(leaked...), append(files(t, w.Folder), files(t, w.tmp)...), nil)
}

// tombstones wants what is left to be the id, the time and the class of the reason.
func (w *world) tombstones(mine []hub.Alert) {
	w.t.Helper()
	analyst := w.others[4]
	type row struct {
		ID, Kind, Reason string
		Published        time.Time
	}
	var list struct{ Alerts []row }
	w.Get(analyst, "/alerts").Into(w.Hub, &list)
	for _, a := range mine {
		for _, path := range []string{"", "/bundle", "/bundle.sig"} {
			if got := w.Get(analyst, "/alerts/"+a.ID+path); got.Status != http.StatusGone {
				w.t.Errorf("%s of a recalled alert: %d, want %d", path, got.Status, http.StatusGone)
			}
		}
		status, _ := w.ear.fetch(w.t, w.Hub, hubtest.Person{}, request(w.t, w.Hub, http.MethodGet, "/public/"+edition.ID(a.ID), ""))
		if want := map[hub.Stage]int{hub.Flash: http.StatusGone, hub.Full: http.StatusNotFound}[a.Stage]; status != want {
			w.t.Errorf("the edition of a recalled %s: %d, want %d", a.Stage, status, want)
		}
		i := slices.IndexFunc(list.Alerts, func(r row) bool { return r.ID == a.ID })
		if i < 0 || list.Alerts[i].Kind != "recalled" || list.Alerts[i].Reason != "leak" || list.Alerts[i].Published.IsZero() {
			w.t.Errorf("the list has no tombstone: %+v", list.Alerts)
		}
	}
	rows, _, err := w.Entries(w.t.Context(), 0, 100)
	w.must(err)
	var chain deliver.Chain
	for _, e := range rows {
		w.must(deliver.Verify(w.Ring.AlertKey(), e))
		chain, err = chain.Next(e)
		w.must(err)
	}
	notice := string(rows[len(rows)-1].Bundle)
	for _, want := range []string{"手元の写しをすべて削除してください", "Delete every copy", `"revoked":true`} {
		if !strings.Contains(notice, want) {
			w.t.Errorf("the notice doesn't say %q", want)
		}
	}
	if strings.Contains(notice, "leak") {
		w.t.Error("the notice says why")
	}
}

// untouched wants the other alerts to be served, kept and known as before.
func (w *world) untouched(other []hub.Alert, out string) {
	w.t.Helper()
	for _, a := range other {
		got := w.Get(w.others[4], "/alerts/"+a.ID+"/bundle")
		if got.Status != http.StatusOK || hub.Sum(got.Body) != a.Digest {
			w.t.Errorf("another alert: %d", got.Status)
		}
	}
	if !lies([]string{"198.51.100.77"}, files(w.t, out)) {
		w.t.Error("the watcher lost another alert")
	}
	if _, ok := w.Public.Object(w.t.Context(), stix.NameID("attack-pattern", "T1486")); !ok {
		w.t.Error("an object that another alert carries is forgotten")
	}
}

// moment is how far a recall had come when the hub died.
type moment struct {
	name  string
	build func(*natsbus.Bus, []natsbus.Message)
}

// moments are the steps of a recall: the decision, the tombstone, the bytes, the
// notice; after the last only the case's own note is missing.
func (w *world) moments(id string) []moment {
	add := func(b *natsbus.Bus, m natsbus.Message) {
		_, err := b.Append(context.Background(), m.Subject, natsbus.AnySeq, m.Header, m.Data)
		w.must(err)
	}
	erase := func(b *natsbus.Bus) {
		_, err := b.Erase(context.Background(), natsbus.Alerts, "alert."+id+".1")
		w.must(err)
	}
	return []moment{
		{"decided", func(b *natsbus.Bus, m []natsbus.Message) { add(b, m[0]) }},
		{"tombstone set", func(b *natsbus.Bus, m []natsbus.Message) { add(b, m[0]); add(b, m[1]) }},
		{"erased", func(b *natsbus.Bus, m []natsbus.Message) { add(b, m[0]); add(b, m[1]); erase(b) }},
		{"noticed", func(b *natsbus.Bus, m []natsbus.Message) { add(b, m[0]); add(b, m[1]); erase(b); add(b, m[2]) }},
	}
}

// TestRecallThatDiedIsFinished stops the hub after each step of a recall: the next
// start does the rest, and nothing twice.
func TestRecallThatDiedIsFinished(t *testing.T) {
	w := start(t)
	c := w.release(w.report(rich(t, w.victim, "leaky", "1")))
	a := *c.Stages[0].Alert
	ask := func(p hubtest.Person) {
		w.must(w.Desk.Recall(t.Context(), p.Person, a.ID, "leak", p.Sign(review.ToRecall, a.Digest)))
	}
	ask(w.moderators[0])
	w.must(w.Close())
	asked := filepath.Join(t.TempDir(), "asked")
	copyFolder(t, w.Folder, asked)
	w.Open()
	ask(w.moderators[1])
	w.until(c.Case, 0, review.Recalled)
	steps := w.steps(c.Case, a.ID)
	w.must(w.Close())
	for _, at := range w.moments(a.ID) {
		t.Run(at.name, func(t *testing.T) {
			w.t, w.T = t, t
			w.must(os.RemoveAll(w.Folder))
			copyFolder(t, asked, w.Folder)
			bus, done, err := node.OpenLog(t.Context(), node.Log{Dir: w.Folder})
			w.must(err)
			at.build(bus, steps)
			w.must(done())
			w.Open()
			w.until(c.Case, 0, review.Recalled)
			w.Poll("the end of the bytes", func() bool {
				_, err := w.Bus.Last(context.Background(), natsbus.Alerts, "alert."+a.ID+".1")
				rows, _, rowsErr := w.Entries(context.Background(), 0, 100)
				return hub.KindOf(err) == hub.NotFound && rowsErr == nil && len(rows) == 3 && rows[0].Bundle == nil
			})
			search(t, canary.New(bundleID(a)), files(t, w.Folder), nil)
			w.tombstones([]hub.Alert{a})
			w.must(w.Close())
		})
	}
}

// bundleID stands in the recalled bytes alone.
func bundleID(a hub.Alert) string { return stix.NameID("bundle", a.ID+" 1") }

// steps are the messages that a finished recall left: the decision in the case, the
// tombstone, the notice.
func (w *world) steps(id, alert string) []natsbus.Message {
	w.t.Helper()
	var out []natsbus.Message
	all, err := w.Bus.Subject(w.t.Context(), natsbus.Cases, "case."+id)
	w.must(err)
	for _, m := range all {
		var s struct{ Events []struct{ Kind string } }
		w.must(json.Unmarshal(m.Data, &s))
		if s.Events[0].Kind == "recalled" {
			out = append(out, m)
		}
	}
	for _, subject := range []string{"alert." + alert + ".1.gone", "alert." + alert + ".2"} {
		m, err := w.Bus.Last(w.t.Context(), natsbus.Alerts, subject)
		w.must(err)
		out = append(out, m)
	}
	if len(out) != 3 {
		w.t.Fatalf("%d steps of a recall", len(out))
	}
	return out
}
