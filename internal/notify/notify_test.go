package notify_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/notice"
	"isac/hub/profile"
	"isac/internal/hubtest"
	"isac/internal/mail"
	"isac/internal/notify"
	"isac/internal/webhook"
)

// always is a sector in which people work day and night, so that tests are told at once
// whenever they run.
func always(t *testing.T) *profile.Profile {
	t.Helper()
	p := *profile.HealthcareJP()
	p.Notices = profile.Notices{Open: "00:00", Close: "24:00", Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, Weekly: "mon 09:00", Most: 4}
	return &p
}

// start runs a hub that sends mails to a mailbox.
func start(t *testing.T, members int) (*hubtest.Hub, *hubtest.Mailbox) {
	t.Helper()
	h := hubtest.Start(t, members)
	err := h.Close()
	if err != nil {
		t.Fatal(err)
	}
	b := hubtest.OpenMailbox(t)
	h.Mail, err = mail.New(mail.Settings{Server: b.Addr, Roots: b.Roots, From: "ISAC <alerts@isac.example.jp>"})
	if err != nil {
		t.Fatal(err)
	}
	h.Sector, h.Inside = always(t), []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	h.Open()
	return h, b
}

var digits = regexp.MustCompile(`\d{8}`)

// wants gives a person an address, confirmed by the code that came.
func wants(h *hubtest.Hub, b *hubtest.Mailbox, p hubtest.Person, to, lang string, c notice.Choice) {
	h.T.Helper()
	err := h.Notices.SetMail(h.T.Context(), p.ID, to, lang, c)
	if err != nil {
		h.T.Fatal(err)
	}
	var code string
	h.Poll("the code", func() bool {
		for _, l := range b.To(to) {
			code = digits.FindString(strings.Join(l.Parts(), " "))
		}
		return code != ""
	})
	err = h.Notices.Confirm(h.T.Context(), p.ID, code)
	if err != nil {
		h.T.Fatal(err)
	}
}

// released takes one report to both alerts.
func released(h *hubtest.Hub, i int, key, address string) {
	h.T.Helper()
	reporter := h.Person(i, hub.Reporter)
	var moderators []hubtest.Person
	for _, m := range h.Apart(i, 4) {
		moderators = append(moderators, h.Person(m, hub.Moderator))
	}
	_, _, err := h.Dial(i).Report(h.T.Context(), hubtest.Bundle(h.Members[i], key, "1", address))
	if err != nil {
		h.T.Fatal(err)
	}
	view := h.Consent(reporter, h.Case(reporter, 1))
	h.Approve(reporter, view.Case, moderators...)
}

var everything = notice.Choice{AtOnce: []hub.Severity{hub.High, hub.Medium, hub.Low}}

// alerts are the letters of alerts to an address, by Message-ID.
func alerts(b *hubtest.Mailbox, to, prefix string) []string {
	var out []string
	for _, l := range b.To(to) {
		if id := l.Header("Message-Id"); strings.HasPrefix(id, "<"+prefix) {
			out = append(out, id)
		}
	}
	return out
}

// TestAlertsComeByMail: each person gets each alert once, alone, in her language, over a
// restart too; the digest of the week comes once; nobody's address is anywhere in the open.
func TestAlertsComeByMail(t *testing.T) {
	h, b := start(t, 40)
	ja, en, weekly, gone := h.Person(1, hub.Reader), h.Person(2, hub.Reader), h.Person(3, hub.Reader), h.Person(4, hub.Reader)
	wants(h, b, ja, "ja@one.example.jp", "ja", everything)
	wants(h, b, en, "en@two.example.jp", "en", everything)
	wants(h, b, weekly, "weekly@three.example.jp", "ja", notice.Choice{Weekly: true})
	wants(h, b, gone, "gone@four.example.jp", "ja", everything)
	err := h.Roster.RemovePerson(t.Context(), gone.ID)
	if err != nil {
		t.Fatal(err)
	}
	intruded := h.Person(5, hub.Reader)
	wants(h, b, intruded, "intruded@five.example.jp", "ja", everything)
	err = h.Machines.GoQuiet(t.Context(), intruded.Org)
	if err != nil {
		t.Fatal(err)
	}
	partner := h.Person(-1, hub.RelayPartner)
	err = h.Roster.SetPartner(t.Context(), partner.ID, hub.Partner{Name: "P", Edition: hub.TLPClear})
	if err != nil {
		t.Fatal(err)
	}
	wants(h, b, partner, "relay@six.example.jp", "en", everything)
	released(h, 0, "mail", "203.0.114.77")
	h.Poll("the edition by mail", func() bool { return len(alerts(b, "relay@six.example.jp", "edition-")) == 1 })
	for _, l := range b.To("relay@six.example.jp")[1:] {
		if text := strings.Join(l.Parts(), "\n"); !strings.Contains(text, "/public/") || strings.Contains(text, "/alerts/") || strings.Contains(text, "GREEN") || !strings.Contains(text, "TLP:CLEAR") {
			t.Errorf("a partner of the edition for everybody is told %q", text)
		}
	}
	h.Poll("both alerts by mail", func() bool {
		return len(alerts(b, "ja@one.example.jp", "alert-")) == 2 && len(alerts(b, "en@two.example.jp", "alert-")) == 2
	})
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Open()
	h.Advance(8 * 24 * time.Hour)
	h.Poll("the digest", func() bool { return len(alerts(b, "weekly@three.example.jp", "week-")) > 0 })
	if got := alerts(b, "ja@one.example.jp", ""); len(got) != 3 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 3 {
		t.Errorf("one person has %v, want the code and two alerts", got)
	}
	if got := alerts(b, "gone@four.example.jp", ""); len(got) != 1 {
		t.Errorf("who has left the roster got %v", got)
	}
	if got := alerts(b, "intruded@five.example.jp", ""); len(got) != 1 {
		t.Errorf("who is of a member in quiet mode got %v", got)
	}
	if got := alerts(b, "weekly@three.example.jp", "alert-"); len(got) != 0 {
		t.Errorf("who wants a digest got %v", got)
	}
	for _, l := range b.Letters() {
		text := strings.Join(l.Parts(), "\n")
		subject := l.Header("Subject")
		if len(l.To) != 1 || strings.Count(string(l.Data), "@one.example.jp")+strings.Count(string(l.Data), "@two.example.jp")+strings.Count(string(l.Data), "@three.example.jp")+strings.Count(string(l.Data), "@four.example.jp")+strings.Count(string(l.Data), "@five.example.jp")+strings.Count(string(l.Data), "@six.example.jp") != 1 {
			t.Errorf("%q is to %v and names others", subject, l.To)
		}
		if strings.Contains(text, "203.0.114.77") {
			t.Errorf("%q has a live indicator", subject)
		}
		if strings.HasPrefix(l.Header("Message-Id"), "<alert-") && (!strings.Contains(text, "://localhost:") || strings.Contains(text, "■ 概要") != (l.To[0] == "ja@one.example.jp")) {
			t.Errorf("%q to %v says:\n%s", subject, l.To, text)
		}
		if strings.HasPrefix(l.Header("Message-Id"), "<week-") && strings.Count(l.Parts()[0], "/alerts/") != 2 {
			t.Errorf("the digest says:\n%s", l.Parts()[0])
		}
	}
	for _, secret := range []string{"one.example.jp", "two.example.jp", "three.example.jp"} {
		if h.OnDisk(secret) || strings.Contains(h.Log.String(), secret) {
			t.Errorf("%s lies open on disk or in the log", secret)
		}
	}
}

// TestServersThatRefuse: one for a while is asked again, one for good is not, and the
// person is told on her page.
func TestServersThatRefuse(t *testing.T) {
	h, b := start(t, 40)
	busy, gone := h.Person(1, hub.Reader), h.Person(2, hub.Reader)
	wants(h, b, busy, "busy@one.example.jp", "ja", everything)
	wants(h, b, gone, "gone@two.example.jp", "ja", everything)
	var mu sync.Mutex
	asked := map[string]int{}
	b.Judge(func(to string) error {
		mu.Lock()
		defer mu.Unlock()
		asked[to]++
		if strings.HasPrefix(to, "gone") {
			return hubtest.Refusal(550)
		}
		return hubtest.Refusal(451)
	})
	released(h, 0, "refuse", "203.0.114.78")
	h.Poll("both servers to be asked", func() bool {
		mu.Lock()
		defer mu.Unlock()
		s, err := h.Notices.Of(t.Context(), gone.ID)
		return err == nil && !s.Mail.Refused.IsZero() && asked["busy@one.example.jp"] >= 2
	})
	b.Judge(nil)
	h.Advance(2 * time.Minute)
	h.Poll("the mails that were put off", func() bool { return len(alerts(b, "busy@one.example.jp", "alert-")) == 2 })
	if got := alerts(b, "gone@two.example.jp", "alert-"); len(got) != 0 {
		t.Errorf("who was refused for good got %v", got)
	}
	mu.Lock()
	if asked["gone@two.example.jp"] > 2 {
		t.Errorf("the server that refuses for good was asked %d times", asked["gone@two.example.jp"])
	}
	mu.Unlock()
	wants(h, b, gone, "new@two.example.jp", "ja", everything)
	if s, err := h.Notices.Of(t.Context(), gone.ID); err != nil || !s.Mail.Working() {
		t.Errorf("a new address: %+v, %v", s.Mail, err)
	}
}

// TestAnAddressIsConfirmedFirst: a wrong code, too many codes and an old one.
func TestAnAddressIsConfirmedFirst(t *testing.T) {
	h, b := start(t, 40)
	p := h.Person(1, hub.Reader)
	for _, bad := range []string{"x", "a@b.jp\r\nBcc: c@d.jp", "a@b.jp,c@d.jp", "ISAC <a@b.jp>"} {
		if err := h.Notices.SetMail(t.Context(), p.ID, bad, "ja", everything); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for i := range 3 {
		if err := h.Notices.SetMail(t.Context(), p.ID, fmt.Sprintf("a%d@one.example.jp", i), "ja", everything); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Notices.SetMail(t.Context(), p.ID, "a4@one.example.jp", "ja", everything); hub.KindOf(err) != hub.Conflict {
		t.Errorf("a fourth code in a day: %v", err)
	}
	h.Poll("a code", func() bool { return len(b.To("a2@one.example.jp")) == 1 })
	code := digits.FindString(b.To("a2@one.example.jp")[0].Parts()[0])
	for range 5 {
		if err := h.Notices.Confirm(t.Context(), p.ID, "00000000"); code != "00000000" && hub.KindOf(err) != hub.Invalid {
			t.Errorf("a wrong code: %v", err)
		}
	}
	if err := h.Notices.Confirm(t.Context(), p.ID, code); hub.KindOf(err) != hub.Gone {
		t.Errorf("the code behind five wrong ones: %v", err)
	}
	released(h, 0, "confirm", "203.0.114.79")
	for _, l := range b.Letters() {
		if strings.HasPrefix(l.Header("Message-Id"), "<alert-") {
			t.Errorf("an address that isn't confirmed got %s", l.Header("Subject"))
		}
	}
}

// program is a real server that a webhook calls.
type program struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []call
}

type call struct {
	header http.Header
	body   []byte
}

func newProgram(t *testing.T) *program {
	p := &program{status: http.StatusOK}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, call{r.Header, body})
		w.WriteHeader(p.status)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *program) answer(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

func (p *program) calls() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

// TestWebhooks: signed, tried again with the same id, given up after days, shown, and
// tried anew; the secret lies nowhere in the open.
func TestWebhooks(t *testing.T) {
	h, _ := start(t, 40)
	p := h.Person(1, hub.Reader)
	own, broken := newProgram(t), newProgram(t)
	broken.answer(http.StatusBadGateway)
	hook := notify.Hook{Name: "SIEM", URL: own.URL, Format: notice.JSON, Choice: everything}
	made, secret, err := h.Notices.AddHook(t.Context(), p.ID, hook)
	if err != nil {
		t.Fatal(err)
	}
	hook.URL, hook.Format = broken.URL+"/secret-path", notice.Slack
	_, _, err = h.Notices.AddHook(t.Context(), p.ID, hook)
	if err != nil {
		t.Fatal(err)
	}
	released(h, 0, "hook", "203.0.114.80")
	h.Poll("both alerts", func() bool { return len(own.calls()) == 2 && len(broken.calls()) == 2 })
	for i, c := range own.calls() {
		var e struct {
			Type, Link string
			Number     int
		}
		err := json.Unmarshal(c.body, &e)
		if err != nil || e.Type != "alert" || e.Number != i+1 || !strings.HasPrefix(e.Link, h.PagesURL()+"/alerts/") {
			t.Errorf("payload %s, %v", c.body, err)
		}
		id, stamp := c.header.Get("Webhook-Id"), c.header.Get("Webhook-Timestamp")
		if c.header.Get("Webhook-Signature") != webhook.Signature(made.Secret, id, stamp, c.body) || webhook.Written(made.Secret) != secret {
			t.Errorf("signature %v", c.header)
		}
		if strings.Contains(string(c.body), "203.0.114.80") {
			t.Error("a live indicator")
		}
	}
	if err := h.Notices.TryHook(t.Context(), p.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	h.Poll("the test", func() bool { return len(own.calls()) == 3 && strings.Contains(string(own.calls()[2].body), `"test"`) })
	h.Poll("the other to be given up", func() bool {
		h.Advance(25 * time.Hour)
		given, err := h.Notices.Given(t.Context(), p.ID)
		return err == nil && len(given) == 2 && given[0].Class == "failed"
	})
	tries := len(broken.calls())
	ids := map[string]bool{}
	for _, c := range broken.calls() {
		ids[c.header.Get("Webhook-Id")] = true
	}
	if len(ids) != 2 || tries != 20 {
		t.Errorf("%d tries with %d ids, want 20 with 2", tries, len(ids))
	}
	broken.answer(http.StatusOK)
	given, err := h.Notices.Given(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Notices.Again(t.Context(), h.Person(2, hub.Reader).ID, given[0].ID); hub.KindOf(err) != hub.NotFound {
		t.Errorf("another's message: %v", err)
	}
	if err := h.Notices.Again(t.Context(), p.ID, given[0].ID); err != nil {
		t.Fatal(err)
	}
	h.Poll("it to be taken", func() bool {
		given, err := h.Notices.Given(t.Context(), p.ID)
		return err == nil && len(given) == 1 && len(broken.calls()) == tries+1
	})
	for _, open := range []string{"secret-path", secret, strings.TrimPrefix(secret, "whsec_")} {
		if h.OnDisk(open) || strings.Contains(h.Log.String(), open) {
			t.Errorf("%s lies open on disk or in the log", open)
		}
	}
}

// TestHooksRefused: what can't be called isn't kept.
func TestHooksRefused(t *testing.T) {
	h, _ := start(t, 40)
	p := h.Person(1, hub.Reader)
	good := notify.Hook{Name: "x", URL: "https://example.jp/x", Format: notice.JSON}
	for why, spoil := range map[string]func(*notify.Hook){
		"no name":     func(h *notify.Hook) { h.Name = " " },
		"two lines":   func(h *notify.Hook) { h.Name = "a\nb" },
		"inside":      func(h *notify.Hook) { h.URL = "http://169.254.169.254/latest/meta-data/" },
		"no address":  func(h *notify.Hook) { h.URL = "example.jp" },
		"no format":   func(h *notify.Hook) { h.Format = "xml" },
		"no severity": func(h *notify.Hook) { h.AtOnce = []hub.Severity{"urgent"} },
	} {
		bad := good
		spoil(&bad)
		if _, _, err := h.Notices.AddHook(t.Context(), p.ID, bad); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", why, err)
		}
	}
	for range 5 {
		if _, _, err := h.Notices.AddHook(t.Context(), p.ID, good); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.Notices.AddHook(t.Context(), p.ID, good); hub.KindOf(err) != hub.Conflict {
		t.Errorf("a sixth: %v", err)
	}
}
