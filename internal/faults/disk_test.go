package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/hubtest"
)

// namespace finds the way in which this user may mount: as root, or as root of a
// user namespace.
func namespace(t *testing.T) []string {
	t.Helper()
	var last []byte
	for _, way := range [][]string{{"unshare", "-m"}, {"unshare", "-rm"}} {
		out, err := exec.Command(way[0], append(way[1:], "mount", "-t", "tmpfs", "tmpfs", t.TempDir())...).CombinedOutput()
		if err == nil {
			return way
		}
		last = out
	}
	if os.Getenv("ISAC_MOUNTS") == "required" {
		t.Fatalf("mounting isn't allowed here: %s", last)
	}
	t.Skipf("mounting isn't allowed here, so this fault can't be made: %s", last)
	return nil
}

// mounted wraps a command so that it runs after a script of mounts, in which $D is
// the folder.
func mounted(t *testing.T, script, folder string, c *exec.Cmd) *exec.Cmd {
	t.Helper()
	way := namespace(t)
	args := append(way[1:], "sh", "-c", script+` && shift && exec "$@"`, "sh", folder)
	return exec.Command(way[0], append(args, c.Args...)...)
}

// answer is what a member is told when it reports.
func answer(t *testing.T, err error, kind hub.ErrorKind, text string) {
	t.Helper()
	r := hub.RefusalOf(err)
	if r == nil || r.Kind != kind || r.Text != text {
		t.Errorf("answer %v, want %s %s", r, kind, text)
	}
}

// A disk fills up under a running hub: reports are refused with the reason, nothing
// with a receipt is lost, and when there is room again it goes on by itself.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	s := newSite(t, filepath.Join(folder, "data"))
	p := launch(t, mounted(t, `mount -t tmpfs -o size=160m tmpfs "$1"`, folder, s.serve(t)), "")
	inside := fmt.Sprintf("/proc/%d/root", p.cmd.Process.Pid)
	p.dir = inside + s.data
	p.ready(t)
	members := p.list(t, 20)
	conn := p.dial(t, members[0].ID)
	var receipts []string
	report := func(n int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		r, _, err := conn.Report(ctx, hubtest.Bundle(members[0], fmt.Sprint(n), "1", "198.51.100.7"))
		if err == nil {
			receipts = append(receipts, r.Number)
		}
		return err
	}
	for n := range 5 {
		if err := report(n); err != nil {
			t.Fatal(err)
		}
	}
	filler := filepath.Join(inside+folder, "filler")
	fill(t, filler)
	for n := range 3 {
		answer(t, report(100+n), hub.Unavailable, "error.disk-full")
	}
	var err error
	for n := 0; err == nil && n < 200; n++ { // a few still go into a page begun
		_, err = admin.Ask(t.Context(), p.dir, admin.Request{Op: "credentials", ID: members[1].ID})
	}
	answer(t, err, hub.Unavailable, "error.storing")
	if code := status(t, "http://"+s.http+"/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d on a full disk", code)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	poll(t, "a report after there is room again", func() bool { return report(200) == nil })
	for _, r := range receipts {
		poll(t, "a case of each receipt", func() bool { _, err := conn.Status(t.Context(), r); return err == nil })
	}
	poll(t, "a ready hub", func() bool { return status(t, "http://"+s.http+"/readyz") == http.StatusOK })
	if strings.Contains(p.out.String(), "DATA RACE") {
		t.Error(p.out.String())
	}
}

// A hub that is started on a full disk says so.
func TestStartOnAFullDisk(t *testing.T) {
	folder := t.TempDir()
	list, _ := sector(t, 20)
	s := newSite(t, filepath.Join(folder, "data"))
	full := `mount -t tmpfs -o size=40m tmpfs "$1" && "$2" member import ` + list + ` --data "$1/data" >/dev/null && { dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null; true; }`
	for _, c := range []*exec.Cmd{s.serve(t), exec.Command(isacd(t), "replay", "--data", s.data, "--lang", "en")} {
		wantEnd(t, mounted(t, full, folder, c), 7, "The hub's disk is full", "no space left on device")
	}
	empty := newSite(t, filepath.Join(folder, "new"))
	wantEnd(t, mounted(t, full, folder, empty.serve(t)), 7, "free space", "no space left on device")
}

// fill writes until not one byte more goes in.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		_, err := f.Write(make([]byte, size))
		if err != nil {
			size /= 2
		}
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	w, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	return w.StatusCode
}
