package node_test

import (
	"bytes"
	"io"
	"log/slog"
	"testing"

	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/node"
	"isac/internal/validation"
)

// start runs a node with twenty members, for what a test says of how it listens; a new
// data folder where c has none.
func start(t *testing.T, c node.Config) (*node.Node, *register.Register) {
	t.Helper()
	v, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	c.Listen, c.Profile, c.Validator = "127.0.0.1:0", profile.HealthcareJP(), v
	c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	n, err := node.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	list, err := register.New(synthetic.Register(20, 5))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	if err := n.Roster.Import(t.Context(), csv.Bytes()); err != nil {
		t.Fatal(err)
	}
	return n, list
}
