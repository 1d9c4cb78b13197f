// Package cluster runs the NATS servers of a hub on this machine: the real program,
// three processes on loopback, each with the configuration that the hub gives out
// (isacd nats config) and a folder of its own. It is for tests and for trying what an
// operator would set up on three machines.
//
//	go run ./internal/cluster/three --data DIR --dir SERVERS   # prints the URL; until interrupted
//	isacd serve --data DIR --nats URL
//
// It trusts its folder, and kills no process but those it started.
//
//	c, err := cluster.Start(cluster.Options{Program: "nats-server", Data: data, Dir: dir})
//	defer c.Stop()
//	fmt.Println(c.URL())
package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"isac/internal/natsbus"
)

// Size is how many servers there are.
const Size = 3

// Options say what runs and where.
type Options struct {
	Program string // nats-server; see Build
	Data    string // the hub's data folder, whose accounts the servers know
	Dir     string // the servers' folders
	Ports   [Size]int
	Log     bool // the servers' logs go to Dir
}

// Cluster is three servers, each running or killed.
type Cluster struct {
	Servers [Size]*Server
}

// Server is one process.
type Server struct {
	Addr    string // "127.0.0.1:4222"
	Dir     string // its folder
	health  string // URL
	program string
	args    []string
	process *exec.Cmd
}

// Build makes the program nats-server from the module that the hub is built with.
func Build(folder string) (program string, err error) {
	program = filepath.Join(folder, "nats-server")
	out, err := exec.Command("go", "build", "-o", program, "github.com/nats-io/nats-server/v2").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building nats-server: %w: %s", err, out)
	}
	return program, nil
}

// Start starts three servers. They need some seconds to find together; a hub waits.
func Start(o Options) (*Cluster, error) {
	config, err := natsbus.ServerConfig(o.Data, natsbus.Listeners{})
	if err != nil {
		return nil, err
	}
	var routes [Size]int
	for i := range Size {
		routes[i], err = freePort()
		if err == nil && o.Ports[i] == 0 {
			o.Ports[i], err = freePort()
		}
		if err != nil {
			return nil, err
		}
	}
	c := new(Cluster)
	for i := range Size {
		c.Servers[i], err = o.server(i, config, routes)
		if err != nil {
			return nil, err
		}
	}
	for _, s := range c.Servers {
		err = s.Start()
		if err != nil {
			return nil, errors.Join(err, c.Stop())
		}
	}
	return c, nil
}

// server writes the folder of one server.
func (o Options) server(i int, config string, routes [Size]int) (*Server, error) {
	name := "n" + strconv.Itoa(i+1)
	dir := filepath.Join(o.Dir, name)
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("making a server's folder: %w", err)
	}
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Ports[i]))
	var others []string
	for j, port := range routes {
		if j != i {
			others = append(others, fmt.Sprintf(`"nats://127.0.0.1:%d"`, port))
		}
	}
	own := strings.NewReplacer(
		`listen: "0.0.0.0:4222"`, fmt.Sprintf("listen: %q", addr),
		`dir: "jwt"`, fmt.Sprintf("dir: %q", filepath.Join(dir, "jwt")),
		`store_dir: "streams"`, fmt.Sprintf("store_dir: %q", filepath.Join(dir, "streams")),
	).Replace(config)
	monitor, err := freePort()
	if err != nil {
		return nil, err
	}
	own += fmt.Sprintf("\nhttp: \"127.0.0.1:%d\"\nserver_name: %q\ncluster: { name: \"isac\", listen: \"127.0.0.1:%d\", routes: [ %s ] }\n", monitor, name, routes[i], strings.Join(others, ", "))
	if o.Log {
		own += fmt.Sprintf("log_file: %q\n", filepath.Join(dir, "log"))
	}
	file := filepath.Join(dir, "nats.conf")
	err = os.WriteFile(file, []byte(own), 0o600)
	if err != nil {
		return nil, fmt.Errorf("writing a server's configuration: %w", err)
	}
	return &Server{Addr: addr, Dir: dir, health: fmt.Sprintf("http://127.0.0.1:%d/healthz", monitor), program: o.Program, args: []string{"-c", file}}, nil
}

// freePort returns a port of loopback that nobody listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// URL names all servers, for the hub and for members.
func (c *Cluster) URL() string {
	var all []string
	for _, s := range c.Servers {
		all = append(all, "nats://"+s.Addr)
	}
	return strings.Join(all, ",")
}

// Stop ends what runs.
func (c *Cluster) Stop() error {
	var errs []error
	for _, s := range c.Servers {
		if s != nil && s.process != nil {
			errs = append(errs, s.Kill())
		}
	}
	return errors.Join(errs...)
}

// Start starts the process, and returns when it listens.
func (s *Server) Start() error {
	s.process = exec.Command(s.program, s.args...)
	err := s.process.Start()
	if err != nil {
		s.process = nil
		return fmt.Errorf("starting nats-server: %w", err)
	}
	end := time.Now().Add(30 * time.Second)
	for {
		c, err := net.DialTimeout("tcp", s.Addr, time.Second)
		if err == nil {
			return c.Close()
		}
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("starting nats-server: not listening after 30 s"), s.Kill())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Healthy tells whether the server has all that the others have.
func (s *Server) Healthy() bool {
	client := http.Client{Timeout: 5 * time.Second}
	r, err := client.Get(s.health)
	if err != nil {
		return false
	}
	return r.Body.Close() == nil && r.StatusCode == http.StatusOK
}

// Healthy tells whether all servers are.
func (c *Cluster) Healthy() bool {
	for _, s := range c.Servers {
		if s.process == nil || !s.Healthy() {
			return false
		}
	}
	return true
}

// Kill ends the process at once, as a power cut would.
func (s *Server) Kill() error {
	p := s.process
	s.process = nil
	err := p.Process.Kill()
	if err != nil {
		return fmt.Errorf("ending nats-server: %w", err)
	}
	_ = p.Wait() // says that it was killed
	return nil
}
