package faults_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/review"
	"isac/internal/hubtest"
	"isac/internal/locale"
	"isac/internal/natsbus"
)

// sealedTo makes a sealed report of exactly size bytes: report, then spaces, which
// JSON allows.
func sealedTo(t *testing.T, recipient string, report []byte, size int) []byte {
	t.Helper()
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(inside int) []byte {
		data := make([]byte, inside)
		copy(data[8:], report)
		for i := 8 + len(report); i < inside; i++ {
			data[i] = ' '
		}
		binary.BigEndian.PutUint64(data, uint64(inside-8))
		var out bytes.Buffer
		w, err := age.Encrypt(&out, r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(data) // into memory
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	inside := size
	for range 5 {
		sealed := seal(inside)
		if len(sealed) == size {
			return sealed
		}
		inside -= len(sealed) - size
	}
	t.Fatalf("no sealed report has %d bytes", size)
	return nil
}

// raw connects as member i without the client that would refuse to send.
func raw(t *testing.T, h *hubtest.Hub, i int, opts ...nats.Option) (nc *nats.Conn, user, creds string) {
	t.Helper()
	creds = h.Credentials(i)
	nc, user, err := natsbus.DialMember(h.Bus.URL(), creds, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, user, creds
}

// login returns what a credentials file holds: the token, and the key that signs.
func login(t *testing.T, creds string) (token string, key nkeys.KeyPair) {
	t.Helper()
	file, err := os.ReadFile(creds)
	if err != nil {
		t.Fatal(err)
	}
	token, err = jwt.ParseDecoratedJWT(file)
	if err != nil {
		t.Fatal(err)
	}
	key, err = jwt.ParseDecoratedUserNKey(file)
	if err != nil {
		t.Fatal(err)
	}
	return token, key
}

func sendRaw(t *testing.T, nc *nats.Conn, user string, report []byte) intake.Answer {
	t.Helper()
	m, err := nc.Request("isac.report."+user, report, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var a intake.Answer
	if err := json.Unmarshal(m.Data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// Four mebibytes are taken, sealed or not, and one byte more is not.
func TestLargestReport(t *testing.T) {
	h := hubtest.Start(t, 20)
	nc, user, _ := raw(t, h, 0)
	_, recipient, err := h.Ring.Epoch(h.Now())
	if err != nil {
		t.Fatal(err)
	}
	reporter := h.Person(0, hub.Reporter)
	plain := func(bundle []byte, size int) []byte {
		return append(bundle, bytes.Repeat([]byte(" "), size-len(bundle))...)
	}
	for i, form := range []string{"sealed", "plain"} {
		t.Run(form, func(t *testing.T) {
			bundle := hubtest.Bundle(h.Members[0], form, "1", "198.51.100.7")
			of := func(size int) []byte {
				if form == "sealed" {
					return sealedTo(t, recipient, bundle, size)
				}
				return plain(bytes.Clone(bundle), size)
			}
			a := sendRaw(t, nc, user, of(4<<20+1))
			answer(t, a.Refused.Err(), hub.TooLarge, "intake.too-large")
			if text := locale.Error("en", a.Refused.Err()); !strings.Contains(text, "4 MiB") {
				t.Errorf("the answer doesn't tell the limit: %s", text)
			}
			if a := sendRaw(t, nc, user, of(4<<20)); a.Receipt == nil {
				t.Fatalf("4 MiB are refused: %v", a.Refused)
			}
			poll(t, "its draft", func() bool {
				ids, err := h.Desk.Cases(t.Context(), reporter.Person)
				if err != nil || len(ids) != i+1 {
					return false
				}
				c, err := h.Desk.Case(t.Context(), reporter.Person, ids[i])
				return err == nil && c.Stages[0].State == string(review.Asking)
			})
		})
	}
	_, err = h.Dial(0).Send(t.Context(), make([]byte, 4<<20+1))
	answer(t, err, hub.TooLarge, "intake.too-large")
}

// Ten megabytes reach neither the hub nor its memory: the client doesn't send them,
// the server cuts off whoever does, and the API reads no further than it must.
func TestTenMegabytes(t *testing.T) {
	h := hubtest.Start(t, 20)
	huge := make([]byte, 10_000_000)
	_, err := h.Dial(0).Send(t.Context(), huge)
	answer(t, err, hub.TooLarge, "intake.too-large")
	nc, user, creds := raw(t, h, 0)
	if err := nc.Publish("isac.report."+user, huge); err == nil {
		t.Error("the library sent 10 MB")
	}
	told := publishBare(t, h, creds, "isac.report."+user, huge)
	if !strings.Contains(told, "Maximum Payload") {
		t.Errorf("the server said %q", told)
	}
	reporter := h.Person(0, hub.Reporter)
	a := h.Do(reporter, http.MethodPost, "/cases/x/answers", []byte(`{"confirmed":["`+strings.Repeat("a", len(huge))+`"]}`))
	if a.Status != http.StatusRequestEntityTooLarge || !strings.Contains(string(a.Body), "1 MiB") {
		t.Errorf("the API answered %d %s", a.Status, a.Body[:min(len(a.Body), 300)])
	}
	if _, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", "198.51.100.7")); err != nil {
		t.Errorf("a good report afterwards: %v", err)
	}
}

// publishBare speaks the protocol itself, and returns the last that the server said
// before it hung up.
func publishBare(t *testing.T, h *hubtest.Hub, creds, subject string, data []byte) string {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.Bus.URL(), "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	in := bufio.NewReader(c)
	line, err := in.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var info struct {
		Nonce string `json:"nonce"`
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "INFO ")), &info); err != nil {
		t.Fatal(err)
	}
	token, key := login(t, creds)
	sig, err := key.Sign([]byte(info.Nonce))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "CONNECT {\"verbose\":false,\"jwt\":%q,\"sig\":%q}\r\nPUB %s %d\r\n", token, base64.RawURLEncoding.EncodeToString(sig), subject, len(data))
	_, _ = c.Write(data) // the server hangs up meanwhile
	last := ""
	for err == nil {
		line, err = in.ReadString('\n')
		if strings.HasPrefix(line, "-ERR") {
			last = line
		}
	}
	return last
}
