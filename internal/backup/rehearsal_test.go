package backup_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/backup"
	"isac/internal/hubtest"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/node"
)

// rehearsal is a hub with people, and where its backups go.
type rehearsal struct {
	*hubtest.Hub
	t          *testing.T
	moderators []hubtest.Person
	store      *backup.Store
	dir        string // of backups
	id         *age.X25519Identity
	apart      []int
	used       int
}

func rehearse(t *testing.T) *rehearsal {
	t.Helper()
	return rehearseOn(t, hubtest.Start(t, 40))
}

func rehearseOn(t *testing.T, h *hubtest.Hub) *rehearsal {
	t.Helper()
	r := &rehearsal{Hub: h, t: t, dir: t.TempDir()}
	r.apart = r.Apart(0, 9)
	for _, i := range r.apart[:4] {
		r.moderators = append(r.moderators, r.Person(i, hub.Moderator))
	}
	r.must(admin.Serve(t.Context(), r.Node))
	var err error
	r.id, err = age.GenerateX25519Identity()
	r.must(err)
	r.store, err = backup.Open(r.dir, r.id.Recipient().String())
	r.must(err)
	r.store.Small(5)
	return r
}

func (r *rehearsal) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// report sends an incident as another member each time.
func (r *rehearsal) report(incident string) (hubtest.Person, string) {
	r.t.Helper()
	i := r.apart[4+r.used]
	r.used++
	p := r.Person(i, hub.Reporter)
	_, _, err := r.Dial(i).Report(r.t.Context(), hubtest.Bundle(r.Members[i], incident, "1", "203.0.113.7"))
	r.must(err)
	return p, r.Case(p, 1).Case
}

// attach reaches the log as another process does.
func attach(t *testing.T, dir string) *natsbus.Bus {
	t.Helper()
	reply, err := admin.Ask(t.Context(), dir, admin.Request{Op: "log"})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := natsbus.Attach(dir, *reply.Log, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}

func (r *rehearsal) signer() ed25519.PrivateKey {
	r.t.Helper()
	key, err := keyring.BackupKey(filepath.Join(r.Folder, "keys"))
	r.must(err)
	return key
}

func (r *rehearsal) take(now time.Time) backup.Taken {
	r.t.Helper()
	t, err := r.store.Take(r.t.Context(), attach(r.t, r.Folder), r.Folder, r.signer(), now, 0)
	r.must(err)
	return t
}

func (r *rehearsal) keys(now time.Time) backup.KeyFiles {
	r.t.Helper()
	f, err := backup.TakeKeys(r.Folder, r.t.TempDir(), r.id.Recipient().String(), now, 24*time.Hour)
	r.must(err)
	return f
}

// digests are those of all streams, when nothing moves.
func (r *rehearsal) digests(log backup.Source) map[string][32]byte {
	r.t.Helper()
	var last map[string][32]byte
	r.Poll("a quiet log", func() bool {
		now := map[string][32]byte{}
		for _, stream := range backup.Order {
			d, err := backup.Digest(context.Background(), log, stream)
			r.must(err)
			now[stream] = d
		}
		quiet := maps.Equal(last, now)
		last = now
		return quiet
	})
	return last
}

// restore makes a data folder of a backup, and gives the digests of its streams.
func (r *rehearsal) restore(name string, keys ...string) (dir string, streams map[string][32]byte) {
	r.t.Helper()
	dir = filepath.Join(r.t.TempDir(), "restored")
	for _, file := range keys {
		r.must(backup.PutKeys(file, dir, r.id))
	}
	signer, err := keyring.BackupKey(filepath.Join(dir, "keys"))
	r.must(err)
	key := signer.Public().(ed25519.PublicKey)
	r.must(r.store.PutFiles(name, key, r.id, dir))
	bus, done, err := node.OpenCopy(r.t.Context(), node.Log{Dir: dir})
	r.must(err)
	_, err = r.store.Restore(r.t.Context(), name, key, r.id, bus)
	r.must(err)
	streams = r.digests(bus)
	r.must(done())
	return dir, streams
}

func (r *rehearsal) views() [2]hub.Digest {
	r.t.Helper()
	public, err := r.Public.Digest(r.t.Context())
	r.must(err)
	private, err := r.Sealed.Digest(r.t.Context())
	r.must(err)
	return [2]hub.Digest{public, private}
}

// TestDisaster deletes everything and brings it back: cases in several states, alerts,
// views; then an earlier point in time.
func TestDisaster(t *testing.T) {
	r := rehearse(t)
	out, released := r.report("released")
	r.Approve(out, r.Consent(out, r.Case(out, 1)).Case, r.moderators...)
	waiting, draft := r.report("drafted")
	agreed, consented := r.report("consented")
	r.Consent(agreed, r.Case(agreed, 1))
	r.digests(r.Bus)
	first := r.take(time.Now())
	late, _ := r.report("late")
	want := r.digests(r.Bus)
	second := r.take(time.Now().Add(time.Second))
	if second.Kept == 0 || second.Written == 0 {
		t.Errorf("the second backup wrote %d segments and kept %d", second.Written, second.Kept)
	}
	keys := r.keys(time.Now())
	var views [2]hub.Digest
	r.Poll("views", func() bool {
		now := r.views()
		same := now == views
		views = now
		return same
	})
	r.must(r.Close())
	r.must(os.RemoveAll(r.Folder))

	began := time.Now()
	dir, got := r.restore(second.Name, keys.Keys, keys.Secrets)
	if !maps.Equal(got, want) {
		t.Error("the restored streams differ")
	}
	r.Folder = dir
	r.Open()
	t.Logf("restored and started in %v: %d messages", time.Since(began), second.Messages)
	if r.views() != views {
		t.Error("the rebuilt views differ")
	}
	for who, id := range map[*hubtest.Person]string{&out: released, &waiting: draft, &agreed: consented} {
		_, err := r.Desk.Case(t.Context(), who.Person, id)
		if err != nil {
			t.Errorf("a case after the restore: %v", err)
		}
	}
	list, newest, err := r.Entries(t.Context(), 0, 100)
	if err != nil || newest != 2 || len(list) != 2 {
		t.Errorf("%d alerts, the newest %d, %v", len(list), newest, err)
	}
	r.must(r.Close())

	r.Folder, _ = r.restore(first.Name, keys.Keys, keys.Secrets)
	r.Open()
	ids, err := r.Desk.Cases(t.Context(), late.Person)
	if err != nil || len(ids) != 0 {
		t.Errorf("at the first backup the late report has %d cases, %v", len(ids), err)
	}
	_, err = r.Desk.Case(t.Context(), waiting.Person, draft)
	r.must(err)
}

// TestShreddedCasesAreInNoNewBackup follows a case to its end.
func TestShreddedCasesAreInNoNewBackup(t *testing.T) {
	r := rehearse(t)
	p, id := r.report("ends")
	old := r.take(r.Now())
	oldKeys := r.keys(r.Now())
	holds := func(name string) bool {
		keys, err := r.store.Subjects(name, natsbus.Keys, r.id)
		r.must(err)
		originals, err := r.store.Subjects(name, natsbus.Vault, r.id)
		r.must(err)
		return slices.Contains(keys, "key."+id) || slices.ContainsFunc(originals, func(s string) bool { return strings.HasPrefix(s, "vault."+id) })
	}
	if !holds(old.Name) {
		t.Fatal("the first backup doesn't hold the case: the test shows nothing")
	}
	week := slices.Max(r.Ring.Epochs())
	r.Advance(120 * 24 * time.Hour)
	r.Poll("the end of the case", func() bool {
		_, err := r.Bus.Last(context.Background(), natsbus.Keys, "key."+id)
		return hub.KindOf(err) == hub.NotFound && !slices.Contains(r.Ring.Epochs(), week)
	})
	r.digests(r.Bus)
	now := r.take(r.Now())
	if holds(now.Name) {
		t.Error("a new backup holds the shredded case")
	}
	newKeys := r.keys(r.Now())
	r.must(r.Close())

	openable := func(keys ...string) bool {
		dir, _ := r.restore(old.Name, keys...)
		ring, err := keyring.Open(filepath.Join(dir, "keys"))
		r.must(err)
		bus, done, err := node.OpenLog(t.Context(), node.Log{Dir: dir})
		r.must(err)
		m, err := bus.Last(t.Context(), natsbus.Keys, "key."+id)
		r.must(err)
		_, err = ring.Unwrap(m.Data)
		r.must(done())
		return err == nil
	}
	if openable(newKeys.Keys, newKeys.Secrets) {
		t.Error("the old backup and the keys of now open a shredded case")
	}
	if !openable(oldKeys.Keys, oldKeys.Secrets) {
		t.Error("the secrets of then don't open it: the test shows nothing")
	}
	_ = p
}

// slow is a log that says when it has given so many ranges, and gives no more.
type slow struct {
	backup.Source
	left int
}

func (s *slow) Range(ctx context.Context, stream string, from, to uint64, each func(natsbus.Message) error) error {
	if s.left == 0 {
		os.Stdout.WriteString("stuck\n")
		select {}
	}
	s.left--
	return s.Source.Range(ctx, stream, from, to, each)
}

// TestChild isn't a test of its own: it is the process that TestKilledBackupGoesOn kills.
func TestChild(t *testing.T) {
	dir, data, recipient := os.Getenv("BACKUP_DIR"), os.Getenv("BACKUP_DATA"), os.Getenv("BACKUP_RECIPIENT")
	if dir == "" {
		return
	}
	store, err := backup.Open(dir, recipient)
	if err != nil {
		t.Fatal(err)
	}
	store.Small(5)
	key, err := keyring.BackupKey(filepath.Join(data, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Take(t.Context(), &slow{attach(t, data), 6}, data, key, time.Now(), 0)
	t.Fatalf("not killed: %v", err)
}

func TestKilledBackupGoesOn(t *testing.T) {
	r := rehearse(t)
	r.report("one")
	r.digests(r.Bus)
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.Env = append(os.Environ(), "BACKUP_DIR="+r.dir, "BACKUP_DATA="+r.Folder, "BACKUP_RECIPIENT="+r.id.Recipient().String())
	out, err := c.StdoutPipe()
	r.must(err)
	r.must(c.Start())
	line := make([]byte, 6)
	_, err = out.Read(line)
	r.must(err)
	if string(line) != "stuck\n" {
		t.Fatalf("the child says %q", line)
	}
	r.must(c.Process.Kill())
	_ = c.Wait()
	_, err = r.store.At("")
	if !errors.Is(err, backup.ErrNoBackup) {
		t.Errorf("half a backup counts as one: %v", err)
	}
	taken := r.take(time.Now())
	if taken.Kept != 6 {
		t.Errorf("%d segments of the killed backup were used, not 6", taken.Kept)
	}
	key := r.signer().Public().(ed25519.PublicKey)
	v, err := r.store.Verify(taken.Name, key, r.id)
	r.must(err)
	if v.Messages != taken.Messages {
		t.Errorf("%d messages read, %d taken", v.Messages, taken.Messages)
	}
	other, _, err := ed25519.GenerateKey(nil)
	r.must(err)
	_, err = r.store.Verify(taken.Name, other, nil)
	if !errors.Is(err, backup.ErrUnsigned) {
		t.Errorf("another hub's key: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(r.dir, "*.age"))
	r.must(err)
	data, err := os.ReadFile(files[0])
	r.must(err)
	data[len(data)-1] ^= 1
	r.must(os.WriteFile(files[0], data, 0o600))
	_, err = r.store.Verify(taken.Name, key, nil)
	if !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("an altered file: %v", err)
	}
}

func TestEveryStreamIsInTheOrder(t *testing.T) {
	have := slices.Sorted(slices.Values(backup.Order))
	if !slices.Equal(have, slices.Sorted(slices.Values(natsbus.StreamNames()))) {
		t.Errorf("the order has %v", have)
	}
}
