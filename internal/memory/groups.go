package memory

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// grouped is the least limit of the control groups that this process is in, from its own
// up to the highest that it can see (cgroups(7)); 0 where there is none.
func grouped(root fs.FS) int64 {
	own := groupsOf(text(root, "proc/self/cgroup"))
	var out int64
	for line := range strings.Lines(text(root, "proc/self/mountinfo")) { // proc_pid_mountinfo(5)
		place, kind, _ := strings.Cut(line, " - ")
		p, k := strings.Fields(place), strings.Fields(kind)
		if len(p) < 5 || len(k) < 3 {
			continue
		}
		top, mount := p[3], p[4]
		switch {
		case k[0] == "cgroup2":
			out = least(out, upwards(root, mount, top, own[""], "memory.max", "memory.high"))
		case k[0] == "cgroup" && slices.Contains(strings.Split(k[2], ","), "memory"):
			out = least(out, upwards(root, mount, top, own["memory"], "memory.limit_in_bytes"))
		}
	}
	return out
}

// groupsOf are the paths of a process's groups by controller, "" for version 2.
func groupsOf(lines string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(lines) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		for c := range strings.SplitSeq(controllers, ",") {
			out[c] = group
		}
	}
	return out
}

// upwards is the least limit that files of a group and of those above it name. The mount
// shows the groups below top; in a container that is often the process's own.
func upwards(root fs.FS, mount, top, group string, files ...string) int64 {
	var out int64
	below, _ := strings.CutPrefix(group, top)
	for dir := path.Clean("/" + below); ; dir = path.Dir(dir) {
		for _, f := range files {
			out = least(out, number(text(root, path.Join(mount, dir, f)[1:])))
		}
		if dir == "/" {
			return out
		}
	}
}

// unlimited is what version 1 writes where there is no limit, rounded down to pages.
const unlimited = 1<<63 - 1<<20

// number reads a limit; "max" is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n >= unlimited {
		return 0
	}
	return n
}

func text(root fs.FS, name string) string {
	data, _ := fs.ReadFile(root, name) // what isn't there says nothing
	return string(data)
}
