package faults_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/admin"
	"isac/internal/member"
)

var built struct {
	once   sync.Once
	folder string
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// isacd returns the path of the command, built at the first call.
func isacd(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		built.folder, built.err = os.MkdirTemp("", "isacd")
		if built.err != nil {
			return
		}
		args := append([]string{"build", "-o", built.folder}, buildFlags...)
		out, err := exec.Command("go", append(args, "isac/cmd/isacd")...).CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("building isacd: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "isacd")
}

// run runs the command to its end and returns its exit code and what it printed.
func run(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	return finish(t, exec.Command(isacd(t), args...))
}

func finish(t *testing.T, c *exec.Cmd) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	watchdog := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer watchdog.Stop()
	err := c.Run()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// site is a data folder with its settings file and fixed ports.
type site struct {
	data, config, http, nats string
}

// newSite picks ports and writes settings with quick clocks. Data is a folder that
// needn't exist yet; "" makes one. Clocks are further changes of the profile, old and
// new in turn.
func newSite(t *testing.T, data string, clocks ...string) site {
	t.Helper()
	dir := t.TempDir()
	if data == "" {
		data = filepath.Join(dir, "data")
	}
	s := site{data: data, config: filepath.Join(dir, "isac.toml"), http: freePort(t), nats: freePort(t)}
	text, err := os.ReadFile("../../hub/profile/healthcare-jp.toml")
	if err != nil {
		t.Fatal(err)
	}
	quick := strings.NewReplacer(append(clocks, `release_jitter = "4h"`, `release_jitter = "0s"`, `slots = ["10:00", "16:00"]`, `slots = []`)...)
	profile := filepath.Join(dir, "profile.toml")
	write(t, profile, quick.Replace(string(text)))
	write(t, s.config, fmt.Sprintf("data = %q\nlisten = %q\nnats_listen = %q\nprofile = %q\n", s.data, s.http, s.nats, profile))
	return s
}

// set adds lines to the settings.
func (s site) set(t *testing.T, format string, args ...any) {
	t.Helper()
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.config, string(text)+fmt.Sprintf(format, args...))
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// freePort returns a loopback address that nobody listens on now. It lies below the
// ports that the system gives to clients: one that dials a hub that is down could
// be given the hub's own port.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000))
		l, err := net.Listen("tcp", addr)
		if err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no free port")
	return ""
}

// sector writes a list of n invented members to a file.
func sector(t *testing.T, n int) (file string, members []hub.Organisation) {
	t.Helper()
	list, err := register.New(synthetic.Register(n, 77))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "sector.csv")
	write(t, file, csv.String())
	return file, list.Members()
}

// process is a running isacd serve.
type process struct {
	cmd  *exec.Cmd
	dir  string // the data folder as this process sees it
	out  output
	done chan struct{}
}

// output collects what a process prints, and tells when it says a word.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// launch starts the hub without waiting for it; c runs "isacd serve" in some way.
func launch(t *testing.T, c *exec.Cmd, dir string) *process {
	t.Helper()
	p := &process{cmd: c, dir: dir, done: make(chan struct{})}
	c.Stdout, c.Stderr = &p.out, &p.out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = c.Wait()
		close(p.done)
	}()
	t.Cleanup(p.kill)
	return p
}

func (s site) serve(t *testing.T) *exec.Cmd {
	return exec.Command(isacd(t), "serve", "--config", s.config, "--lang", "en")
}

// start starts the hub and waits until it serves.
func (s site) start(t *testing.T) *process {
	t.Helper()
	p := launch(t, s.serve(t), s.data)
	p.ready(t)
	return p
}

// ready waits until the hub says that it serves.
func (p *process) ready(t *testing.T) {
	t.Helper()
	poll(t, "a serving hub", func() bool {
		select {
		case <-p.done:
			t.Fatalf("the hub ended:\n%s", p.out.String())
		default:
		}
		return strings.Contains(p.out.String(), "Serving.")
	})
}

// kill ends the hub as a loss of power would end it, and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// stop ends the hub as its operator does, and wants a clean end.
func (p *process) stop(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		t.Fatal("the hub didn't end within 30 s")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the hub ended with %d:\n%s", code, p.out.String())
	}
}

// ask asks the running hub as its operator.
func (p *process) ask(t *testing.T, q admin.Request) admin.Reply {
	t.Helper()
	reply, err := admin.Ask(context.Background(), p.dir, q)
	if err != nil {
		t.Fatalf("%s: %v", q.Op, err)
	}
	return reply
}

// list gives the hub a sector list.
func (p *process) list(t *testing.T, n int) []hub.Organisation {
	t.Helper()
	file, members := sector(t, n)
	csv, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.ask(t, admin.Request{Op: "import", CSV: csv})
	return members
}

// dial connects as a member with new credentials.
func (p *process) dial(t *testing.T, id string, opts ...nats.Option) *member.Conn {
	t.Helper()
	file := filepath.Join(t.TempDir(), "member.creds")
	write(t, file, string(p.ask(t, admin.Request{Op: "credentials", ID: id}).Credentials))
	c, err := member.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := c.Dial("", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// patience is when something has failed that is waited for: a hub that has reports to make
// good needs minutes on a busy machine with the race detector.
const patience = 5 * time.Minute

// poll waits until done says so.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	end := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
		<-tick.C
	}
}
