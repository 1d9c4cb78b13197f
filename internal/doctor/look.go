package doctor

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Look sees what can be seen of a data folder from outside: permissions, the disk, the clock.
func Look(dir string, now time.Time) Outside {
	var o Outside
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		o.NoFolder = true
		return o
	}
	o.walk(dir, now)
	var disk syscall.Statfs_t
	if syscall.Statfs(dir, &disk) == nil {
		o.Free, o.Size = disk.Bavail*uint64(disk.Bsize), disk.Blocks*uint64(disk.Bsize)
	}
	o.Unsynced = unkept()
	return o
}

// slack is how far ahead a file's date may be: file systems and clocks round.
const slack = time.Minute

// walk looks at whether others may read secrets, or enter the folders that hold them.
func (o *Outside) walk(dir string, now time.Time) {
	me := os.Geteuid()
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // files come and go while a hub runs
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		name, _ := filepath.Rel(dir, path)
		o.Next = o.Next || name == "keys/alert.next.key" || name == "keys/alert.next.pub"
		secret := name == "." || name == "keys" || name == "nats" || slices.Contains([]string{".key", ".age", ".nk", ".sock"}, filepath.Ext(name))
		if secret && info.Mode().Perm()&0o077 != 0 && info.Mode().Type() != fs.ModeSymlink {
			o.Open = append(o.Open, name)
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && me != 0 && int(s.Uid) != me {
			o.Foreign++
		}
		if info.ModTime().After(now.Add(slack)) {
			o.Future++
		}
		return nil
	})
}
