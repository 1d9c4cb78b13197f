package node_test

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"isac/hub/profile"
	"isac/internal/hubtest"
	"isac/internal/node"
	"isac/internal/validation"
)

// A member's address in a log would tell when it came. What fails before there is a
// request is logged by net/http itself.
func TestNoLogNamesACallersAddress(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	v, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	own, standard := new(hubtest.Log), new(hubtest.Log)
	log.SetOutput(standard)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	n, err := node.Start(t.Context(), node.Config{
		Dir: t.TempDir(), Listen: "127.0.0.1:0", TLS: config, CA: ca, Profile: profile.HealthcareJP(), Validator: v,
		Log: slog.New(slog.NewTextHandler(own, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	conn, err := net.Dial("tcp", strings.TrimPrefix(n.BaseURL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(bytes.Repeat([]byte("no handshake "), 10)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, conn) // until the hub hangs up
	end := time.Now().Add(10 * time.Second)
	for !strings.Contains(own.String(), "connection failed") && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
	if !strings.Contains(own.String(), "connection failed") {
		t.Error("the failure isn't logged: the test shows nothing")
	}
	if text := own.String() + standard.String(); strings.Contains(text, conn.LocalAddr().String()) {
		t.Errorf("a log names the caller: %s", text)
	}
}
