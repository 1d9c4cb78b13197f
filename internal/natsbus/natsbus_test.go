package natsbus_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"isac/hub"
	"isac/internal/natsbus"
)

func start(t *testing.T) (*natsbus.Bus, string) {
	t.Helper()
	dir := t.TempDir()
	b, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b, dir
}

func member(t *testing.T, b *natsbus.Bus, opts ...nats.Option) (*nats.Conn, string, string) {
	t.Helper()
	_, creds, err := b.IssueMember(time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "member.creds")
	if err := os.WriteFile(file, creds, 0o600); err != nil {
		t.Fatal(err)
	}
	nc, user, err := natsbus.DialMember(b.URL(), file, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, user, file
}

func TestMemberAsksUnderItsOwnKeyOnly(t *testing.T) {
	b, _ := start(t)
	_, err := b.Serve("isac.report", 1, func(user string, data []byte) []byte { return []byte(user + " " + string(data)) })
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 10)
	nc, user, _ := member(t, b, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	_, other, _ := member(t, b)
	m, err := nc.Request("isac.report."+user, []byte("hello"), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(m.Data), user+" hello"; got != want {
		t.Errorf("answer %q, want %q", got, want)
	}
	for _, subject := range []string{"isac.report." + other, "isac.alert.green.high", "case.x", "intake.x", "$JS.API.STREAM.INFO.CASES", "$SYS.REQ.CLAIMS.UPDATE", "_INBOX_" + other + ".x"} {
		expectRefused(t, refused, "publish "+subject, func() error { return nc.Publish(subject, []byte("x")) })
	}
	for _, subject := range []string{"isac.report.>", ">", "isac.status." + other, "_INBOX_" + other + ".>", "_INBOX.>", "$JS.>", "$SYS.>", "case.>"} {
		expectRefused(t, refused, "subscribe "+subject, func() error { _, err := nc.SubscribeSync(subject); return err })
	}
}

func expectRefused(t *testing.T, refused chan error, what string, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	select {
	case err := <-refused:
		if !errors.Is(err, nats.ErrPermissionViolation) {
			t.Errorf("%s: %v, want a permissions violation", what, err)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("%s was allowed", what)
	}
}

func TestRevokedMemberIsCutAndStaysOut(t *testing.T) {
	b, dir := start(t)
	closed := make(chan struct{})
	nc, user, file := member(t, b, nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	still, _, _ := member(t, b)
	if err := b.Revoke(t.Context(), user, time.Now()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("revoked member is still connected")
	}
	if _, _, err := natsbus.DialMember(b.URL(), file); err == nil {
		t.Error("revoked member came back")
	}
	if !still.IsConnected() {
		t.Error("another member was cut as well")
	}
	_ = nc
	b.Close()
	again, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, _, err := natsbus.DialMember(again.URL(), file); err == nil {
		t.Error("revoked member came back after a restart")
	}
}

func TestAppendComparesTheLastSequence(t *testing.T) {
	b, _ := start(t)
	ctx := t.Context()
	seq, err := b.Append(ctx, "case.a", 0, nil, []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(ctx, "case.a", 0, nil, []byte("again")); hub.KindOf(err) != hub.Conflict {
		t.Errorf("second first message: %v, want a conflict", err)
	}
	if _, err := b.Append(ctx, "case.b", 0, nil, []byte("other")); err != nil {
		t.Errorf("another subject: %v", err)
	}
	if _, err := b.Append(ctx, "case.a", seq, nil, []byte("two")); err != nil {
		t.Errorf("right sequence: %v", err)
	}
	ms, err := b.Subject(ctx, natsbus.Cases, "case.a")
	if err != nil || len(ms) != 2 || string(ms[1].Data) != "two" {
		t.Errorf("read back %d messages, %v", len(ms), err)
	}
	var all []string
	err = b.Read(ctx, natsbus.Cases, "case.*", 0, func(m natsbus.Message) error { all = append(all, string(m.Data)); return nil })
	if err != nil || len(all) != 3 {
		t.Errorf("read all: %v, %v", all, err)
	}
}

func TestErasedBytesAreGoneFromDisk(t *testing.T) {
	b, dir := start(t)
	secret := []byte("erase-me-0123456789-erase-me")
	if _, err := b.Append(t.Context(), "vault.v1", 0, nil, secret); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, dir, secret) {
		t.Fatal("stored bytes are not on disk: the test can't show that they go")
	}
	n, err := b.Erase(t.Context(), natsbus.Vault, "vault.v1")
	if err != nil || n != 1 {
		t.Fatalf("erased %d, %v", n, err)
	}
	if onDisk(t, dir, secret) {
		t.Error("erased bytes are still on disk")
	}
}

func onDisk(t *testing.T, dir string, want []byte) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || bytes.Contains(data, want)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestStreamsSurviveARestart(t *testing.T) {
	b, dir := start(t)
	if _, err := b.Append(t.Context(), "case.a", 0, nil, []byte("kept")); err != nil {
		t.Fatal(err)
	}
	b.Close()
	again, err := natsbus.Start(context.Background(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	m, err := again.Last(t.Context(), natsbus.Cases, "case.a")
	if err != nil || string(m.Data) != "kept" {
		t.Errorf("after restart: %q, %v", m.Data, err)
	}
	var _ jetstream.JetStream = again.JS
}
