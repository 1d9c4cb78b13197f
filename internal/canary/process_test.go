package canary_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/canary"
)

// buildFlags are those the tests themselves were built with.
var buildFlags []string

// build makes a real command.
func build(t *testing.T, name string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), name)
	c := exec.Command("go", append(append([]string{"build", "-o", bin}, buildFlags...), "isac/cmd/"+name)...)
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, text)
	}
	return bin
}

// process is the hub as its operator runs it.
type process struct {
	t           *testing.T
	isacd, isac string
	dir         string // data, temporary files and outputs lie below
	env         []string
	hub         *exec.Cmd
	url         string
}

func (p *process) file(name string) string { return filepath.Join(p.dir, name) }

// run runs a command to its end and returns what it printed.
func (p *process) run(bin string, args ...string) (string, error) {
	p.t.Helper()
	c := exec.CommandContext(p.t.Context(), bin, args...)
	c.Env = p.env
	text, err := c.CombinedOutput()
	return string(text), err
}

func (p *process) must(bin string, args ...string) string {
	p.t.Helper()
	text, err := p.run(bin, args...)
	if err != nil {
		p.t.Fatalf("%s %s: %v\n%s", filepath.Base(bin), args[0], err, text)
	}
	return text
}

// serve starts the hub and waits for it to say where it is.
func (p *process) serve() {
	p.t.Helper()
	config := p.file("isac.toml")
	text := "data = '" + p.file("data") + "'\nlisten = '127.0.0.1:0'\nnats_listen = '127.0.0.1:0'\nmetrics = '127.0.0.1:0'\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	errs, err := os.Create(p.file("stderr"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.hub = exec.Command(p.isacd, "serve", "--config", config, "--lang", "en")
	p.hub.Env, p.hub.Stderr = p.env, errs
	out, err := p.hub.StdoutPipe()
	if err == nil {
		err = p.hub.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = p.hub.Process.Kill(); _ = p.hub.Wait(); _ = errs.Close() })
	for s := bufio.NewScanner(out); p.url == "" && s.Scan(); {
		for _, word := range strings.Fields(s.Text()) {
			if strings.HasPrefix(word, "http://") && p.url == "" {
				p.url = strings.Trim(word, ",.;")
			}
		}
	}
	if p.url == "" {
		p.t.Fatal("the hub doesn't say where it is")
	}
}

// send reports as the member's client, and wants the hub to take it.
func (p *process) send(name string, data []byte) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		p.t.Fatal(err)
	}
	text, err := p.run(p.isac, "report", file, "--creds", filepath.Join(p.dir, "out", "member.creds"), "--lang", "en")
	if err != nil {
		p.t.Logf("isac report %s: %v: %.300s", name, err, text)
	}
}

// TestProcessKeepsSilence runs the real commands: what the hub's process prints, keeps
// and leaves behind names nobody.
func TestProcessKeepsSilence(t *testing.T) {
	p := &process{t: t, isacd: build(t, "isacd"), isac: build(t, "isac"), dir: t.TempDir()}
	for _, folder := range []string{"tmp", "out"} {
		if err := os.Mkdir(p.file(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p.env = append(os.Environ(), "TMPDIR="+p.file("tmp"), "SQLITE_TMPDIR="+p.file("tmp"))
	list, err := register.New(synthetic.Register(20, 77))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	sector := filepath.Join(t.TempDir(), "sector.csv")
	if err := os.WriteFile(sector, csv.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	victim := list.Members()[0]
	p.must(p.isacd, "member", "import", sector, "--data", p.file("data"))
	p.serve()
	p.must(p.isacd, "member", "credentials", victim.ID, "--data", p.file("data"), "--out", filepath.Join(p.dir, "out", "member.creds"))
	for name, data := range map[string][]byte{
		"rich.json": rich(t, victim, "process", "1"), "thin.json": thin(t, victim, "process thin"), "broken.json": broken(t, victim, "process broken"),
		"text.json": []byte(told(victim)), "sealed.json": []byte("age-encryption.org/v1\n" + told(victim)),
	} {
		p.send(name, data)
	}
	p.knock(victim)
	if err := p.hub.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.hub.Wait(); err != nil {
		t.Errorf("the hub ended with %v", err)
	}
	s := canary.New(append(names(victim), victim.ID)...)
	left := append(files(t, p.file("data")), files(t, p.file("tmp"))...)
	left = append(left, blob{where: "standard error", data: read(t, p.file("stderr"))})
	if !bytes.Contains(left[len(left)-1].data, []byte(`"what":"draft","class":"ok"`)) {
		t.Errorf("nothing was drafted: the test shows nothing; the log:\n%.2000s", left[len(left)-1].data)
	}
	search(t, s, left, func(b blob, _ canary.Hit) bool { return inList(b) })
	search(t, canary.New(planted...), left, nil)
}

// knock asks wrongly over HTTP, names in every part.
func (p *process) knock(victim hub.Organisation) {
	p.t.Helper()
	for _, name := range append([]string{victim.NameJA}, planted...) {
		for _, path := range []string{"/" + url.PathEscape(name), "/api/v1/alerts?" + url.QueryEscape(name) + "=1", "/api/v1/cases/" + url.PathEscape(name), "/%zz" + url.PathEscape(name)} {
			r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url, strings.NewReader(name))
			if err != nil {
				p.t.Fatal(err)
			}
			r.URL.Opaque = path
			r.Header.Set("Authorization", "Bearer "+url.QueryEscape(name))
			w, err := http.DefaultClient.Do(r)
			if err != nil {
				p.t.Fatal(err)
			}
			if lies([]string{name}, []blob{{data: readAll(p.t, w)}}) {
				p.t.Errorf("the answer to %s repeats a name", firstParts(path))
			}
		}
	}
}

func readAll(t *testing.T, w *http.Response) []byte {
	t.Helper()
	defer w.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(w.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
