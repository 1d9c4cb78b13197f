// Package memory says how much memory a hub needs and how much it may have, so that a hub
// that won't fit says so when it starts, in words, and isn't killed by the kernel in the
// middle of a case.
//
// What it may have is the least of GOMEMLIMIT, the limits of the control groups that it is
// in (version 1 and 2), and the machine's memory. A limit of address space (ulimit -v)
// isn't looked at: Go reserves far more of that than it uses. What it needs was measured, at lists of
// several sizes. The package trusts the kernel and the environment.
//
//	memory.Keep()
//	if memory.Needed(list.Len()) > memory.Bound() { … }
package memory

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"

	"isac/internal/keep"
)

// Bound is the most memory that this process may have, in bytes; 0 where nothing says.
func Bound() int64 {
	return least(asked(), grouped(os.DirFS("/")), machine())
}

// beside is what a hub has resident that Go doesn't count: the program itself, and SQLite.
const beside = 64 << 20

// Keep tells Go to stay so far below the limit of the control groups that the rest has
// room, unless GOMEMLIMIT says something else. Go then collects garbage more often where
// memory is short.
func Keep() {
	limit := grouped(os.DirFS("/"))
	if limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(max(limit-beside, limit/2))
	}
}

// asked is what GOMEMLIMIT says, 0 without it.
func asked() int64 {
	limit := os.Getenv("GOMEMLIMIT")
	if limit == "" || limit == "off" {
		return 0
	}
	return debug.SetMemoryLimit(-1) // as Go has read it
}

// least is the lowest of the limits that there are.
func least(limits ...int64) int64 {
	var out int64
	for _, l := range limits {
		if l > 0 && (out == 0 || l < out) {
			out = l
		}
	}
	return out
}

// Note is what a hub needed and could have when it last looked.
type Note struct {
	Needed int64 `json:"needed"` // bytes
	Bound  int64 `json:"bound"`  // bytes
}

// file is where a data folder has the note.
const file = "memory.json"

// Write notes it in a data folder, unless it stands there already.
func (n Note) Write(dir string) error {
	if Noted(dir) == n {
		return nil
	}
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return keep.Replace(filepath.Join(dir, file), data)
}

// Noted is the note in a data folder, zero where there is none.
func Noted(dir string) Note {
	var n Note
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil || json.Unmarshal(data, &n) != nil {
		return Note{}
	}
	return n
}
