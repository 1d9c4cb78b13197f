package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// alert is an alert as the API shows it.
type alert struct {
	ID, Kind, Stage, Severity, Reason, TLP string
	Number                                 uint64
	Version                                int
	Published                              time.Time
	Title                                  hub.Text
	Digest                                 hub.Digest
	Names                                  []struct{ Class, Value string }
}

type alertPage struct {
	Alerts []alert
	Next   string
}

type indicator struct {
	Type, Value, Alert, Pattern string
	ValidFrom                   time.Time `json:"valid_from"`
	ValidUntil                  time.Time `json:"valid_until"`
}

type indicatorPage struct {
	Indicators []indicator
	Next       string
}

// address is the attacker's in incident i.
func address(i int) string { return fmt.Sprintf("203.0.113.%d", 10+i) }

// many brings n incidents of member 0 to both alerts.
func many(h *hubtest.Hub, n int) []hub.Alert {
	h.T.Helper()
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	conn := h.Dial(0)
	for i := range n {
		_, _, err := conn.Report(h.T.Context(), hubtest.Bundle(h.Members[0], fmt.Sprint("incident ", i), "1", address(i)))
		if err != nil {
			h.T.Fatal(err)
		}
		h.Poll("the case", func() bool {
			ids, err := h.Desk.Cases(context.Background(), reporter.Person)
			return err == nil && len(ids) == i+1
		})
		view := h.Consent(reporter, h.Case(reporter, 1))
		h.Approve(reporter, view.Case, moderators...)
	}
	return entries(h, 2*n)
}

// pages follows next through a list.
func pages(h *hubtest.Hub, p hubtest.Person, path string, read func(hubtest.Answer) string) int {
	h.T.Helper()
	n := 0
	for next := ""; n == 0 || next != ""; n++ {
		query := path
		if next != "" {
			query += "&next=" + url.QueryEscape(next)
		}
		next = read(h.Get(p, query))
		if n > 1000 {
			h.T.Fatal("the pages have no end")
		}
	}
	return n
}

func TestAlertsPageByPage(t *testing.T) {
	const incidents = 26
	h := hubtest.Start(t, 40)
	analyst := h.Person(3, hub.Analyst)
	if body := string(h.Get(analyst, "/alerts").Body); body != `{"alerts":[],"next":""}`+"\n" {
		t.Errorf("no alerts yet: %s", body)
	}
	all := many(h, incidents)
	var shape map[string]json.RawMessage
	h.Get(analyst, "/alerts").Into(h, &shape)
	if len(shape) != 2 || shape["alerts"] == nil || !strings.HasPrefix(string(shape["next"]), `"`) {
		t.Errorf("the answer has other keys than alerts and next: %v", shape)
	}
	for limit, want := range map[int][]int{0: {50, 2}, 7: {7, 8}, 52: {52, 2}, 500: {52, 1}} {
		var got []uint64
		path := "/alerts?"
		if limit > 0 {
			path += fmt.Sprint("limit=", limit)
		}
		first := 0
		n := pages(h, analyst, path, func(a hubtest.Answer) string {
			var page alertPage
			a.Into(h, &page)
			if first == 0 {
				first = len(page.Alerts)
			}
			for _, x := range page.Alerts {
				got = append(got, x.Number)
			}
			return page.Next
		})
		if first != want[0] || n != want[1] {
			t.Errorf("limit %d: first page of %d, %d pages; want %v", limit, first, n, want)
		}
		if len(got) != len(all) || !slices.IsSortedFunc(got, func(a, b uint64) int { return int(b) - int(a) }) || len(slices.Compact(got)) != len(all) {
			t.Errorf("limit %d: numbers %v", limit, got)
		}
	}
	filtersOfAlerts(t, h, analyst, all)
	indicatorsPageByPage(t, h, analyst, incidents)
}

func filtersOfAlerts(t *testing.T, h *hubtest.Hub, p hubtest.Person, all []hub.Alert) {
	t.Helper()
	middle := all[len(all)/2]
	count := func(keep func(hub.Alert) bool) (n int) {
		for _, a := range all {
			if keep(a) {
				n++
			}
		}
		return n
	}
	for query, want := range map[string]int{
		"stage=flash":                         count(func(a hub.Alert) bool { return a.Stage == hub.Flash }),
		"stage=full":                          count(func(a hub.Alert) bool { return a.Stage == hub.Full }),
		"technique=T1486":                     len(all),
		"technique=T9999":                     0,
		"family=none":                         0,
		"severity=" + string(middle.Severity): count(func(a hub.Alert) bool { return a.Severity == middle.Severity }),
		"since=" + url.QueryEscape(middle.Published.Format(time.RFC3339Nano)): count(func(a hub.Alert) bool { return !a.Published.Before(middle.Published) }),
		"since=2199-01-01T00:00:00%2B09:00":                                   0,
		"stage=flash&technique=T1486":                                         len(all) / 2,
	} {
		var page alertPage
		h.Get(p, "/alerts?limit=500&"+query).Into(h, &page)
		if len(page.Alerts) != want || page.Next != "" {
			t.Errorf("%s: %d alerts, want %d", query, len(page.Alerts), want)
		}
	}
}

func indicatorsPageByPage(t *testing.T, h *hubtest.Hub, p hubtest.Person, incidents int) {
	t.Helper()
	get := func(query string) indicatorPage {
		t.Helper()
		var page indicatorPage
		h.Get(p, "/indicators?"+query).Into(h, &page)
		return page
	}
	total := 2 * incidents // in the flash and in the full alert
	if page := get(""); len(page.Indicators) != 50 || page.Next == "" {
		t.Errorf("a page without limit has %d", len(page.Indicators))
	}
	seen := map[string]int{}
	pages(h, p, "/indicators?limit=9", func(a hubtest.Answer) string {
		var page indicatorPage
		a.Into(h, &page)
		for _, i := range page.Indicators {
			seen[i.Value]++
		}
		return page.Next
	})
	for i := range incidents {
		if seen[address(i)] != 2 {
			t.Errorf("%s was seen %d times", address(i), seen[address(i)])
		}
	}
	one := get("value=" + address(3))
	if len(one.Indicators) != 2 || one.Indicators[0].Type != "ipv4-addr:value" || one.Indicators[0].Alert == "" || !strings.Contains(one.Indicators[0].Pattern, address(3)) {
		t.Errorf("by value: %+v", one)
	}
	now := time.Now().UTC()
	for query, want := range map[string]int{
		"value=" + address(incidents+1):                             0,
		"type=ipv4-addr:value":                                      total,
		"type=domain-name:value":                                    0,
		"technique=T1486":                                           total,
		"technique=T9999":                                           0,
		"technique=T1486&value=" + address(0):                       2,
		"since=2020-01-01T00:00:00Z":                                total,
		"since=" + now.AddDate(0, 0, 1).Format(time.RFC3339):        0,
		"valid_at=" + now.AddDate(0, 0, 29).Format(time.RFC3339):    total, // an address serves 30 days
		"valid_at=" + now.AddDate(0, 0, 31).Format(time.RFC3339):    0,
		"type=ipv4-addr:value&valid_at=" + now.Format(time.RFC3339): total,
	} {
		if page := get("limit=500&" + query); len(page.Indicators) != want || page.Next != "" {
			t.Errorf("%s: %d indicators, want %d", query, len(page.Indicators), want)
		}
	}
}

func TestBadParameters(t *testing.T) {
	h := hubtest.Start(t, 20)
	analyst := h.Person(3, hub.Analyst)
	for _, query := range []string{
		"limit=0", "limit=-1", "limit=501", "limit=x", "limit=1e2", "limit=99999999999999999999", "next=0", "next=-5", "next=abc", "next=1.5",
		"since=yesterday", "since=2026-11-01", "limit=1&limit=2", "secret-hospital=1", "a%zz", "limit=1;next=2", "technique=" + strings.Repeat("T", 5000),
	} {
		for _, path := range []string{"/alerts", "/indicators"} {
			a := h.Get(analyst, path+"?"+query)
			if a.Status != http.StatusBadRequest || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s?%.30s: answer %d", path, query, a.Status)
			}
		}
	}
	for _, path := range []string{"/alerts?severity=odd", "/alerts?stage=FLASH", "/alerts?value=x", "/indicators?stage=flash", "/indicators?valid_at=x"} {
		if a := h.Get(analyst, path); a.Status != http.StatusBadRequest {
			t.Errorf("%s: answer %d", path, a.Status)
		}
	}
	if a := h.Get(h.Person(-1, hub.Secretariat), "/drafts?since=x"); a.Status != http.StatusBadRequest {
		t.Errorf("/drafts: answer %d", a.Status)
	}
	if strings.Contains(h.Log.String(), "secret-hospital") {
		t.Error("a parameter's name stands in the log")
	}
}

// TestAlertBytesAndRecall: what is served is what was signed, until it is recalled.
func TestAlertBytesAndRecall(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter, office, analyst := h.Person(0, hub.Reporter), h.Person(-1, hub.Secretariat), h.Person(3, hub.Analyst)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	released := out(h, reporter, id, hub.Flash, moderators)
	entries(h, 1)
	path := "/alerts/" + released.ID
	var a alert
	h.Get(analyst, path).Into(h, &a)
	if a.Digest != released.Digest || a.Version != 1 || a.Kind != "released" || !slices.ContainsFunc(a.Names, func(n struct{ Class, Value string }) bool { return n.Value == "T1486" }) {
		t.Errorf("the alert is %+v", a)
	}
	bundle, sig := h.Get(analyst, path+"/bundle"), h.Get(analyst, path+"/bundle.sig")
	signature, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(sig.Body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := deliver.Verify(h.Ring.AlertKey(), deliver.Entry{Alert: released, Bundle: bundle.Body, Signature: signature}); err != nil {
		t.Errorf("what is served isn't what was signed: %v", err)
	}
	if bundle.Header.Get("ETag") != `"`+released.Digest.String()+`"` || bundle.Header.Get("Content-Type") != "application/stix+json;version=2.1" || bundle.Header.Get("Isac-Signature") != strings.TrimSpace(string(sig.Body)) {
		t.Errorf("headers %v", bundle.Header)
	}
	recall := func(p hubtest.Person) word {
		return signed(p, review.ToRecall, released.Digest, word{"reason": "leak"})
	}
	for status, p := range map[int]hubtest.Person{http.StatusForbidden: analyst, http.StatusOK: office} {
		want(h, status, p, path+"/recall", recall(p))
	}
	want(h, http.StatusBadRequest, moderators[0], path+"/recall", signed(moderators[0], review.ToRecall, released.Digest, word{"reason": "embarrassing"}))
	want(h, http.StatusUnauthorized, moderators[0], path+"/recall", signed(moderators[0], review.ToWithdraw, released.Digest, word{"reason": "leak"}))
	if a := h.Get(analyst, path); a.Status != http.StatusOK {
		t.Fatalf("one person recalled it: %d", a.Status)
	}
	want(h, http.StatusOK, moderators[0], path+"/recall", recall(moderators[0]))
	h.Poll("the recall", func() bool { return h.Get(analyst, path).Status == http.StatusGone })
	for _, more := range []string{"", "/bundle", "/bundle.sig"} {
		a := h.Get(analyst, path+more)
		if a.Status != http.StatusGone || strings.Contains(string(a.Body), attacker) {
			t.Errorf("%s after the recall: %d %s", more, a.Status, a.Body)
		}
	}
	var list alertPage
	entries(h, 2) // the notice
	body := h.Get(analyst, "/alerts")
	body.Into(h, &list)
	if len(list.Alerts) != 1 || list.Alerts[0].Kind != "recalled" || list.Alerts[0].Reason != "leak" || strings.Contains(string(body.Body), "T1486") {
		t.Errorf("the list has %+v", list.Alerts)
	}
	var found indicatorPage
	h.Get(analyst, "/indicators?value="+attacker).Into(h, &found)
	if len(found.Indicators) != 0 {
		t.Error("an indicator of a recalled alert is served")
	}
	want(h, http.StatusConflict, office, path+"/recall", recall(office))
}
