package canary_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
)

// Two users who are nobody else on this machine.
const innerUser, outerUser = 64101, 64102

// halves is a hub that runs as two processes under two users.
type halves struct {
	*process
	victim       hub.Organisation
	inner, outer *exec.Cmd
	nats         string
	people       map[string]string // access tokens by name
}

// as makes a command another user's, in no group but its own and those given.
func as(c *exec.Cmd, user uint32, groups ...uint32) *exec.Cmd {
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user, Groups: groups}}
	return c
}

// asInner runs a command of the operator's.
func (h *halves) asInner(args ...string) string {
	h.t.Helper()
	text, err := as(exec.CommandContext(h.t.Context(), h.isacd, args...), innerUser).CombinedOutput()
	if err != nil {
		h.t.Fatalf("isacd %s: %v\n%s", args[0], err, text)
	}
	return string(text)
}

func (h *halves) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// prepare makes folders, settings and the sector list, each for whom it is.
func prepare(t *testing.T) *halves {
	t.Helper()
	dir, err := os.MkdirTemp("", "isac-parts-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	h := &halves{process: &process{t: t, dir: dir}, people: map[string]string{}}
	h.isacd, h.isac = h.file("isacd"), h.file("isac")
	for _, name := range []string{"isacd", "isac"} { // without the race detector, whose memory can't be read through
		text, err := exec.Command("go", "build", "-o", h.file(name), "isac/cmd/"+name).CombinedOutput()
		if err != nil {
			t.Fatalf("building %s: %v\n%s", name, err, text)
		}
	}
	list, err := register.New(synthetic.Register(60, 77))
	h.check(err)
	var csv bytes.Buffer
	h.check(list.Write(&csv))
	h.victim = list.Members()[0]
	profile := string(read(t, "../../hub/profile/healthcare-jp.toml"))
	profile = regexp.MustCompile(`(?m)^release_jitter.*`).ReplaceAllString(profile, `release_jitter = "0s"`)
	profile = regexp.MustCompile(`(?m)^slots.*`).ReplaceAllString(profile, `slots = []`)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	h.check(err)
	h.url = "http://" + free.Addr().String()
	h.check(free.Close())
	socket := h.file("run/inner")
	for name, text := range map[string]string{
		"sector.csv": csv.String(), "short.toml": profile,
		"inner.toml": fmt.Sprintf("part = 'inner'\nsocket = %q\npeer = '%d'\nbase_url = %q\ndata = %q\nnats_listen = '127.0.0.1:0'\nprofile = %q\n", socket, outerUser, h.url, h.file("inside"), h.file("short.toml")),
		"outer.toml": fmt.Sprintf("part = 'outer'\nsocket = %q\npeer = '%d'\nlisten = %q\ndata = %q\nprofile = %q\n", socket, innerUser, h.url[len("http://"):], h.file("outside"), h.file("short.toml")),
	} {
		h.check(os.WriteFile(h.file(name), []byte(text), 0o644))
	}
	for folder, owner := range map[string][3]int{"inside": {innerUser, innerUser, 0o700}, "outside": {outerUser, outerUser, 0o700}, "run": {innerUser, innerUser, 0o710}} {
		h.check(os.Mkdir(h.file(folder), 0o700))
		h.check(os.Chown(h.file(folder), owner[0], owner[1]))
		h.check(os.Chmod(h.file(folder), os.FileMode(owner[2])))
	}
	h.check(os.Chmod(dir, 0o711))
	return h
}

// part starts a part and returns it with the first line that it printed.
func (h *halves) part(name string, user uint32, groups ...uint32) (*exec.Cmd, string) {
	h.t.Helper()
	errs, err := os.OpenFile(h.file(name+".err"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	h.check(err)
	c := as(exec.Command(h.isacd, "serve", "--config", h.file(name+".toml"), "--lang", "en"), user, groups...)
	c.Dir, c.Stderr = "/", errs
	out, err := c.StdoutPipe()
	h.check(err)
	h.check(c.Start())
	h.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait(); _ = errs.Close() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		h.t.Fatalf("the %s part doesn't start: %s", name, read(h.t, h.file(name+".err")))
	}
	return c, line
}

func (h *halves) startInner() {
	h.t.Helper()
	var line string
	h.inner, line = h.part("inner", innerUser)
	h.nats = regexp.MustCompile(`nats://[0-9.:]+`).FindString(line)
}

func (h *halves) startOuter() {
	h.t.Helper()
	h.outer, _ = h.part("outer", outerUser, innerUser) // in the inner part's group, as isacd-outer.service is
}

// kill ends a part as a power cut would.
func (h *halves) kill(c *exec.Cmd) {
	h.t.Helper()
	h.check(c.Process.Kill())
	_ = c.Wait() // it says that it was killed
}

// get asks the outer part; with a name, as that person's program.
func (h *halves) get(name, path string) (int, []byte) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+path, nil)
	h.check(err)
	if name != "" {
		r.Header.Set("Authorization", "Bearer "+h.people[name])
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	h.check(err)
	return w.StatusCode, data
}

// until waits for an answer.
func (h *halves) until(what string, done func() bool) {
	h.t.Helper()
	end := time.Now().Add(time.Minute)
	for tick := time.NewTicker(50 * time.Millisecond); !done(); <-tick.C {
		if time.Now().After(end) {
			h.t.Fatalf("%s: not within a minute; the logs end:\n%.3000s\n%.3000s", what, read(h.t, h.file("inner.err")), read(h.t, h.file("outer.err")))
		}
	}
}

func (h *halves) ready() bool {
	status, _ := h.get("", "/readyz")
	return status == http.StatusOK
}

// person puts somebody with a key on the roster.
func (h *halves) person(name, org, roles string) string {
	h.t.Helper()
	var key struct{ Public string }
	h.check(json.Unmarshal([]byte(h.must(h.isac, "key", "new", h.file(name+".key"), "--json")), &key))
	var made struct{ Person, Token string }
	h.check(json.Unmarshal([]byte(h.asInner("person", "add", org, "--roles", roles, "--key", key.Public, "--data", h.file("inside"), "--json")), &made))
	h.people[name] = made.Token
	return made.Person
}

// client runs the client as somebody, against the outer part.
func (h *halves) client(name string, args ...string) (string, error) {
	h.t.Helper()
	h.env = append(os.Environ(), "ISAC_API="+h.url, "ISAC_TOKEN="+h.people[name], "LANG=en_US.UTF-8")
	return h.run(h.isac, args...)
}

// flash reports by NATS, lets everybody drawn approve by way of the outer part, and
// returns the id of the alert.
func (h *halves) flash() (id string) {
	h.t.Helper()
	creds := h.file("member.creds")
	text := h.asInner("member", "credentials", h.victim.ID, "--data", h.file("inside"), "--out", h.file("inside/member.creds"))
	h.check(os.Rename(h.file("inside/member.creds"), creds))
	h.check(os.Chown(creds, 0, 0))
	reporter := h.person("reporter", h.victim.ID, "reporter")
	terms := h.must(h.isac, "terms", "--member", h.victim.ID, "--mode", "standing", "--person", reporter, "--key", h.file("reporter.key"))
	h.check(os.WriteFile(h.file("terms.json"), []byte(terms), 0o644))
	h.asInner("terms", h.file("terms.json"), "--data", h.file("inside"))
	h.person("reader", "hub", "analyst")
	h.check(os.WriteFile(h.file("report.json"), rich(h.t, h.victim, "parts", "1"), 0o600))
	h.must(h.isac, "report", h.file("report.json"), "--creds", creds, "--nats", h.nats)
	review := regexp.MustCompile(`(?m)^([0-9a-f]{32})  Flash: under review`)
	h.until("an alert "+text, func() bool {
		for _, name := range []string{"one", "two", "three", "four"} {
			list, err := h.client(name, "review", "list")
			if found := review.FindStringSubmatch(list); err == nil && found != nil {
				_, _ = h.client(name, "review", "approve", found[1], "--key", h.file(name+".key"), "--yes", "--accept-thin", "--accept", "all") // one that has just changed is approved in the next round
			}
		}
		status, data := h.get("reader", "/api/v1/alerts")
		var list struct{ Alerts []struct{ ID string } }
		if status != http.StatusOK || json.Unmarshal(data, &list) != nil || len(list.Alerts) == 0 {
			return false
		}
		id = list.Alerts[0].ID
		return true
	})
	return id
}

// moderators puts four on the roster, no two of one operator or place.
func (h *halves) moderators() {
	h.t.Helper()
	list, err := register.New(synthetic.Register(60, 77))
	h.check(err)
	taken := map[string]bool{h.victim.Operator: true, h.victim.Municipality: true}
	names := []string{"one", "two", "three", "four"}
	for _, o := range list.Members() {
		if len(names) > 0 && !taken[o.Operator] && !taken[o.Municipality] {
			taken[o.Operator], taken[o.Municipality] = true, true
			h.person(names[0], o.ID, "moderator")
			names = names[1:]
		}
	}
}

// memory is what a process has written into its memory and has there.
func memory(t *testing.T, name string, pid int) []blob {
	t.Helper()
	maps := string(read(t, fmt.Sprintf("/proc/%d/maps", pid)))
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	var out []blob
	for line := range strings.Lines(maps) {
		var from, to uint64
		var rights string
		_, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(rights, "rw") {
			continue
		}
		data := make([]byte, to-from)
		n, _ := mem.ReadAt(data, int64(from)) // what went meanwhile is gone
		for _, used := range written(data[:n]) {
			out = append(out, blob{where: "memory of the " + name + " part", data: used})
		}
	}
	return out
}

// written are the runs of pages that something was written into.
func written(data []byte) (runs [][]byte) {
	var empty [4096]byte
	begun := 0
	for at := 0; at < len(data); at += len(empty) {
		if !bytes.Equal(data[at:min(at+len(empty), len(data))], empty[:min(len(empty), len(data)-at)]) {
			continue
		}
		if at > begun {
			runs = append(runs, data[begun:at])
		}
		begun = at + len(empty)
	}
	if begun < len(data) {
		runs = append(runs, data[begun:])
	}
	return runs
}

// secrets are the bytes of every key file of the inner part.
func (h *halves) secrets() map[string][]byte {
	h.t.Helper()
	out := map[string][]byte{}
	for _, folder := range []string{"keys", "nats"} {
		for _, b := range files(h.t, h.file("inside/"+folder)) {
			name, data, _ := bytes.Cut(b.data, []byte("\n"))
			if !strings.HasSuffix(string(name), ".jwt") && len(data) >= 16 {
				out[folder+"/"+string(name)] = bytes.TrimSpace(data)
			}
		}
	}
	if len(out) < 8 {
		h.t.Fatalf("only %d keys found", len(out))
	}
	return out
}
