package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/sector"
	"isac/hub/stix"
	"isac/internal/hubtest"
)

type clusters struct {
	Clusters []struct {
		Alerts []alert
		Score  int
		Shared []sector.Name
	}
	Campaigns []struct {
		alert
		Rests []string `json:"rests_on"`
		Gone  []string `json:"taken_back"`
	}
}

// incidents plays n incidents of members 0 … n-1 to their full alerts, with one address
// of the attacker each and one that all have.
func incidents(h *hubtest.Hub, moderators []hubtest.Person, n int) []deliver.Entry {
	h.T.Helper()
	for i := range n {
		p := h.Person(i, hub.Reporter)
		own := fmt.Sprintf(`{"type":"indicator","spec_version":"2.1","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3c%03d","created":"2026-05-12T01:02:03.000Z","modified":"2026-05-12T01:02:03.000Z","pattern":"[ipv4-addr:value = '198.51.100.%d']","pattern_type":"stix","valid_from":"2026-05-12T01:02:03.000Z","indicator_types":["malicious-activity"]},`, i, 71+i)
		data := bytes.Replace(hubtest.Bundle(h.Members[i], "one", "1", attacker), []byte(`"objects":[`), []byte(`"objects":[`+own), 1)
		id := drafted(h, i, p, data)
		both(h, p, id, moderators)
	}
	var full []deliver.Entry
	for _, e := range log(h, 2*n) {
		if e.Stage == hub.Full {
			full = append(full, e)
		}
	}
	return full
}

// TestCampaign: who moderates is asked in terms of released alerts, and an alert about
// them goes the way of every alert, without anybody's consent.
func TestCampaign(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 5)
	reader := h.Person(3, hub.Reader)
	full := incidents(h, moderators, 2)
	if a := h.Get(reader, "/campaigns"); a.Status != http.StatusForbidden {
		t.Errorf("a reader is asked: answer %d", a.Status)
	}
	var page clusters
	h.Get(moderators[0], "/campaigns").Into(h, &page)
	if len(page.Clusters) != 1 || len(page.Clusters[0].Alerts) != 2 || page.Clusters[0].Alerts[0].ID != full[0].ID || page.Clusters[0].Score < 25 {
		t.Fatalf("asked is about %+v", page)
	}
	both := word{"alerts": []string{full[0].ID, full[1].ID}}
	want(h, http.StatusForbidden, reader, "/campaigns", both)
	for status, ids := range map[int][]string{
		http.StatusNotFound:   {full[0].ID, "00000000-0000-4000-8000-000000000000"},
		http.StatusBadRequest: {full[0].ID, full[0].ID},
	} {
		want(h, status, moderators[0], "/campaigns", word{"alerts": ids})
	}
	want(h, http.StatusNotFound, moderators[0], "/campaigns", word{"alerts": []string{"*", ">"}})
	want(h, http.StatusOK, moderators[0], "/campaigns", both)
	want(h, http.StatusConflict, moderators[1], "/campaigns", word{"alerts": []string{full[1].ID, full[0].ID}})

	var mine struct{ Reviews []review.ModeratorView }
	h.Poll("two to be drawn", func() bool { return len(openFull(h, moderators)) == 2 })
	h.Get(moderators[0], "/reviews").Into(h, &mine)
	if open := slices.ContainsFunc(mine.Reviews, func(r review.ModeratorView) bool { return r.State == string(review.Reviewing) }); open {
		t.Error("who proposed it was drawn to approve it")
	}
	e := approved(h, moderators, 5)
	if e.Kind != hub.Released || e.Stage != hub.Full || e.Version != 1 || len(release.CheckProfile(e.Bundle)) > 0 {
		t.Errorf("the alert is %+v, %v", e.Alert, release.CheckProfile(e.Bundle))
	}
	b, err := stix.ParseBundle(e.Bundle, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	report := b.Objects[len(b.Objects)-1]
	text := report.Str("description")
	if ids := deliver.RelatedOf(report); !slices.Equal(ids, []string{full[0].ID, full[1].ID}) {
		t.Errorf("it rests on %v", ids)
	}
	for _, w := range []string{"Several released alerts", "複数の警報", full[0].ID, "T1486", "203[.]0[.]113[.]99"} {
		if !strings.Contains(text, w) {
			t.Errorf("it doesn't say %q", w)
		}
	}
	for _, w := range []string{"198.51.100.71", "198.51.100.72", h.Members[0].NameJA, h.Members[1].NameJA, "same victim"} {
		if strings.Contains(string(e.Bundle), w) {
			t.Error("it says what one alert alone states, or whom")
		}
	}
	h.Poll("nobody to be asked any more", func() bool {
		var left clusters
		h.Get(moderators[0], "/campaigns").Into(h, &left)
		return len(left.Clusters) == 0
	})
	var rel related
	h.Get(reader, "/alerts/"+full[0].ID+"/related").Into(h, &rel)
	if len(rel.Related) != 1 || rel.Related[0].ID != full[1].ID {
		t.Errorf("it counts as an incident: %+v", rel)
	}
	// When an alert it rests on is taken back, everybody can see.
	for _, p := range moderators[:2] {
		want(h, http.StatusOK, p, "/alerts/"+full[0].ID+"/recall", signed(p, review.ToRecall, full[0].Digest, word{"reason": "harmful"}))
	}
	h.Poll("the flag", func() bool {
		var list clusters
		h.Get(moderators[0], "/campaigns").Into(h, &list)
		var one struct {
			Gone []string `json:"rests_on_taken_back"`
		}
		h.Get(reader, "/alerts/"+e.ID).Into(h, &one)
		return len(list.Campaigns) == 1 && list.Campaigns[0].ID == e.ID && len(list.Campaigns[0].Rests) == 2 &&
			slices.Equal(list.Campaigns[0].Gone, []string{full[0].ID}) && slices.Equal(one.Gone, []string{full[0].ID})
	})
	// It goes back as any alert, by two.
	for _, p := range moderators[:2] {
		want(h, http.StatusOK, p, "/alerts/"+e.ID+"/recall", signed(p, review.ToRecall, e.Digest, word{"reason": "harmful"}))
	}
	if list := log(h, 7); list[4].Bundle != nil || list[6].Kind != hub.Recalled {
		t.Error("it wasn't recalled")
	}
}

// openFull are the reviews of full alerts that wait for one of these.
func openFull(h *hubtest.Hub, moderators []hubtest.Person) (open []review.ModeratorView) {
	for _, p := range moderators {
		list, err := h.Desk.Reviews(p.Person)
		if err != nil {
			h.T.Fatal(err)
		}
		for _, r := range list {
			if r.State == string(review.Reviewing) && r.Stage == hub.Full && r.Yours == review.Open {
				open = append(open, r)
			}
		}
	}
	return open
}

// approved has everything that is open approved, and returns the n-th entry of the log.
func approved(h *hubtest.Hub, moderators []hubtest.Person, n int) deliver.Entry {
	h.T.Helper()
	h.Poll("the alert", func() bool {
		h.ApproveOpen(hub.Full, moderators...)
		list, _, err := h.Entries(h.T.Context(), 0, 500)
		return err == nil && len(list) >= n
	})
	return log(h, n)[n-1]
}

// TestCampaignRestsOnWhatIsReleased: when one of its alerts is taken back before it goes
// out, it doesn't.
func TestCampaignRestsOnWhatIsReleased(t *testing.T) {
	h := hubtest.Start(t, 40, func(c *review.Clocks) {
		c.NextSlot = func(at time.Time) time.Time { return at.Add(time.Hour) }
	})
	moderators, _ := people(h, 5)
	h.Advance(0)
	full := slowly(h, moderators, 2)
	want(h, http.StatusOK, moderators[0], "/campaigns", word{"alerts": []string{full[0].ID, full[1].ID}})
	h.Poll("the approvals", func() bool {
		h.ApproveOpen(hub.Full, moderators...)
		var list struct{ Reviews []review.ModeratorView }
		done := 0
		for _, p := range moderators {
			h.Get(p, "/reviews").Into(h, &list)
			for _, r := range list.Reviews {
				if r.State == string(review.Scheduled) {
					done++
				}
			}
		}
		return done >= 2
	})
	for _, p := range moderators[:2] {
		want(h, http.StatusOK, p, "/alerts/"+full[1].ID+"/withdraw", signed(p, review.ToWithdraw, full[1].Digest, word{"reason": "wrong"}))
	}
	h.Advance(2 * time.Hour)
	h.Poll("the hold", func() bool {
		var list struct{ Reviews []review.ModeratorView }
		for _, p := range moderators {
			h.Get(p, "/reviews").Into(h, &list)
			data, err := json.Marshal(list)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), `"held"`) {
				return true
			}
		}
		return false
	})
	if list := log(h, 5); list[4].Kind != hub.Withdrawn {
		t.Errorf("the last entry is %s", list[4].Kind)
	}
}

// slowly is incidents where full alerts wait for their slot.
func slowly(h *hubtest.Hub, moderators []hubtest.Person, n int) []deliver.Entry {
	h.T.Helper()
	for i := range n {
		p := h.Person(i, hub.Reporter)
		id := drafted(h, i, p, hubtest.Bundle(h.Members[i], "one", "1", attacker))
		consent(h, p, id, hub.Flash)
		out(h, p, id, hub.Flash, moderators)
		consent(h, p, id, hub.Full)
		two, reviews := drawn(h, stage(h, p, id, hub.Full).Digest, moderators)
		for i := range 2 {
			approve(h, two[i], reviews[i], http.StatusOK)
		}
		h.Advance(2 * time.Hour)
		until(h, p, id, hub.Full, review.Released)
	}
	var full []deliver.Entry
	for _, e := range log(h, 2*n) {
		if e.Stage == hub.Full {
			full = append(full, e)
		}
	}
	return full
}
