package api_test

import (
	"net/http"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
)

// TestEmergencyGoesOutBeforeReviewAndIsReviewedAfter: standing consent, the two on
// duty, the gate; then the owed review, late at first.
func TestEmergencyGoesOutBeforeReviewAndIsReviewedAfter(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, more := people(h, 3)
	oncall, officer := h.Person(more[0], hub.Moderator), h.Person(more[1], hub.DutyOfficer)
	office, reporter := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reporter)
	h.Join(reporter, review.Standing)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	want(h, http.StatusOK, reporter, "/cases/"+id+"/answers", word{"all": true})
	flash := until(h, reporter, id, hub.Flash, review.Reviewing)
	if flash.Consent != review.Standing {
		t.Fatalf("consent is %q", flash.Consent)
	}
	call := word{"reason": "exploited-now", "moderator": oncall.ID, "officer": officer.ID}
	path := "/drafts/" + flash.Digest.String()[:16] + "/emergency"
	want(h, http.StatusOK, office, path, call)
	want(h, http.StatusConflict, office, path, call) // called already
	for i, p := range []hubtest.Person{oncall, officer} {
		r, ok := reviewOf(h, p, flash.Digest)
		if !ok || r.Duty == "" || r.Sign != review.ToEmergency {
			t.Fatalf("called person %d has %+v", i, r)
		}
		forged := signed(p, review.ToApprove, r.Digest, nil)
		want(h, http.StatusUnauthorized, p, "/reviews/"+r.Review+"/approve", forged) // not signed as an emergency
		approve(h, p, r, http.StatusOK)
	}
	released := until(h, reporter, id, hub.Flash, review.Released)
	if a := entries(h, 1)[0]; a.ID != released.Alert.ID || a.Stage != hub.Flash || a.Kind != hub.Released {
		t.Errorf("out is %+v", a)
	}
	if n := duties(h, review.ReviewLate); n != 0 {
		t.Errorf("review late %d times at the release", n)
	}
	two, reviews := drawn(h, flash.Digest, append(moderators, oncall))
	h.Advance(25 * time.Hour)
	h.Poll("the late review", func() bool { return duties(h, review.ReviewLate) == 1 })
	owed := waiting(h, office, "")
	if i := indexOf(owed, flash.Digest); i < 0 || owed[i].State != "released" || !owed[i].Overdue {
		t.Fatalf("the secretariat sees %+v", owed)
	}
	var v struct {
		review.DeskView
		Name string
	}
	want(h, http.StatusOK, office, "/drafts/"+flash.Digest.String()+"/open", word{"reason": "no-answer"}).Into(h, &v)
	if len(v.Open) != 2 || v.Alert != released.Alert.ID || v.Member != "" || v.Name != "" || v.DeskView.Draft != nil {
		t.Errorf("opened: %+v", v)
	}
	for i := range 2 {
		approve(h, two[i], reviews[i], http.StatusOK)
	}
	if i := indexOf(waiting(h, office, ""), flash.Digest); i >= 0 {
		t.Error("reviewed, and still waited for")
	}
}

func indexOf(list []review.Waiting, d hub.Digest) int {
	for i, w := range list {
		if w.Digest == d {
			return i
		}
	}
	return -1
}

// TestEmergencyRefusals: each leaves the draft where it was.
func TestEmergencyRefusals(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, more := people(h, 3)
	oncall, officer := h.Person(more[0], hub.Moderator), h.Person(more[1], hub.DutyOfficer)
	colleague := h.Person(more[0], hub.DutyOfficer)
	office := h.Person(-1, hub.Secretariat)
	reporter, own := h.Person(0, hub.Reporter), h.Person(0, hub.DutyOfficer)
	asked := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "asked", "1", attacker))
	h.Join(reporter, review.Standing)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "standing", "1", attacker))
	flash := until(h, reporter, id, hub.Flash, review.Reviewing)
	full := stage(h, reporter, id, hub.Full)
	unasked := stage(h, reporter, asked, hub.Flash)
	ok := word{"reason": "several-victims", "moderator": oncall.ID, "officer": officer.ID}
	with := func(k, v string) word {
		out := word{}
		for key, value := range ok {
			out[key] = value
		}
		out[k] = v
		return out
	}
	for _, c := range []struct {
		why    string
		status int
		who    hubtest.Person
		draft  string
		body   word
	}{
		{"two of one organisation", http.StatusForbidden, office, flash.Digest.String(), with("officer", colleague.ID)},
		{"a duty officer of the victim", http.StatusForbidden, office, flash.Digest.String(), with("officer", own.ID)},
		{"a moderator as duty officer", http.StatusForbidden, office, flash.Digest.String(), with("officer", moderators[0].ID)},
		{"nobody", http.StatusForbidden, office, flash.Digest.String(), with("moderator", "")},
		{"another reason", http.StatusBadRequest, office, flash.Digest.String(), with("reason", "hurry")},
		{"a full alert", http.StatusBadRequest, office, full.Digest.String(), ok},
		{"no consent", http.StatusConflict, office, unasked.Digest.String(), ok},
		{"no such draft", http.StatusNotFound, office, hub.Sum(nil).String(), ok},
		{"too short a name", http.StatusNotFound, office, flash.Digest.String()[:15], ok},
		{"called by a moderator", http.StatusForbidden, oncall, flash.Digest.String(), ok},
		{"called by the reporter", http.StatusForbidden, reporter, flash.Digest.String(), ok},
		{"no token", http.StatusUnauthorized, hubtest.Person{}, flash.Digest.String(), ok},
	} {
		a := h.Post(c.who, "/drafts/"+c.draft+"/emergency", c.body)
		if a.Status != c.status {
			t.Errorf("%s: answer %d, want %d: %s", c.why, a.Status, c.status, a.Body)
		}
	}
	if _, called := reviewOf(h, officer, flash.Digest); called {
		t.Error("a refusal called the duty officer")
	}
	var two conveyor.Called
	lot := word{"reason": "several-victims"}
	want(h, http.StatusOK, officer, "/drafts/"+flash.Digest.String()+"/emergency", lot).Into(h, &two) // a duty officer may call
	if two.Moderator == "" || two.Officer == "" || two.Officer == own.ID || two.Moderator == two.Officer {
		t.Errorf("called by lot: %+v", two)
	}
}

// TestAThinEmergencyMustBeAcceptedAsThin: the shortened way skips no question.
func TestAThinEmergencyMustBeAcceptedAsThin(t *testing.T) {
	h := hubtest.Start(t, 40)
	_, more := people(h, 3)
	oncall, officer := h.Person(more[0], hub.Moderator), h.Person(more[1], hub.DutyOfficer)
	office, reporter := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reporter)
	h.Join(reporter, review.Standing)
	id := drafted(h, 0, reporter, thin(h.Members[0]))
	flash := until(h, reporter, id, hub.Flash, review.Reviewing)
	if !flash.Thin {
		t.Fatal("the draft isn't thin")
	}
	want(h, http.StatusOK, office, "/drafts/"+flash.Digest.String()+"/emergency", word{"reason": "exploited-now", "moderator": oncall.ID, "officer": officer.ID})
	r, _ := reviewOf(h, oncall, flash.Digest)
	path := "/reviews/" + r.Review + "/approve"
	want(h, http.StatusBadRequest, oncall, path, signed(oncall, review.ToEmergency, r.Digest, nil))
	want(h, http.StatusUnauthorized, oncall, path, signed(oncall, review.ToEmergency, r.Digest, word{"accept_thin": true}))
	want(h, http.StatusOK, oncall, path, signed(oncall, review.ToEmergencyThin, r.Digest, word{"accept_thin": true}))
	if got := stage(h, reporter, id, hub.Flash).State; got != string(review.Reviewing) {
		t.Errorf("one of the two brought it to %s", got)
	}
}

// TestConsentByTelephone: two of the secretariat, one after the other, then an
// emergency without standing consent.
func TestConsentByTelephone(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	one, two := h.Person(-1, hub.Secretariat), h.Person(-1, hub.Secretariat)
	reporter, colleague := h.Person(0, hub.Reporter), h.Person(0, hub.Reporter)
	receipt := report(h, 0, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	c := h.Case(reporter, 1)
	d := c.Stages[0].Digest
	path := "/drafts/" + d.String()
	list := waiting(h, one, "?receipt="+receipt)
	if len(list) != 2 || list[0].Overdue || waiting(h, one, "")[0].Digest != list[0].Digest {
		t.Fatalf("the receipt finds %+v", list)
	}
	want(h, http.StatusConflict, one, path+"/open", word{"reason": "no-answer"}) // not overdue yet
	h.Advance(12*time.Hour + time.Minute)
	h.Poll("the call to be due", func() bool { return duties(h, review.PhoneReporter) == 2 }) // of both stages
	var v struct {
		review.DeskView
		Name, Phone string
	}
	want(h, http.StatusOK, one, path+"/open", word{"reason": "no-answer"}).Into(h, &v)
	if v.Digest != d || hub.Sum(v.Draft) != d || v.Member != h.Members[0].ID || v.Name != h.Members[0].NameJA || len(v.Reporters) != 2 {
		t.Errorf("opened: member %s with %d reporters", v.Member, len(v.Reporters))
	}
	phone := func(status int, p hubtest.Person, with string) {
		t.Helper()
		want(h, status, p, path+"/phone", signed(p, review.ByTelephone, d, word{"with": with}))
	}
	phone(http.StatusForbidden, moderators[0], reporter.ID)
	phone(http.StatusBadRequest, one, moderators[0].ID) // nobody of the reporter
	want(h, http.StatusUnauthorized, one, path+"/phone", signed(one, review.ToConsent, d, word{"with": reporter.ID}))
	phone(http.StatusOK, one, reporter.ID)
	phone(http.StatusOK, one, reporter.ID) // one person twice is one
	if got := stage(h, reporter, c.Case, hub.Flash); got.State != string(review.Asking) {
		t.Fatalf("one of two brought it to %s", got.State)
	}
	if !waiting(h, two, "")[indexOf(waiting(h, two, ""), d)].Phoned {
		t.Error("the second can't see that the first has signed")
	}
	if h.OnDisk(reporter.ID + `","by"`) {
		t.Error("the first signature stands on disk unsealed")
	}
	if err := h.Close(); err != nil { // it waits through a restart
		t.Fatal(err)
	}
	h.Open()
	phone(http.StatusConflict, two, colleague.ID) // they spoke with different people
	phone(http.StatusOK, two, reporter.ID)
	flash := until(h, reporter, c.Case, hub.Flash, review.Reviewing)
	if flash.Consent != review.ByPhone || len(flash.Looks) != 1 || flash.Looks[0].Reason != "no-answer" {
		t.Errorf("the reporter sees consent %q, looks %+v", flash.Consent, flash.Looks)
	}
	out(h, reporter, c.Case, hub.Flash, moderators)
}
