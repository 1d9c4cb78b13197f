package outlet_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/hubtest"
	"isac/internal/outlet"
	"isac/internal/webhook"
)

var alert = deliver.Entry{
	Alert:  hub.Alert{Number: 7, ID: `x"]\`, Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: hub.TLPGreen, Severity: hub.Critical, Published: time.Date(2026, 11, 27, 1, 2, 3, 4e6, time.UTC)},
	Bundle: []byte(`{"type":"bundle","objects":[{"type":"identity","name":"no"},{"type":"report","name":"病院への\n攻撃"}]}`),
}

const want = `<106>1 2026-11-27T01:02:03.004Z HOST isac - alert [isac@32473 number="7" id="x\"\]\\" kind="released" stage="flash" severity="critical" tlp="green"] ` + "\ufeff病院への 攻撃"

// one reads a file of one output. Addresses and files come in by name.
func one(t *testing.T, text string, args ...any) *outlet.Outlet {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outputs.toml")
	if err := os.WriteFile(file, fmt.Appendf(nil, text, args...), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := outlet.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	all[0].Pause = time.Millisecond
	return all[0]
}

func written(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func deliverOne(t *testing.T, o *outlet.Outlet) (failures int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := o.Deliver(ctx, alert, func(error) { failures++ }); err != nil {
		t.Fatal(err)
	}
	return failures
}

// message is the one message of a connection, by its counted frame.
func message(t *testing.T, c net.Conn) string {
	t.Helper()
	r := bufio.NewReader(c)
	count, err := r.ReadString(' ')
	if err != nil {
		return ""
	}
	n, err := strconv.Atoi(strings.TrimSpace(count))
	if err != nil {
		t.Errorf("a frame begins with %q", count)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		t.Error(err)
	}
	if rest, _ := io.ReadAll(r); len(rest) > 0 {
		t.Errorf("after the message there is %q", rest)
	}
	return string(text)
}

func same(t *testing.T, got string) {
	t.Helper()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.Replace(want, "HOST", host, 1) {
		t.Errorf("the message is\n%q, want\n%q", got, want)
	}
}

// By TCP and TLS the message comes once it is taken; a server that breaks off is asked again.
func TestSyslogOverConnections(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	for name, listen := range map[string]func() (net.Listener, error){
		"tcp": func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		"tls": func() (net.Listener, error) { return tls.Listen("tcp", "127.0.0.1:0", config) },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := listen()
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			got := make(chan string, 1)
			go func() {
				for n := 0; ; n++ {
					c, err := l.Accept()
					if err != nil {
						return
					}
					if n == 0 {
						if inner, ok := c.(interface{ NetConn() net.Conn }); ok {
							c = inner.NetConn() // before any handshake
						}
						_ = c.(*net.TCPConn).SetLinger(0)
						_ = c.Close()
						continue
					}
					got <- message(t, c)
					_ = c.Close()
				}
			}()
			o := one(t, "[[output]]\nname = \"siem\"\nsyslog = \"%s://%s\"\nca = %q\n", name, l.Addr(), written(t, ca))
			if failures := deliverOne(t, o); failures != 1 {
				t.Errorf("%d failures were told, want the one", failures)
			}
			same(t, <-got)
		})
	}
}

func TestSyslogByDatagram(t *testing.T) {
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	deliverOne(t, one(t, "[[output]]\nname = \"siem\"\nsyslog = \"udp://%s\"\n", l.LocalAddr()))
	b := make([]byte, 4096)
	n, _, err := l.ReadFrom(b)
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(b[:n]))
}

// A program gets the alert signed, under the same id until it takes it; one that is gone is
// left alone.
func TestAWebhookIsSignedAndRepeated(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	var ids []string
	answer := []int{http.StatusBadGateway, http.StatusNotFound, http.StatusNoContent, http.StatusGone}
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		id := r.Header.Get("webhook-id")
		if r.Header.Get("webhook-signature") != webhook.Signature(secret, id, r.Header.Get("webhook-timestamp"), body) {
			t.Error("the signature is another")
		}
		var c struct {
			Type string
			Data struct {
				Number uint64
				Title  string
				Bundle json.RawMessage
			}
		}
		if err := json.Unmarshal(body, &c); err != nil || c.Type != "alert.released" || c.Data.Number != 7 || c.Data.Title != "病院への 攻撃" || string(c.Data.Bundle) != string(alert.Bundle) {
			t.Errorf("the body is %s (%v)", body, err)
		}
		w.WriteHeader(answer[len(ids)])
		ids = append(ids, id)
	}))
	defer program.Close()
	o := one(t, "[[output]]\nname = \"chat\"\nwebhook = %q\nsecret_file = %q\n", program.URL, written(t, []byte("whsec_"+base64.StdEncoding.EncodeToString(secret)+"\n")))
	if failures := deliverOne(t, o); failures != 2 || len(ids) != 3 || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("%d failures, ids %q", failures, ids)
	}
	if failures := deliverOne(t, o); failures != 1 || len(ids) != 4 {
		t.Errorf("a program that is gone was called %d times", len(ids)-3)
	}
}

// The command gets the file as its last argument, is started by no shell, and again when it fails.
func TestACommandGetsTheFile(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "take")
	text := "#!/bin/sh\n[ -e \"$1/tried\" ] || { touch \"$1/tried\"; exit 3; }\necho \"$2 $ISAC_NUMBER $ISAC_KIND $#\" >\"$1/how\"\ncat \"$3\" >\"$1/what\"\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	o := one(t, "[[output]]\nname = \"ticket\"\ncommand = [%q, %q, \"a b; $(false) *\"]\n", script, dir)
	if failures := deliverOne(t, o); failures != 1 {
		t.Errorf("%d failures, want one", failures)
	}
	how, err := os.ReadFile(filepath.Join(dir, "how"))
	if err != nil || string(how) != "a b; $(false) * 7 released 3\n" {
		t.Errorf("it was started with %q (%v)", how, err)
	}
	what, err := os.ReadFile(filepath.Join(dir, "what"))
	if err != nil || string(what) != string(alert.Bundle) {
		t.Errorf("it was given %q (%v)", what, err)
	}
}

func TestWhatCantBeDeliveredEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := one(t, "[[output]]\nname = \"x\"\ncommand = [\"false\"]\n")
	if err := o.Deliver(ctx, alert, func(error) { cancel() }); err != context.Canceled {
		t.Errorf("the end: %v", err)
	}
	if err := o.Deliver(ctx, deliver.Entry{Alert: alert.Alert}, nil); err != nil {
		t.Errorf("what was recalled meanwhile: %v", err)
	}
}

func TestFilesOfOutputsAreReadStrictly(t *testing.T) {
	const syslog = "syslog = \"udp://127.0.0.1:514\"\n"
	for name, text := range map[string]string{
		"nothing":                 "",
		"no TOML":                 "[[output",
		"an unknown setting":      "[[output]]\nname = \"a\"\n" + syslog + "password = \"x\"\n",
		"no name":                 "[[output]]\n" + syslog,
		"a name that leads away":  "[[output]]\nname = \"../a\"\n" + syslog,
		"the same name twice":     "[[output]]\nname = \"a\"\n" + syslog + "[[output]]\nname = \"a\"\n" + syslog,
		"no way":                  "[[output]]\nname = \"a\"\n",
		"two ways":                "[[output]]\nname = \"a\"\ncommand = [\"x\"]\n" + syslog,
		"a syslog without a port": "[[output]]\nname = \"a\"\nsyslog = \"udp://127.0.0.1\"\n",
		"another scheme":          "[[output]]\nname = \"a\"\nsyslog = \"http://127.0.0.1:514\"\n",
		"no such authority":       "[[output]]\nname = \"a\"\nsyslog = \"tls://127.0.0.1:6514\"\nca = \"nowhere\"\n",
		"no secret":               "[[output]]\nname = \"a\"\nwebhook = \"https://h.example/\"\n",
	} {
		if _, err := outlet.Read(written(t, []byte(text))); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
