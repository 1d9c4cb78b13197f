package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are what the scripts need besides testscript's own.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"await":      await,
	"eventually": eventually,
	"exits":      exits,
	"http":       request,
	"json":       checkJSON,
	"field":      field,
	"varied":     varied,
	"after":      after,
	"mode":       mode,
	"teaches":    teaches,
	"narrow":     narrow,
	"person":     person,
	"start":      start,
	"stop":       stop,
	"invented":   invented,
}

// patience is how long something is waited for before the script fails: far longer
// than anything takes, for a slow machine with the race detector.
const patience = 90 * time.Second

// poll asks until done says so.
func poll(ts *testscript.TestScript, what string, done func() bool) {
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		if time.Now().After(deadline) {
			ts.Fatalf("waited in vain for %s", what)
		}
		<-tick.C
	}
}

func want(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

// await FILE REGEXP [VARIABLE...] waits until the file matches and sets variables
// to the groups of the expression.
func await(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "await FILE REGEXP [VARIABLE...]")
	re := regexp.MustCompile("(?m)" + args[1])
	var found []string
	poll(ts, args[0]+" to match "+args[1], func() bool {
		if args[0] == "stdout" || args[0] == "stderr" {
			found = re.FindStringSubmatch(ts.ReadFile(args[0]))
			if found == nil {
				ts.Fatalf("%s doesn't match %s:\n%s", args[0], args[1], ts.ReadFile(args[0]))
			}
			return true
		}
		data, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil {
			found = re.FindStringSubmatch(string(data))
		}
		return found != nil
	})
	for i, name := range args[2:] {
		ts.Setenv(name, found[i+1])
	}
}

// eventually REGEXP PROGRAM ARGUMENT... runs the program again and again until it
// ends well and its output matches.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "eventually REGEXP PROGRAM ARGUMENT...")
	re := regexp.MustCompile("(?m)" + args[0])
	var out []byte
	poll(ts, strings.Join(args[1:], " ")+" to print "+args[0], func() bool {
		var err error
		out, err = command(ts, args[1:]).Output()
		return err == nil && re.Match(out)
	})
	_, err := ts.Stdout().Write(out)
	ts.Check(err)
}

// command is a command of ours in the script's folder and environment.
func command(ts *testscript.TestScript, args []string) *exec.Cmd {
	c := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
	c.Dir = ts.MkAbs(".")
	for _, name := range environment {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	return c
}

// environment is what such a command gets of the script's.
var environment = []string{"PATH", "LANG", "TMPDIR", "HOME", "ISAC_API", "ISAC_TOKEN", "ISAC_TOKEN_FILE", "ISAC_CREDS", "ISAC_KEY"}

// exits CODE PROGRAM ARGUMENT... wants exactly this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "exits CODE PROGRAM ARGUMENT...")
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// http METHOD URL TOKEN STATUS [BODY] asks with a bearer token ("" for none) and
// wants a status; the answer is the standard output.
func request(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && (len(args) == 4 || len(args) == 5), "http METHOD URL TOKEN STATUS [BODY]")
	body := ""
	if len(args) == 5 {
		body = args[4]
	}
	r, err := http.NewRequest(args[0], args[1], strings.NewReader(body))
	ts.Check(err)
	if args[2] != "" {
		r.Header.Set("Authorization", "Bearer "+args[2])
	}
	w, err := (&http.Client{Timeout: patience}).Do(r)
	ts.Check(err)
	defer w.Body.Close()
	data, err := io.ReadAll(io.LimitReader(w.Body, 16<<20))
	ts.Check(err)
	_, err = ts.Stdout().Write(data)
	ts.Check(err)
	if strconv.Itoa(w.StatusCode) != args[3] {
		ts.Fatalf("status %d, want %s:\n%.2000s", w.StatusCode, args[3], data)
	}
}

// checkJSON FILE wants one or more JSON values; json FILE PATH VALUE wants a value
// at a path such as stages.0.state or alerts.len.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && (len(args) == 1 || len(args) == 3), "json FILE [PATH VALUE]")
	values := decoded(ts, args[0])
	if len(args) == 1 {
		return
	}
	got := at(ts, values[0], args[1])
	if len(got) != 1 || got[0] != args[2] {
		ts.Fatalf("%s of %s is %q, want %q", args[1], args[0], got, args[2])
	}
}

// field VARIABLE FILE PATH sets a variable to a value of a JSON file.
func field(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "field VARIABLE FILE PATH")
	got := at(ts, decoded(ts, args[1])[0], args[2])
	if len(got) != 1 {
		ts.Fatalf("%s of %s has %d values", args[2], args[1], len(got))
	}
	ts.Setenv(args[0], got[0])
}

// varied FILE PATH LEAST wants at least so many different values at a path with a
// *, alerts.*.title.en.
func varied(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "varied FILE PATH LEAST")
	got := at(ts, decoded(ts, args[0])[0], args[1])
	slices.Sort(got)
	got = slices.Compact(got)
	least, err := strconv.Atoi(args[2])
	ts.Check(err)
	if len(got) < least {
		ts.Fatalf("%d different values, want %s: %q", len(got), args[2], got)
	}
}

func decoded(ts *testscript.TestScript, file string) []any {
	var out []any
	d := json.NewDecoder(strings.NewReader(ts.ReadFile(file)))
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			ts.Fatalf("%s isn't JSON: %v", file, err)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		ts.Fatalf("%s is empty, no JSON", file)
	}
	return out
}

// at returns the values at a path, as text.
func at(ts *testscript.TestScript, v any, path string) []string {
	name, rest, more := strings.Cut(path, ".")
	switch x := v.(type) {
	case map[string]any:
		inner, ok := x[name]
		if !ok {
			ts.Fatalf("there is no %s", name)
		}
		if more {
			return at(ts, inner, rest)
		}
		return []string{text(inner)}
	case []any:
		return inList(ts, x, name, rest, more)
	}
	ts.Fatalf("%s leads nowhere", path)
	return nil
}

func inList(ts *testscript.TestScript, list []any, name, rest string, more bool) []string {
	if name == "len" {
		return []string{strconv.Itoa(len(list))}
	}
	if name != "*" {
		i, err := strconv.Atoi(name)
		ts.Check(err)
		if i >= len(list) {
			ts.Fatalf("the list has only %d elements", len(list))
		}
		list = list[i : i+1]
	}
	var out []string
	for _, v := range list {
		if more {
			out = append(out, at(ts, v, rest)...)
		} else {
			out = append(out, text(v))
		}
	}
	return out
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	data, _ := json.Marshal(v)
	return string(data)
}

// after FILE REGEXP OUT writes what stands after the first match.
func after(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "after FILE REGEXP OUT")
	whole := ts.ReadFile(args[0])
	found := regexp.MustCompile("(?m)" + args[1]).FindStringIndex(whole)
	if found == nil {
		ts.Fatalf("%s doesn't match %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(whole[found[1]:]), 0o600))
}

// mode FILE OCTAL wants these permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "mode FILE OCTAL")
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, want %s", args[0], got, args[1])
	}
}

// process is a program that runs beside the script.
type process struct {
	cmd  *exec.Cmd
	done chan error
}

type processes struct{} // the key of a script's processes

// start NAME PROGRAM ARGUMENT... starts a program; NAME.out and NAME.err get what
// it prints, as it prints it.
func start(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 2, "start NAME PROGRAM ARGUMENT...")
	c := command(ts, args[1:])
	out, err := os.Create(ts.MkAbs(args[0] + ".out"))
	ts.Check(err)
	errs, err := os.Create(ts.MkAbs(args[0] + ".err"))
	ts.Check(err)
	c.Stdout, c.Stderr = out, errs
	ts.Check(c.Start())
	p := &process{cmd: c, done: make(chan error, 1)}
	go func() {
		p.done <- errors.Join(c.Wait(), out.Close(), errs.Close())
		close(p.done)
	}()
	ts.Value(processes{}).(map[string]*process)[args[0]] = p
	ts.Defer(func() {
		_ = c.Process.Kill() // ended long ago where the script stopped it
		<-p.done
	})
}

// stop NAME [CODE] interrupts a program, as Ctrl-C does, and wants its exit code: 0
// if none is given.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && (len(args) == 1 || len(args) == 2), "stop NAME [CODE]")
	p := ts.Value(processes{}).(map[string]*process)[args[0]]
	want(ts, p != nil, "stop NAME, of a program that was started")
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	select {
	case <-p.done:
	case <-time.After(patience):
		ts.Fatalf("%s doesn't end", args[0])
	}
	code := append(args, "0")[1]
	if got := strconv.Itoa(p.cmd.ProcessState.ExitCode()); got != code {
		ts.Fatalf("%s ended with %s, want %s:\n%s", args[0], got, code, tail(ts.ReadFile(args[0]+".err"), 2000))
	}
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// person NAME ORG ROLES makes a key NAME.key, puts the person on the roster of the
// folder hub, writes the token to NAME.token, and sets NAME to the person's id.
func person(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 3, "person NAME ORG ROLES")
	ts.Check(ts.Exec("isac", "key", "new", args[0]+".key", "--json"))
	key := at(ts, decoded(ts, "stdout")[0], "public")[0]
	ts.Check(ts.Exec("isacd", "person", "add", args[1], "--roles", args[2], "--key", key, "--data", "hub", "--json"))
	reply := decoded(ts, "stdout")[0]
	ts.Setenv(args[0], at(ts, reply, "person")[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".token"), []byte(at(ts, reply, "token")[0]+"\n"), 0o600))
}

// teaches PROGRAM [COMMAND...] wants help in both languages: what it is, at least
// one example that begins with the program's name, options, and exit codes.
func teaches(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) >= 1, "teaches PROGRAM [COMMAND...]")
	var pages [][]byte
	for _, lang := range []string{"ja_JP.UTF-8", "en_US.UTF-8"} {
		ts.Setenv("LANG", lang)
		ts.Check(ts.Exec(args[0], append(slices.Clone(args[1:]), "--help")...))
		page := ts.ReadFile("stdout")
		for what, expression := range map[string]string{
			"first line": "^" + strings.Join(args, " "),
			"example":    "(?m)^  " + args[0] + " ",
			"exit codes": "(終了コード|Exit codes)",
		} {
			if !regexp.MustCompile(expression).MatchString(page) {
				ts.Fatalf("%s: the help in %s has no %s:\n%s", strings.Join(args, " "), lang, what, page)
			}
		}
		for _, line := range strings.Split(page, "\n") {
			if width(line) > 100 {
				ts.Fatalf("%s: a line of the help in %s is wider than a terminal: %s", strings.Join(args, " "), lang, line)
			}
		}
		pages = append(pages, []byte(page))
	}
	if bytes.Equal(pages[0], pages[1]) {
		ts.Fatalf("%s: one help for both languages", strings.Join(args, " "))
	}
}

// narrow FILE COLUMNS FROM TO wants no line between two that match to be wider.
func narrow(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 4, "narrow FILE COLUMNS FROM TO")
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	_, rest, ok := strings.Cut(ts.ReadFile(args[0]), find(ts, args[0], args[2]))
	part, _, end := strings.Cut(rest, find(ts, args[0], args[3]))
	if !ok || !end {
		ts.Fatalf("%s has no such part", args[0])
	}
	for _, line := range strings.Split(part, "\n")[1:] {
		if width(line) > most {
			ts.Fatalf("%d columns: %s", width(line), line)
		}
	}
}

// find returns the first match in a file.
func find(ts *testscript.TestScript, file, expression string) string {
	found := regexp.MustCompile("(?m)" + expression).FindString(ts.ReadFile(file))
	if found == "" {
		ts.Fatalf("%s doesn't match %s", file, expression)
	}
	return found
}

// width counts columns; what isn't ASCII takes two.
func width(line string) int {
	n := 0
	for _, r := range line {
		n++
		if r > 0x2e7f {
			n++
		}
	}
	return n
}
