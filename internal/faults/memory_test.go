package faults_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/sample"
)

// little is the memory that a hub of 500 members has to be content with, in bytes.
const little = 256 << 20

// limited lets a command believe that its control group has so many bytes: files in the
// place of the kernel's say so.
func limited(t *testing.T, c *exec.Cmd) *exec.Cmd {
	t.Helper()
	const script = `mount -t tmpfs none /sys/fs/cgroup && mkdir -p /sys/fs/cgroup/memory && echo "$1" | tee /sys/fs/cgroup/memory.max >/sys/fs/cgroup/memory/memory.limit_in_bytes`
	return mounted(t, script, strconv.Itoa(little), c)
}

// light is the command without the race detector, which takes several times the memory.
func light(t *testing.T) string {
	t.Helper()
	if len(buildFlags) == 0 {
		return isacd(t)
	}
	file := filepath.Join(t.TempDir(), "isacd")
	out, err := exec.Command("go", "build", "-o", file, "isac/cmd/isacd").CombinedOutput()
	if err != nil {
		t.Fatalf("building isacd: %v\n%s", err, out)
	}
	return file
}

// A hub of 500 members takes a report, makes its drafts and has no more resident than
// it may. The list of the whole sector needs more: it is refused while the hub runs,
// and where it was imported while it didn't, the hub doesn't start and says what to do.
func TestLittleMemory(t *testing.T) {
	command := light(t)
	s := newSite(t, "")
	serve := func() *exec.Cmd { return exec.Command(command, "serve", "--config", s.config, "--lang", "en") }
	few, members := sampled(t, 500, 500)
	whole, _ := sampled(t, sample.Whole, 500)
	wantImport(t, few, s.data, 0, "")
	p := launch(t, limited(t, serve()), s.data)
	p.ready(t)
	for _, m := range members[1:] {
		p.dial(t, m.ID)
	}
	conn := p.dial(t, members[0].ID)
	report, err := sample.Report(members[0], "little")
	if err != nil {
		t.Fatal(err)
	}
	receipt, _, err := conn.Report(t.Context(), report)
	if err != nil {
		t.Fatal(err)
	}
	poll(t, "its draft", func() bool {
		status, err := conn.Status(t.Context(), receipt.Number)
		return err == nil && strings.Contains(string(status), `"state":"asking"`)
	})
	serving := peak(t, p.cmd.Process.Pid)
	wantImport(t, whole, s.data, 7, "MiB of memory")
	if n := len(p.ask(t, admin.Request{Op: "list"}).Members); n != len(members) {
		t.Errorf("%d members after a list that is refused, want %d", n, len(members))
	}
	most := peak(t, p.cmd.Process.Pid)
	t.Logf("500 members: %d MiB at most, %d when a list was refused, of %d", serving>>20, most>>20, little>>20)
	if most > little {
		t.Errorf("%d bytes were resident, want %d at most", most, little)
	}
	p.stop(t)

	wantImport(t, whole, s.data, 0, "") // by somebody who has more
	words := []string{"sector list of 8182 organisations", "may have 256 MiB", "MemoryMax="}
	wantEnd(t, limited(t, serve()), 7, words...)
	asked := serve()
	asked.Env = append(os.Environ(), "GOMEMLIMIT="+strconv.Itoa(little))
	wantEnd(t, asked, 7, words...)
	code, out, errs := run(t, "doctor", "--data", s.data, "--lang", "en")
	if code != 9 || !strings.Contains(out, "MiB of memory; when it last started it could have 256 MiB") {
		t.Errorf("doctor ends with %d, %s%s", code, out, errs)
	}
}

// sampled writes a list of so many organisations to a file.
func sampled(t *testing.T, organisations, members int) (file string, joined []hub.Organisation) {
	t.Helper()
	list, err := sample.Sector(organisations, members)
	if err != nil {
		t.Fatal(err)
	}
	csv, err := sample.CSV(list)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "sector.csv")
	write(t, file, string(csv))
	return file, list.Members()
}

func wantImport(t *testing.T, file, data string, code int, words string) {
	t.Helper()
	got, out, errs := run(t, "member", "import", file, "--data", data, "--lang", "en")
	if got != code || !strings.Contains(errs, words) {
		t.Fatalf("importing ends with %d, %s%s, want %d and %q", got, out, errs, code, words)
	}
}

// peak is the most memory that a process had resident so far, in bytes.
func peak(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmHWM:" {
			kb, err := strconv.ParseInt(string(fields[1]), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}
