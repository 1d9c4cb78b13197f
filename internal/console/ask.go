package console

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Terminal reports whether a person sits at f.
func Terminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Confirm asks a yes-or-no question and waits for the answer; anything but yes is
// no. Where nobody sits at the terminal it is an error of usage.
func (e *Env) Confirm(question string, args ...string) (bool, error) {
	if !Terminal(e.In) {
		return false, Usage("console.needs-yes", e.program+" "+e.command)
	}
	fmt.Fprint(e.Err, e.Text(question, args...), " ", e.Text("console.yes-or-no"), " ")
	switch strings.ToLower(strings.TrimSpace(readLine(e.In))) {
	case "y", "yes", "はい":
		return true, nil
	}
	return false, nil
}

// readLine reads up to a line break and no further.
func readLine(in io.Reader) string {
	var line []byte
	var b [1]byte
	for len(line) < 1024 {
		n, err := in.Read(b[:])
		if n == 1 && b[0] == '\n' || err != nil {
			break
		}
		line = append(line, b[:n]...)
	}
	return string(line)
}

// Progress tells how far long work has come, on one line of a terminal and nowhere
// else. An empty key clears the line.
func (e *Env) Progress(key string, args ...string) {
	if !Terminal(e.Err) {
		return
	}
	text := ""
	if key != "" {
		text = e.Text(key, args...)
	}
	fmt.Fprint(e.Err, "\r\x1b[K"+text)
}
