package backup_test

import (
	"context"
	"crypto/ed25519"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"isac/hub"
	"isac/hub/direct"
	"isac/hub/feedback"
	"isac/internal/backup"
	"isac/internal/helpdesk"
	"isac/internal/hubtest"
	"isac/internal/keyring"
	"isac/internal/node"
)

var writeLog = flag.Bool("write-log", false, "write testdata/log-v1 anew: only when there is none")

// logV1 is a backup, with its keys, of a hub of the first format of the log. All in it is
// invented, its keys too: they open nothing else. It is never written again; a format that
// differs gets a folder of its own beside it.
const logV1 = "testdata/log-v1"

// writeGolden plays a hub's life in small: a case that is released, one that waits; a vote, a call for help, a direct notice.
func writeGolden(t *testing.T) {
	r := rehearse(t)
	r.store, r.dir = open(t, filepath.Join(logV1, "backup"), r.id), filepath.Join(logV1, "backup")
	reporter, _ := r.report("released")
	c := r.Consent(reporter, r.Case(reporter, 1))
	r.Approve(reporter, c.Case, r.moderators...)
	r.report("waiting")
	desk, other := r.Person(-1, hub.Secretariat), r.apart[0]
	_, err := r.Postbox.Write(t.Context(), desk.Person, direct.Draft{Victim: r.Members[other].ID, Text: "架空の通知", To: []direct.Recipient{{Member: r.Members[r.apart[1]].ID}}})
	r.must(err)
	r.must(r.Help.Ask(t.Context(), r.Members[other], helpdesk.Call{Kind: helpdesk.ForHelp, Name: "架空 花子", Number: "03-0000-0000", State: "架空"}))
	r.must(r.Ballot.Cast(t.Context(), r.moderators[0].Person, feedback.Request{Value: "203.0.113.7", Answer: feedback.Seen}))
	_, _, err = r.Roster.IssueCard(t.Context(), r.Members[other].ID, 3, r.Now())
	r.must(err)
	r.digests(r.Bus)
	r.take(r.Now())
	_, err = backup.TakeKeys(r.Folder, filepath.Join(logV1, "keys"), r.id.Recipient().String(), r.Now(), time.Hour)
	r.must(err)
	r.must(os.WriteFile(filepath.Join(logV1, "identity-of-nothing-else"), []byte(r.id.String()+"\n"), 0o600))
}

func open(t *testing.T, dir string, id *age.X25519Identity) *backup.Store {
	t.Helper()
	s, err := backup.Open(dir, id.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheFirstFormatIsReadForEver restores the log as the first version wrote it and
// starts the hub of now on it, at the time of then.
func TestTheFirstFormatIsReadForEver(t *testing.T) {
	if *writeLog {
		writeGolden(t)
	}
	text, err := os.ReadFile(filepath.Join(logV1, "identity-of-nothing-else"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	h := hubtest.Start(t, 4)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(h.Close())
	dir := filepath.Join(t.TempDir(), "restored")
	keys, err := filepath.Glob(filepath.Join(logV1, "keys", "*.age"))
	must(err)
	for _, file := range keys {
		must(backup.PutKeys(file, dir, id))
	}
	signer, err := keyring.BackupKey(filepath.Join(dir, "keys"))
	must(err)
	key := signer.Public().(ed25519.PublicKey)
	store, err := backup.OpenRead(filepath.Join(logV1, "backup"))
	must(err)
	name, err := store.At("")
	must(err)
	must(store.PutFiles(name, key, id, dir))
	bus, done, err := node.OpenCopy(t.Context(), node.Log{Dir: dir})
	must(err)
	_, err = store.Restore(t.Context(), name, key, id, bus)
	must(err)
	must(done())
	at, err := time.Parse("20060102T150405.000Z", name)
	must(err)
	h.Folder = dir
	h.Advance(time.Until(at.Add(time.Minute)))
	h.Open()
	list, newest, err := h.Entries(t.Context(), 0, 100)
	if err != nil || newest != 2 || len(list) != 2 {
		t.Errorf("%d alerts, the newest %d, %v", len(list), newest, err)
	}
	cases, calls := 0, 0
	for _, p := range h.Roster.People() {
		ids, err := h.Desk.Cases(context.Background(), p)
		if err != nil && hub.KindOf(err) != hub.Forbidden {
			t.Error(err)
		}
		for _, one := range ids {
			view, err := h.Desk.Case(context.Background(), p, one)
			if err != nil || len(view.Stages) != 2 {
				t.Errorf("a case: %d stages, %v", len(view.Stages), err)
			}
			cases++
		}
		notices, err := h.Postbox.Of(t.Context(), p)
		must(err)
		if p.Has(hub.Secretariat) && len(notices) != 1 {
			t.Errorf("the secretariat has %d notices", len(notices))
		}
	}
	members, _ := h.Roster.List()
	for _, o := range members.Members() {
		list, err := h.Help.Of(t.Context(), o)
		must(err)
		calls += len(list)
	}
	if cases != 2 || calls != 1 {
		t.Errorf("%d cases, %d calls", cases, calls)
	}
	if log := h.Log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "failed") {
		t.Errorf("the hub of now complains:\n%s", log)
	}
}
