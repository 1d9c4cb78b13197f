package webui_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/hubtest"
)

const twoDesks = `
telephone = "03-0000-0000"
`

const theDesks = `
[[desks]]
id = "small"
name = { ja = "小規模窓口", en = "the desk for small ones" }
telephone = "03-0000-0001"
bands = ["20-49", "50-99", "100-149", "150-199"]
[[desks]]
id = "large"
name = { ja = "大規模窓口", en = "the desk for large ones" }
telephone = "03-0000-0002"
rest = true
`

// withDesks runs the hub on with two desks, and says who of the members calls which.
func withDesks(t *testing.T, h *hubtest.Hub) (small, large int) {
	t.Helper()
	file, err := os.ReadFile("../../hub/profile/healthcare-jp.toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Sector, err = profile.Load([]byte(strings.Replace(string(file), "\nconsent =", twoDesks+"consent =", 1) + theDesks))
	if err != nil {
		t.Fatal(err)
	}
	h.Open()
	small, large = -1, -1
	for i, m := range h.Members {
		if h.Sector.DeskOf(m).ID == "small" {
			small = i
		} else {
			large = i
		}
	}
	if small < 0 || large < 0 {
		t.Fatal("the members are all of one size")
	}
	return small, large
}

func helper(t *testing.T, h *hubtest.Hub, desk string) *browser {
	t.Helper()
	p := h.Person(-1, hub.Helper)
	if err := h.Roster.PutAtDesk(t.Context(), p.ID, desk); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(h)
	b.signIn(p)
	return b
}

// A call needs one confirmation, goes to the desk of the member's size alone, tells
// when it was received, and after half an hour the number to telephone.
func TestACallForHelp(t *testing.T) {
	h := hubtest.Start(t, 40)
	i, other := withDesks(t, h)
	small, large := helper(t, h, "small"), helper(t, h, "large")
	caller, colleague, stranger := newBrowser(h), newBrowser(h), newBrowser(h)
	caller.signIn(h.Person(i, hub.Reader))
	colleague.signIn(h.Person(i, hub.Reporter))
	stranger.signIn(h.Person(other, hub.Reporter))
	call := url.Values{"name": {"高橋 技師長"}, "number": {callBack}, "state": {"電源が落ちない。"}}
	if a := caller.do(http.MethodPost, "/help", call); a.status != http.StatusOK || !strings.Contains(a.body, `name="confirmed"`) || !strings.Contains(a.body, "the desk for small ones") {
		t.Fatalf("before it is confirmed: %d", a.status)
	}
	if a := small.do(http.MethodGet, "/desk", nil); strings.Contains(a.body, callBack) {
		t.Error("the desk was called without a confirmation")
	}
	call.Set("confirmed", "yes")
	if a := caller.do(http.MethodPost, "/help", call); a.status != http.StatusSeeOther {
		t.Fatalf("calling: %d", a.status)
	}
	for name, b := range map[string]*browser{"the caller": caller, "a colleague": colleague} {
		if a := b.do(http.MethodGet, "/help", nil); !strings.Contains(a.body, "Not acknowledged yet") || strings.Contains(a.body, "03-0000-0001") {
			t.Errorf("%s before half an hour: %d", name, a.status)
		}
	}
	if a := stranger.do(http.MethodGet, "/help", nil); strings.Contains(a.body, "Not acknowledged") {
		t.Error("another member sees the call")
	}
	office := newBrowser(h)
	office.signIn(h.Person(-1, hub.Secretariat))
	for name, b := range map[string]*browser{"the other desk": large, "the secretariat": office} {
		if a := b.do(http.MethodGet, "/desk", nil); a.status != http.StatusOK || strings.Contains(a.body, callBack) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := caller.do(http.MethodGet, "/desk", nil); a.status != http.StatusForbidden {
		t.Errorf("a member at the desk: %d", a.status)
	}
	h.Advance(31 * time.Minute)
	if a := caller.do(http.MethodGet, "/help", nil); !strings.Contains(a.body, "03-0000-0001") {
		t.Error("after half an hour the desk's number isn't told")
	}
	a := small.do(http.MethodGet, "/desk", nil)
	action := regexp.MustCompile(`action="(/desk/[0-9a-f]{32})"`).FindStringSubmatch(a.body)
	if action == nil || !strings.Contains(a.body, callBack) || !strings.Contains(a.body, "電源が落ちない") || !strings.Contains(a.body, h.Members[i].NameJA) || !strings.Contains(a.body, "more than 30 minutes") {
		t.Fatalf("the desk reads %s", a.body)
	}
	for name, b := range map[string]*browser{"the other desk": large, "the secretariat": office} {
		if a := b.do(http.MethodPost, action[1], url.Values{}); a.status != http.StatusNotFound {
			t.Errorf("%s acknowledges it: %d", name, a.status)
		}
	}
	if a := small.do(http.MethodPost, action[1], url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("acknowledging: %d", a.status)
	}
	small.do(http.MethodPost, action[1], url.Values{})
	if a := caller.do(http.MethodGet, "/help", nil); !strings.Contains(a.body, "Received at") || strings.Contains(a.body, "03-0000-0001") {
		t.Error("the caller isn't told that it was received")
	}
	for _, plain := range []string{callBack, "高橋", "電源"} {
		if h.OnDisk(plain) || strings.Contains(h.Log.String(), plain) {
			t.Errorf("%q stands on the disk or in the log", plain)
		}
	}
	h.Advance(15 * 24 * time.Hour)
	if err := h.Help.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if subjects, err := h.Bus.Subjects(t.Context(), "HELP", "help.*"); err != nil || len(subjects) != 0 {
		t.Errorf("after two weeks %d calls are kept, %v", len(subjects), err)
	}
}

// A first report that wants help calls the desk of the size; one that doesn't, doesn't.
func TestAFirstReportCallsForHelp(t *testing.T) {
	h := hubtest.Start(t, 40)
	i, _ := withDesks(t, h)
	small := helper(t, h, "small")
	codes := card(t, h, i, 2)
	b := newBrowser(h)
	receiptOf(t, b.do(http.MethodPost, "/first", six(codes[0])))
	if a := small.do(http.MethodGet, "/desk", nil); strings.Contains(a.body, callBack) {
		t.Error("the desk was called though no help is wanted")
	}
	a := b.do(http.MethodPost, "/first", six(codes[1], "help", "yes"))
	receiptOf(t, a)
	if !strings.Contains(a.body, "03-0000-0001") {
		t.Error("the number of the desk isn't told")
	}
	if a := small.do(http.MethodGet, "/desk", nil); !strings.Contains(a.body, callBack) || !strings.Contains(a.body, "電子カルテが止まった") {
		t.Error("the desk wasn't called")
	}
}

func TestACallNeedsANumber(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	b.signIn(h.Person(0, hub.Reader))
	for _, bad := range []url.Values{
		{"confirmed": {"yes"}, "state": {"x"}},
		{"confirmed": {"yes"}, "number": {"1"}, "state": {strings.Repeat("長", 2001)}},
	} {
		if a := b.do(http.MethodPost, "/help", bad); a.status != http.StatusOK || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%d", a.status)
		}
	}
	office := newBrowser(h)
	office.signIn(h.Person(-1, hub.Secretariat))
	if a := office.do(http.MethodGet, "/help", nil); a.status != http.StatusForbidden {
		t.Errorf("the secretariat calls for help: %d", a.status)
	}
}
