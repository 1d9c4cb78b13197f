package faults_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/admin"
	"isac/internal/hubtest"
	"isac/internal/member"
	"isac/internal/natsbus"
)

// violations collects what the server refuses to a connection.
func violations() (chan error, nats.Option) {
	c := make(chan error, 64)
	return c, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { c <- err })
}

func wantViolation(t *testing.T, refused chan error, what string, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	select {
	case err := <-refused:
		if !errors.Is(err, nats.ErrPermissionViolation) {
			t.Errorf("%s: %v, want a permissions violation", what, err)
		}
	case <-time.After(10 * time.Second):
		t.Errorf("%s was allowed", what)
	}
}

func TestReportAsAnotherMember(t *testing.T) {
	h := hubtest.Start(t, 20)
	refused, handler := violations()
	nc, user, _ := raw(t, h, 1, handler)
	_, victim, _ := raw(t, h, 0)
	about0 := hubtest.Bundle(h.Members[0], "one", "1", "198.51.100.7")
	for _, prefix := range []string{"isac.report.", "isac.case.", "isac.catchup."} {
		wantViolation(t, refused, prefix, func() error {
			return nc.PublishRequest(prefix+victim, nats.NewInbox(), about0)
		})
	}
	// What a report says of whose it is counts for nothing.
	if a := sendRaw(t, nc, user, about0); a.Receipt == nil {
		t.Fatal(a.Refused)
	}
	mine := h.Case(h.Person(1, hub.Reporter), 1)
	other := h.Person(0, hub.Reporter)
	if ids, err := h.Desk.Cases(t.Context(), other.Person); err != nil || len(ids) != 0 {
		t.Errorf("the member that the report names has %d cases, %v", len(ids), err)
	}
	if _, err := h.Desk.Case(t.Context(), other.Person, mine.Case); hub.KindOf(err) != hub.NotFound {
		t.Errorf("it sees the case: %v", err)
	}
}

func TestMemberTriesTheHubsOwnSubjects(t *testing.T) {
	h := hubtest.Start(t, 20)
	watcher := h.Dial(2)
	seen := make(chan error, 10)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	w := member.Watcher{
		Conn: watcher, Each: func(deliver.Entry, deliver.Chain) error { seen <- errors.New("saw an alert"); return nil },
		Warn: func(err error) { seen <- err },
	}
	go func() { _ = w.Run(ctx) }()
	refused, handler := violations()
	nc, _, _ := raw(t, h, 1, handler)
	_, victim, _ := raw(t, h, 0)
	for _, subject := range []string{
		"isac.alert.green.critical", "isac.status." + victim, "alert.x.1", "case.x", "intake.x", "key.x", "register.list", "register.partition.1",
		"$JS.API.STREAM.INFO.ALERTS", "$JS.API.CONSUMER.CREATE.ALERTS", "$JS.API.STREAM.PURGE.INTAKE", "$SYS.REQ.CLAIMS.UPDATE", "_INBOX_" + victim + ".a.b",
	} {
		wantViolation(t, refused, "publishing to "+subject, func() error { return nc.PublishRequest(subject, nats.NewInbox(), []byte("{}")) })
	}
	for _, subject := range []string{">", "*.>", "isac.>", "isac.report.*", "isac.status." + victim, "_INBOX_" + victim + ".>", "_INBOX.>", "$JS.>", "$SYS.>", "intake.*", "case.*", "alert.>", "register.>", "register.partition.*"} {
		wantViolation(t, refused, "subscribing to "+subject, func() error { _, err := nc.SubscribeSync(subject); return err })
	}
	select {
	case err := <-seen:
		t.Errorf("another member: %v", err)
	default:
	}
	if last, err := h.Bus.LastSeq(t.Context(), natsbus.Alerts); err != nil || last != 0 {
		t.Errorf("%d messages in the alert log, %v", last, err)
	}
}

// credentials writes credentials that the hub's roster may or may not know.
func credentials(t *testing.T, h *hubtest.Hub, expires time.Time) member.Credentials {
	t.Helper()
	_, creds, err := h.Bus.IssueMember(expires)
	if err != nil {
		t.Fatal(err)
	}
	data, err := member.Write(creds, member.Hub{URL: h.Bus.URL(), AlertKey: h.Ring.AlertKey(), ReceiptKey: h.Ring.ReceiptKey()})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "member.creds")
	write(t, file, string(data))
	c, err := member.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExpiredCredentials(t *testing.T) {
	h := hubtest.Start(t, 20)
	closed := make(chan struct{})
	c := credentials(t, h, time.Now().Add(2*time.Second))
	conn, err := c.Dial("", nats.MaxReconnects(0), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Fatal("still connected after the end of the credentials")
	}
	poll(t, "a refusal", func() bool { // in the last second itself they may be good for an instant
		again, err := c.Dial("", nats.MaxReconnects(0))
		if err == nil {
			again.Close()
		}
		r := hub.RefusalOf(err)
		return r != nil && r.Kind == hub.Unsigned && r.Text == "member.refused"
	})
	// The hub's own clock decides too, wherever the connection comes from.
	bundle := hubtest.Bundle(h.Members[0], "one", "1", "198.51.100.7")
	known := h.Dial(0)
	if _, _, err := known.Report(t.Context(), bundle); err != nil {
		t.Fatal(err)
	}
	h.Advance(366 * 24 * time.Hour)
	_, err = known.Send(t.Context(), bundle)
	answer(t, err, hub.Forbidden, "intake.not-member")
	_, err = known.Status(t.Context(), "x")
	answer(t, err, hub.Forbidden, "intake.not-member")
}

func TestCredentialsThatTheRosterDoesntKnow(t *testing.T) {
	h := hubtest.Start(t, 20)
	conn, err := credentials(t, h, time.Now().Add(time.Hour)).Dial("")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _, err = conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", "198.51.100.7"))
	answer(t, err, hub.Forbidden, "intake.not-member")
}

func TestRevokedCredentials(t *testing.T) {
	h := hubtest.Start(t, 20)
	c, err := member.Read(h.Credentials(0))
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	conn, err := c.Dial(h.Bus.URL(), nats.MaxReconnects(0), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	still := h.Dial(1)
	following, err := c.Dial(h.Bus.URL(), nats.CustomReconnectDelay(func(int) time.Duration { return 50 * time.Millisecond }))
	if err != nil {
		t.Fatal(err)
	}
	defer following.Close()
	ended := make(chan error, 1)
	go func() {
		w := member.Watcher{Conn: following, Poll: 200 * time.Millisecond, Each: func(deliver.Entry, deliver.Chain) error { return nil }}
		ended <- w.Run(t.Context())
	}()
	if _, err := admin.Do(t.Context(), h.Node, admin.Request{Op: "revoke", ID: h.Members[0].ID}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Fatal("still connected after the revocation")
	}
	select {
	case err := <-ended:
		answer(t, err, hub.Unsigned, "member.refused")
	case <-time.After(20 * time.Second):
		t.Error("who follows the alerts isn't told of the revocation")
	}
	_, err = c.Dial(h.Bus.URL())
	answer(t, err, hub.Unsigned, "member.refused")
	if _, _, err := still.Report(t.Context(), hubtest.Bundle(h.Members[1], "one", "1", "198.51.100.7")); err != nil {
		t.Errorf("another member: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Open()
	_, err = c.Dial(h.Bus.URL())
	answer(t, err, hub.Unsigned, "member.refused")
}

// Whoever has a machine's credentials, as an attacker in the victim's network may,
// can't consent: not by NATS, not by the API, not by a signature of the machine's key.
func TestMachineCantConsent(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter := h.Person(0, hub.Reporter)
	nc, user, creds := raw(t, h, 0)
	sendRaw(t, nc, user, hubtest.Bundle(h.Members[0], "one", "1", "198.51.100.7"))
	c := h.Case(reporter, 1)
	s := c.Stages[0]
	token, key := login(t, creds)
	seed, err := key.Seed()
	if err != nil {
		t.Fatal(err)
	}
	sig, err := key.Sign(review.SigningBytes(review.ToConsent, s.Digest))
	if err != nil || len(sig) != ed25519.SignatureSize {
		t.Fatal(err)
	}
	word := map[string]any{"stage": s.Stage, "digest": s.Digest, "signature": sig}
	for _, bearer := range []string{token, string(seed), user, "", "Bearer"} {
		machine := hubtest.Person{Token: bearer}
		if a := h.Post(machine, "/cases/"+c.Case+"/consent", word); a.Status != http.StatusUnauthorized {
			t.Errorf("the API answers %d to a machine", a.Status)
		}
		if a := h.Get(machine, "/cases/"+c.Case); a.Status != http.StatusUnauthorized {
			t.Errorf("the API shows a case to a machine: %d", a.Status)
		}
	}
	for _, ask := range []string{"consent", "case", "show", "answers", "withdraw"} {
		q, _ := json.Marshal(map[string]any{"ask": ask, "case": c.Case, "stage": s.Stage, "digest": s.Digest, "signature": sig})
		m, err := nc.Request("isac.case."+user, q, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		var a deliver.CaseAnswer
		if err := json.Unmarshal(m.Data, &a); err != nil || a.Refused == nil || a.Refused.Kind != hub.Invalid || a.Status != nil {
			t.Errorf("asked to %s: %s, %v", ask, m.Data, err)
		}
	}
	// A stolen token doesn't help without the person's key.
	if a := h.Post(reporter, "/cases/"+c.Case+"/consent", word); a.Status/100 != 4 {
		t.Errorf("the machine's signature is taken: %d %s", a.Status, a.Body)
	}
	after, err := h.Desk.Case(t.Context(), reporter.Person, c.Case)
	if err != nil || after.Stages[0].State != string(review.Asking) || strings.Contains(h.Log.String(), c.Case) {
		t.Errorf("the case is %v, %v", after.Stages, err)
	}
}
