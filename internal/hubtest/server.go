package hubtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// NATSServer starts a server of its own from the configuration that the hub gave out
// (natsbus.ServerConfig). Its accounts and streams lie in folder.
func NATSServer(t testing.TB, config, folder string) *server.Server {
	t.Helper()
	s, o := natsServer(t, placed(config, folder))
	if !o.SyncAlways {
		t.Error("the external server doesn't sync every write")
	}
	return s
}

// placed is a configuration for a server on this machine alone.
func placed(config, folder string) string {
	return strings.NewReplacer(`"0.0.0.0:4222"`, `"127.0.0.1:-1"`, `dir: "jwt"`, "dir: "+quote(folder, "jwt"), `store_dir: "streams"`, "store_dir: "+quote(folder, "streams")).Replace(config)
}

// Server keeps a hub's log, and can be down for a while.
type Server struct {
	*server.Server
	t      testing.TB
	config string
}

func startServer(t testing.TB, config string) *Server {
	t.Helper()
	config = placed(config, t.TempDir())
	s, _ := natsServer(t, config)
	return &Server{s, t, strings.Replace(config, `"127.0.0.1:-1"`, strconv.Quote(s.Addr().String()), 1)}
}

// Down ends the server; what it has answered for it keeps.
func (s *Server) Down() {
	s.Shutdown()
	s.WaitForShutdown()
}

// Up starts it anew.
func (s *Server) Up() {
	s.t.Helper()
	s.Server, _ = natsServer(s.t, s.config)
}

// PlainNATSServer starts a server that isn't the hub's, from a configuration as it is.
func PlainNATSServer(t testing.TB, config string) *server.Server {
	t.Helper()
	s, _ := natsServer(t, config)
	return s
}

func natsServer(t testing.TB, config string) (*server.Server, *server.Options) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatalf("the server can't read its configuration: %v\n%s", err, config)
	}
	o.NoSigs, o.NoLog = true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server isn't ready")
	}
	return s, o
}

func quote(folder, name string) string { return `"` + filepath.Join(folder, name) + `"` }
