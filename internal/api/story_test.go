package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/hubtest"
)

const other = "198.51.100.23"

// both brings a case to both alerts.
func both(h *hubtest.Hub, p hubtest.Person, id string, moderators []hubtest.Person) {
	h.T.Helper()
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		consent(h, p, id, s)
		out(h, p, id, s, moderators)
	}
}

// log reads the released log and checks its chain and signatures.
func log(h *hubtest.Hub, n int) []deliver.Entry {
	h.T.Helper()
	entries(h, n)
	list, _, err := h.Entries(context.Background(), 0, 500)
	if err != nil || len(list) != n {
		h.T.Fatalf("%d entries are out, want %d: %v", len(list), n, err)
	}
	var chain deliver.Chain
	for _, e := range list {
		if err := deliver.Verify(h.Ring.AlertKey(), e); err != nil {
			h.T.Fatal(err)
		}
		if chain, err = chain.Next(e); err != nil {
			h.T.Fatal(err)
		}
	}
	return list
}

// modified are the created and modified times of the report object of a bundle.
func modified(t *testing.T, bundle []byte) (created, changed time.Time) {
	t.Helper()
	b, err := stix.ParseBundle(bundle, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range b.Objects {
		if o.Type() == "report" {
			created, err = time.Parse(time.RFC3339, o.Str("created"))
			if err != nil {
				t.Fatal(err)
			}
			changed, err = time.Parse(time.RFC3339, o.Str("modified"))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return created, changed
}

// TestCorrection: a new version of the report after release gives new drafts, asks
// anew, is approved anew, and goes out as a later version of the same alerts.
func TestCorrection(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	both(h, reporter, id, moderators)
	before := stage(h, reporter, id, hub.Flash)
	first := log(h, 2)

	// What readers wouldn't see changes nothing that is out.
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "2", attacker))
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "3", other)) // worked off in order
	flash := until(h, reporter, id, hub.Flash, review.Asking)
	if flash.Version != before.Version+1 || flash.Digest == before.Digest || flash.Consent != "" || flash.Alert == nil {
		t.Errorf("after a new version the flash has draft %d, consent %q", flash.Version, flash.Consent)
	}
	old := signed(reporter, review.ToConsent, before.Digest, word{"stage": hub.Flash})
	want(h, http.StatusConflict, reporter, "/cases/"+id+"/consent", old)
	if len(log(h, 2)) != 2 {
		t.Fatal("a correction went out without consent")
	}
	both(h, reporter, id, moderators)
	list := log(h, 4)
	for i, e := range list[2:] {
		if e.ID != first[i].ID || e.Version != 2 || e.Kind != hub.Corrected || !e.Published.After(first[i].Published) {
			t.Errorf("correction %d is version %d, %s", i, e.Version, e.Kind)
		}
		created, changed := modified(t, e.Bundle)
		createdFirst, changedFirst := modified(t, first[i].Bundle)
		if !created.Equal(createdFirst) || !changed.After(changedFirst) {
			t.Errorf("correction %d: created %v, modified %v; before %v, %v", i, created, changed, createdFirst, changedFirst)
		}
		if !strings.Contains(string(e.Bundle), other) || strings.Contains(string(e.Bundle), attacker) {
			t.Errorf("correction %d has the old address, or not the new one", i)
		}
	}
	analyst := h.Person(3, hub.Analyst)
	var found indicatorPage
	h.Get(analyst, "/indicators?value="+attacker).Into(h, &found)
	if len(found.Indicators) != 0 {
		t.Error("an indicator of a corrected version is still served")
	}
	var list2 alertPage
	h.Get(analyst, "/alerts").Into(h, &list2)
	if len(list2.Alerts) != 2 || list2.Alerts[0].Version != 2 || list2.Alerts[0].Kind != "corrected" {
		t.Errorf("the list has %+v", list2.Alerts)
	}
}

// TestReturnWithLeaveOut: the value never comes again, whatever the reporter says.
func TestReturnWithLeaveOut(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	flash := stage(h, reporter, id, hub.Flash)
	two, reviews := drawn(h, flash.Digest, moderators)
	approve(h, two[0], reviews[0], http.StatusOK)
	path := "/reviews/" + reviews[1].Review
	key := keyOf(t, h, flash.Draft, attacker)
	want(h, http.StatusBadRequest, two[1], path+"/return", word{"reason": "leave-out"})
	want(h, http.StatusBadRequest, two[1], path+"/return", word{"reason": "not nice"})
	want(h, http.StatusOK, two[1], path+"/return", word{"reason": "leave-out", "leave_out": []string{key}})
	next := until(h, reporter, id, hub.Flash, review.Asking)
	if next.Digest == flash.Digest || strings.Contains(string(next.Draft), attacker) || !strings.Contains(string(next.Draft), "T1486") {
		t.Error("the next draft has the value, or is the same")
	}
	want(h, http.StatusOK, reporter, "/cases/"+id+"/answers", word{"all": true})
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "2", attacker))
	var later review.ReporterStage
	h.Poll("the draft of the new version", func() bool {
		later = stage(h, reporter, id, hub.Flash)
		return later.Version == next.Version+2
	})
	if strings.Contains(string(later.Draft), attacker) {
		t.Error("a later draft has the value again")
	}
	r, ok := reviewOf(h, two[0], next.Digest)
	if ok {
		t.Errorf("a draft that waits for consent can be approved: %+v", r)
	}
	consent(h, reporter, id, hub.Flash)
	out(h, reporter, id, hub.Flash, moderators)
	if e := log(h, 1)[0]; strings.Contains(string(e.Bundle), attacker) || !strings.Contains(string(e.Bundle), "T1486") {
		t.Error("the alert has the value, or lacks the technique")
	}
}

// keyOf finds the fact with a value.
func keyOf(t *testing.T, h *hubtest.Hub, draft []byte, value string) string {
	t.Helper()
	var b anonymize.Body
	if err := json.Unmarshal(draft, &b); err != nil {
		t.Fatal(err)
	}
	for _, f := range slices.Concat(b.Facts, b.Suggested) {
		if strings.Contains(f.Key(), value) {
			return f.Key()
		}
	}
	t.Fatal("the draft hasn't the value")
	return ""
}

// TestReturnedDraftStandsOrIsCorrected: "this is all that we know" serves for some
// reasons only.
func TestReturnedDraftStandsOrIsCorrected(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	flash := stage(h, reporter, id, hub.Flash)
	stand := func(status int) {
		t.Helper()
		want(h, status, reporter, "/cases/"+id+"/stand", word{"stage": hub.Flash})
	}
	stand(http.StatusConflict) // nothing was returned
	two, reviews := drawn(h, flash.Digest, moderators)
	approve(h, two[0], reviews[0], http.StatusOK)
	want(h, http.StatusOK, two[1], "/reviews/"+reviews[1].Review+"/return", word{"reason": "unclear"})
	if got := stage(h, reporter, id, hub.Flash); got.State != string(review.Returned) || got.Reason != "unclear" {
		t.Fatalf("returned: %s, %s", got.State, got.Reason)
	}
	stand(http.StatusOK)
	if got := until(h, reporter, id, hub.Flash, review.Reviewing); got.Digest != flash.Digest || got.Consent == "" {
		t.Errorf("the draft didn't stand: consent %q", got.Consent)
	}
	two, reviews = drawn(h, flash.Digest, moderators) // the first approval is void
	want(h, http.StatusOK, two[1], "/reviews/"+reviews[1].Review+"/return", word{"reason": "identifying"})
	stand(http.StatusConflict)
	if len(entries(h, 0)) != 0 {
		t.Error("something went out")
	}
}

// TestDeclineByTwoOrganisations stops a stage; a new version starts it again.
func TestDeclineByTwoOrganisations(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	d := stage(h, reporter, id, hub.Flash).Digest
	two, reviews := drawn(h, d, moderators)
	want(h, http.StatusBadRequest, two[0], "/reviews/"+reviews[0].Review+"/decline", word{"reason": "dull"})
	want(h, http.StatusOK, two[0], "/reviews/"+reviews[0].Review+"/decline", word{"reason": "no-value"})
	if got := stage(h, reporter, id, hub.Flash).State; got != string(review.Reviewing) {
		t.Fatalf("one no: %s", got)
	}
	next, more := drawn(h, d, moderators) // the third is drawn at once
	if slices.ContainsFunc(next, func(p hubtest.Person) bool { return p.ID == two[0].ID }) {
		t.Error("who declined is asked again")
	}
	want(h, http.StatusOK, next[0], "/reviews/"+more[0].Review+"/decline", word{"reason": "duplicate"})
	if got := stage(h, reporter, id, hub.Flash); got.State != string(review.Declined) || got.Reason != "" {
		t.Errorf("two noes: %s, %q", got.State, got.Reason)
	}
	a := h.Post(next[1], "/reviews/"+more[1].Review+"/approve", signed(next[1], more[1].Sign, d, word{"accept_thin": true}))
	if a.Status != http.StatusConflict {
		t.Errorf("approved after the end: %d", a.Status)
	}
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "2", other))
	until(h, reporter, id, hub.Flash, review.Asking)
	if len(entries(h, 0)) != 0 {
		t.Error("something went out")
	}
}

// TestObjectionEndsStandingConsent, for every later draft of the case.
func TestObjectionEndsStandingConsent(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter := h.Person(0, hub.Reporter)
	h.Join(reporter, review.Standing)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	flash := until(h, reporter, id, hub.Flash, review.Reviewing)
	two, reviews := drawn(h, flash.Digest, moderators)
	approve(h, two[0], reviews[0], http.StatusOK)
	want(h, http.StatusOK, reporter, "/cases/"+id+"/object", word{"stage": hub.Flash})
	a := h.Post(two[1], "/reviews/"+reviews[1].Review+"/approve", signed(two[1], reviews[1].Sign, flash.Digest, word{"accept_thin": true}))
	if a.Status != http.StatusConflict {
		t.Errorf("approved after the reporter's no: %d", a.Status)
	}
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "2", other))
	if got := until(h, reporter, id, hub.Flash, review.Asking); got.Consent != "" {
		t.Errorf("standing consent serves after an objection: %q", got.Consent)
	}
	if len(entries(h, 0)) != 0 {
		t.Error("something went out")
	}
}

// TestWithdrawal: before the release it cancels; after it the reporter alone, or two
// others, bring out a revoked version.
func TestWithdrawal(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter, office, analyst := h.Person(0, hub.Reporter), h.Person(-1, hub.Secretariat), h.Person(3, hub.Analyst)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	withdraw := func(s hub.Stage) {
		t.Helper()
		want(h, http.StatusOK, reporter, "/cases/"+id+"/withdraw", signed(reporter, review.ToWithdraw, stage(h, reporter, id, s).Back, word{"stage": s, "reason": "wrong"}))
	}
	withdraw(hub.Flash)
	if got := stage(h, reporter, id, hub.Flash).State; got != string(review.Cancelled) {
		t.Fatalf("withdrawn before its release: %s", got)
	}
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "2", attacker))
	until(h, reporter, id, hub.Flash, review.Asking)
	both(h, reporter, id, moderators)
	withdraw(hub.Flash)
	until(h, reporter, id, hub.Flash, review.Withdrawn)
	full := stage(h, reporter, id, hub.Full).Alert
	revoke := func(status int, p hubtest.Person) {
		t.Helper()
		want(h, status, p, "/alerts/"+full.ID+"/withdraw", signed(p, review.ToWithdraw, full.Digest, word{"reason": "outdated"}))
	}
	revoke(http.StatusForbidden, analyst)
	revoke(http.StatusOK, moderators[0])
	revoke(http.StatusOK, moderators[0]) // one person twice is one
	if got := stage(h, reporter, id, hub.Full).State; got != string(review.Released) {
		t.Fatalf("one person withdrew: %s", got)
	}
	revoke(http.StatusOK, office)
	until(h, reporter, id, hub.Full, review.Withdrawn)
	for _, e := range log(h, 4)[2:] {
		if e.Kind != hub.Withdrawn || e.Version != 2 || !strings.Contains(string(e.Bundle), `"revoked":true`) {
			t.Errorf("entry %d is %s, version %d", e.Number, e.Kind, e.Version)
		}
	}
	var found indicatorPage
	h.Get(analyst, "/indicators?value="+attacker).Into(h, &found)
	if len(found.Indicators) != 0 {
		t.Error("an indicator of a withdrawn alert is served")
	}
	report(h, 0, hubtest.Bundle(h.Members[0], "one", "3", other)) // withdrawn is final
	h.Poll("the new version", func() bool { return len(h.Log.String()) > 0 && drafts(h) == 3 })
	if got := stage(h, reporter, id, hub.Flash).State; got != string(review.Withdrawn) {
		t.Errorf("a new version brought a withdrawn alert to %s", got)
	}
}

// drafts counts the reports that were worked off.
func drafts(h *hubtest.Hub) int { return strings.Count(h.Log.String(), "what=draft class=ok") }
