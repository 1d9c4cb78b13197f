package memory

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"testing/fstest"
)

// What systems say of a process's control groups: the files, and the limit that holds.
func TestLimitsOfControlGroups(t *testing.T) {
	const (
		two    = "34 23 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
		one    = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n36 31 0:33 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
		none   = "9223372036854771712\n"
		ofUnit = "0::/system.slice/isacd.service\n"
	)
	for name, c := range map[string]struct {
		groups, mounts string
		files          map[string]string
		want           int64
	}{
		"no groups":                 {"", "", nil, 0},
		"a unit with MemoryMax":     {ofUnit, two, map[string]string{"/system.slice/isacd.service/memory.max": "268435456\n", "/system.slice/memory.max": "max\n"}, 256 << 20},
		"a unit with MemoryHigh":    {ofUnit, two, map[string]string{"/system.slice/isacd.service/memory.max": "max\n", "/system.slice/isacd.service/memory.high": "1000000\n"}, 1000000},
		"the slice has less":        {ofUnit, two, map[string]string{"/system.slice/isacd.service/memory.max": "268435456\n", "/system.slice/memory.max": "1000000\n"}, 1000000},
		"a neighbour's":             {ofUnit, two, map[string]string{"/system.slice/other.service/memory.max": "1000000\n"}, 0},
		"no limit":                  {ofUnit, two, map[string]string{"/system.slice/isacd.service/memory.max": "max\n"}, 0},
		"a container":               {"0::/\n", two, map[string]string{"/memory.max": "1000000\n"}, 1000000},
		"a container, seen outside": {"0::/../../docker/ab\n", "1 2 0:1 /../../docker/ab /sys/fs/cgroup ro - cgroup2 cgroup ro\n", map[string]string{"/memory.max": "1000000\n"}, 1000000},
		"version 1":                 {"4:memory:/isac\n1:cpu:/\n", one, map[string]string{"/memory/isac/memory.limit_in_bytes": "1000000\n", "/memory/memory.limit_in_bytes": none, "/cpu/memory.limit_in_bytes": "7\n"}, 1000000},
		"version 1, no limit":       {"4:memory:/isac\n", one, map[string]string{"/memory/isac/memory.limit_in_bytes": none, "/memory/memory.limit_in_bytes": none}, 0},
		"a container of version 1":  {"4:cpu,memory:/docker/ab\n", "1 2 0:1 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup ro,memory\n", map[string]string{"/memory/memory.limit_in_bytes": "1000000\n"}, 1000000},
		"both versions":             {"4:memory:/isac\n0::/isac\n", one + "37 31 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n", map[string]string{"/memory/isac/memory.limit_in_bytes": "1000000\n", "/unified/isac/memory.max": "max\n"}, 1000000},
		"nonsense":                  {"::\n:\n\n", "cgroup2\n - \n" + two, map[string]string{"/memory.max": "-5\n", "/memory.high": "much\n"}, 0},
	} {
		root := fstest.MapFS{"proc/self/cgroup": {Data: []byte(c.groups)}, "proc/self/mountinfo": {Data: []byte(c.mounts)}}
		for file, data := range c.files {
			root["sys/fs/cgroup"+file] = &fstest.MapFile{Data: []byte(data)}
		}
		if got := grouped(root); got != c.want {
			t.Errorf("%s: the limit is %d, want %d", name, got, c.want)
		}
	}
}

// GOMEMLIMIT bounds too, and off is no bound. The machine's memory always is one.
func TestBound(t *testing.T) {
	machines := machine()
	if machines < 1<<20 {
		t.Fatalf("the machine has %d bytes", machines)
	}
	was := debug.SetMemoryLimit(200 << 20) // as Go does at its start
	t.Cleanup(func() { debug.SetMemoryLimit(was) })
	t.Setenv("GOMEMLIMIT", "200MiB")
	if b := Bound(); b != least(200<<20, machines, grouped(os.DirFS("/"))) {
		t.Errorf("bound by GOMEMLIMIT: %d", b)
	}
	t.Setenv("GOMEMLIMIT", "off")
	if b := Bound(); b != least(machines, grouped(os.DirFS("/"))) {
		t.Errorf("not bound by GOMEMLIMIT: %d", b)
	}
}

// More organisations need more, at once and not by leaps.
func TestNeeded(t *testing.T) {
	for n := range 10_000 {
		if a, b := Needed(n), Needed(n+1); b <= a || b-a > 1<<20 {
			t.Fatalf("%d organisations need %d bytes, one more %d", n, a, b)
		}
	}
}

func TestNotes(t *testing.T) {
	dir := t.TempDir()
	if n := Noted(dir); n != (Note{}) {
		t.Errorf("a note of nothing: %v", n)
	}
	want := Note{Needed: 300, Bound: 256}
	for _, n := range []Note{{1, 2}, want, want} {
		if err := n.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	if n := Noted(dir); n != want {
		t.Errorf("the note is %v, want %v", n, want)
	}
	if err := os.WriteFile(filepath.Join(dir, file), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := Noted(dir); n != (Note{}) {
		t.Errorf("half a note: %v", n)
	}
}
