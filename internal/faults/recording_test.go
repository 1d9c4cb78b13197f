package faults_test

import (
	"bufio"
	"cmp"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recording is what a process asked of its disk, in order of time, read from strace.
type recording struct {
	calls []call
}

// call is one system call that touches files. What it does counts from its end on, but
// for a close, whose number another thread may have before it returns; a sync is two, so
// that it holds what was written before it began.
type call struct {
	at    int64 // nanoseconds since 1970
	name  string
	args  []string
	value int64
}

// traced are the calls that are recorded.
const traced = "openat,creat,close,dup,dup3,fcntl,lseek,write,pwrite64,writev,pwritev,copy_file_range,sendfile,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir"

// readRecording reads the files that strace wrote, one a thread.
func readRecording(t *testing.T, prefix string) recording {
	t.Helper()
	threads, err := filepath.Glob(prefix + ".*")
	if err != nil || len(threads) == 0 {
		t.Fatalf("no recording, %v", err)
	}
	var r recording
	for _, name := range threads {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(make([]byte, 1<<20), 64<<20)
		for lines.Scan() {
			r.calls = append(r.calls, readCalls(t, lines.Text())...)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	slices.SortStableFunc(r.calls, func(a, b call) int { return cmp.Compare(a.at, b.at) })
	return r
}

// readCalls reads a line such as
//
//	1795771895.026590123 pwrite64(5, "\x00…", 2, 8192) = 2 <0.000016001>
//
// What failed or was cut off by the end of the process is nothing.
func readCalls(t *testing.T, line string) []call {
	t.Helper()
	when, rest, _ := strings.Cut(line, " ")
	name, rest, ok := strings.Cut(rest, "(")
	i := strings.LastIndex(rest, " = ")
	if !ok || i < 0 {
		return nil
	}
	args, end := strings.TrimSuffix(strings.TrimRight(rest[:i], " "), ")"), strings.Fields(rest[i+len(" = "):])
	value, err := strconv.ParseInt(end[0], 0, 64)
	if err != nil || value < 0 {
		return nil
	}
	begun := nanoseconds(t, when)
	done := begun + nanoseconds(t, strings.Trim(end[len(end)-1], "<>"))
	c := call{at: done, name: name, args: strings.Split(args, ", "), value: value}
	switch name {
	case "close":
		c.at = begun
	case "fsync", "fdatasync":
		before := c
		before.at, before.name = begun, "begin"
		return []call{before, c}
	}
	return []call{c}
}

func nanoseconds(t *testing.T, text string) int64 {
	t.Helper()
	whole, part, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(part + "000000000")[:9], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// text reads a string of a call, each byte as \x00.
func text(arg string) []byte {
	arg = strings.Trim(strings.TrimSuffix(arg, "..."), `"`)
	b, err := hex.DecodeString(strings.ReplaceAll(arg, `\x`, ""))
	if err != nil {
		return nil
	}
	return b
}

// disk is a file system that loses what wasn't synced.
type disk struct {
	root  string
	names map[string]*content // as processes see them; a folder is nil
	kept  map[string]*content // as they are on disk for sure
	moves []move              // of names, since then
	files map[int64]*handle
	whole int64 // bytes written
	syncs int
}

// move is a change of names: from nothing is new, to nothing is gone.
type move struct {
	from, to string
	file     *content
}

// content is a file.
type content struct {
	kept  []byte
	since []change // that aren't surely on disk
	size  int64    // as processes see it
	sure  int      // how many of since a sync that is under way will keep
	fresh bool     // its name or size isn't surely on disk
}

// change is bytes at a place; without bytes the file is cut or filled to it.
type change struct {
	at   int64
	data []byte
}

type handle struct {
	path   string
	file   *content
	at     int64
	atEnd  bool
	synced bool // O_SYNC, O_DSYNC
}

func newDisk(root string) *disk {
	return &disk{root: root, names: map[string]*content{}, kept: map[string]*content{}, files: map[int64]*handle{}}
}

// do carries out a call.
func (d *disk) do(c call) error {
	arg := func(i int) string {
		if i < len(c.args) {
			return c.args[i]
		}
		return ""
	}
	number := func(i int) int64 { n, _ := strconv.ParseInt(arg(i), 0, 64); return n }
	switch c.name {
	case "openat":
		d.open(d.path(arg(0), arg(1)), arg(2), c.value)
	case "close":
		delete(d.files, number(0))
	case "lseek":
		if f := d.files[number(0)]; f != nil {
			f.at = c.value
		}
	case "write":
		if f := d.files[number(0)]; f != nil && f.file != nil {
			if f.atEnd {
				f.at = f.file.size
			}
			d.write(f, f.at, text(arg(1))[:c.value])
			f.at += c.value
		}
	case "pwrite64":
		if f := d.files[number(0)]; f != nil && f.file != nil {
			d.write(f, number(3), text(arg(1))[:c.value])
		}
	case "ftruncate":
		if f := d.files[number(0)]; f != nil && f.file != nil {
			f.file.resize(number(1))
		}
	case "begin":
		if f := d.files[number(0)]; f != nil && f.file != nil {
			f.file.sure = len(f.file.since)
		}
	case "fsync", "fdatasync":
		d.sync(d.files[number(0)], c.name == "fsync")
	case "rename":
		d.rename(d.path("AT_FDCWD", arg(0)), d.path("AT_FDCWD", arg(1)))
	case "renameat", "renameat2":
		d.rename(d.path(arg(0), arg(1)), d.path(arg(2), arg(3)))
	case "link":
		d.link(d.path("AT_FDCWD", arg(0)), d.path("AT_FDCWD", arg(1)))
	case "linkat":
		d.link(d.path(arg(0), arg(1)), d.path(arg(2), arg(3)))
	case "unlink", "rmdir":
		d.remove(d.path("AT_FDCWD", arg(0)))
	case "unlinkat":
		d.remove(d.path(arg(0), arg(1)))
	case "mkdir":
		d.name(d.path("AT_FDCWD", arg(0)), nil)
	case "mkdirat":
		d.name(d.path(arg(0), arg(1)), nil)
	case "fcntl":
	default:
		for _, i := range []int{0, 2} {
			if f := d.files[number(i)]; f != nil && f.file != nil && arg(i) == strconv.FormatInt(number(i), 10) {
				return fmt.Errorf("%s of a file of the hub: the recording can't tell what it does", c.name)
			}
		}
	}
	return nil
}

// path is where a name leads, "" outside of the root.
func (d *disk) path(folder, arg string) string {
	p := string(text(arg))
	if !filepath.IsAbs(p) {
		n, err := strconv.ParseInt(folder, 10, 64)
		if f := d.files[n]; err == nil && f != nil {
			p = filepath.Join(f.path, p)
		}
	}
	if p != d.root && !strings.HasPrefix(p, d.root+"/") {
		return ""
	}
	return filepath.Clean(p)
}

func (d *disk) open(path, flags string, fd int64) {
	delete(d.files, fd)
	if path == "" {
		return
	}
	h := &handle{path: path, atEnd: strings.Contains(flags, "O_APPEND"), synced: strings.Contains(flags, "SYNC")}
	f, ok := d.names[path]
	switch {
	case ok:
		h.file = f
	case strings.Contains(flags, "O_CREAT"):
		h.file = &content{fresh: true}
		d.name(path, h.file)
	}
	if h.file != nil && strings.Contains(flags, "O_TRUNC") {
		h.file.resize(0)
	}
	d.files[fd] = h
}

func (d *disk) name(path string, f *content) {
	if path != "" {
		d.names[path] = f
		d.moves = append(d.moves, move{to: path, file: f})
	}
}

// link gives a file a second name.
func (d *disk) link(from, to string) {
	if f := d.names[from]; f != nil {
		d.name(to, f)
	}
}

func (d *disk) rename(from, to string) {
	if from == "" || to == "" {
		return
	}
	d.moves = append(d.moves, move{from: from, to: to})
	rename(d.names, from, to)
}

func (d *disk) remove(path string) {
	if path == "" {
		return
	}
	d.moves = append(d.moves, move{from: path})
	delete(d.names, path)
}

func rename(names map[string]*content, from, to string) {
	for path, f := range maps.Clone(names) {
		if path == from || strings.HasPrefix(path, from+"/") {
			delete(names, path)
			names[to+strings.TrimPrefix(path, from)] = f
		}
	}
}

func (m move) on(names map[string]*content) {
	switch {
	case m.from == "":
		names[m.to] = m.file
	case m.to == "":
		delete(names, m.from)
	default:
		rename(names, m.from, m.to)
	}
}

func (d *disk) write(h *handle, at int64, data []byte) {
	f := h.file
	d.whole += int64(len(data))
	f.since = append(f.since, change{at, data})
	if end := at + int64(len(data)); end > f.size {
		f.size, f.fresh = end, true
	}
	if h.synced {
		f.sure = len(f.since)
		d.sync(h, true)
	}
}

func (f *content) resize(size int64) {
	f.since = append(f.since, change{at: size})
	f.size, f.fresh = size, true
}

// sync puts a file on disk, and with it all that happened to names before, as a journal
// does. Where neither name nor size of the file changed, its bytes alone are written.
func (d *disk) sync(h *handle, whole bool) {
	if h == nil {
		return
	}
	d.syncs++
	if f := h.file; f != nil {
		for _, c := range f.since[:f.sure] {
			f.kept = c.on(f.kept)
		}
		f.since = slices.Clone(f.since[f.sure:])
		f.sure = 0
		if !whole && !f.fresh {
			return
		}
		f.fresh = false
	}
	for _, m := range d.moves {
		m.on(d.kept)
	}
	d.moves = nil
}

func (c change) on(data []byte) []byte {
	if c.data == nil {
		if int64(len(data)) > c.at {
			return data[:c.at:c.at]
		}
		return append(data, make([]byte, c.at-int64(len(data)))...)
	}
	if end := c.at + int64(len(c.data)); int64(len(data)) < end {
		data = append(data, make([]byte, end-int64(len(data)))...)
	}
	copy(data[c.at:], c.data)
	return data
}

// sector is what a disk writes whole or not at all.
const sector512 = 512

// after is what is left of a file: of what wasn't synced nothing, all, or of some writes
// some sectors.
func (f *content) after(dice *rand.Rand) []byte {
	data := slices.Clone(f.kept)
	how := dice.IntN(4)
	for i, c := range f.since {
		switch {
		case how == 0:
			return data
		case how == 2 && i == len(f.since)-1, how == 3 && dice.IntN(2) == 0:
			c = c.torn(dice)
		case how == 3 && dice.IntN(3) == 0:
			continue
		}
		data = c.on(data)
	}
	return data
}

// torn is a write of which the last sectors are missing.
func (c change) torn(dice *rand.Rand) change {
	if len(c.data) == 0 {
		return c
	}
	end := (c.at + dice.Int64N(int64(len(c.data)))) / sector512 * sector512
	if end <= c.at {
		return change{at: c.at, data: []byte{}}
	}
	return change{c.at, c.data[:end-c.at]}
}

// cut writes what a cut of power leaves to a folder.
func (d *disk) cut(dice *rand.Rand, to string) error {
	names := maps.Clone(d.kept)
	for _, m := range d.moves[:dice.IntN(len(d.moves)+1)] {
		m.on(names)
	}
	for _, path := range slices.Sorted(maps.Keys(names)) {
		place := filepath.Join(to, strings.TrimPrefix(path, d.root))
		var err error
		if f := names[path]; f == nil {
			err = os.MkdirAll(place, 0o700)
		} else if err = os.MkdirAll(filepath.Dir(place), 0o700); err == nil {
			err = os.WriteFile(place, f.after(dice), 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
