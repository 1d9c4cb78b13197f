package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
)

const attacker = "203.0.113.99"

// want posts and wants a status.
func want(h *hubtest.Hub, status int, p hubtest.Person, path string, body any) hubtest.Answer {
	h.T.Helper()
	a := h.Post(p, path, body)
	if a.Status != status {
		h.T.Fatalf("POST %s: answer %d, want %d: %s", path[:min(len(path), 30)], a.Status, status, a.Body)
	}
	return a
}

// word is the body of a decision.
type word map[string]any

// signed is the body of a decision that a person signs.
func signed(p hubtest.Person, purpose review.Purpose, d hub.Digest, more word) word {
	body := word{"digest": d, "signature": p.Sign(purpose, d)}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// report sends the bundle as member i.
func report(h *hubtest.Hub, i int, bundle []byte) string {
	h.T.Helper()
	receipt, _, err := h.Dial(i).Report(h.T.Context(), bundle)
	if err != nil {
		h.T.Fatal(err)
	}
	return receipt.Number
}

// cases reads the reporter's cases over the API.
func cases(h *hubtest.Hub, p hubtest.Person) []conveyor.CaseView {
	h.T.Helper()
	var list struct{ Cases []conveyor.CaseView }
	h.Get(p, "/cases").Into(h, &list)
	return list.Cases
}

// until waits for a stage of a case to be in a state, and returns it.
func until(h *hubtest.Hub, p hubtest.Person, id string, s hub.Stage, state review.Phase) review.ReporterStage {
	h.T.Helper()
	var got review.ReporterStage
	h.Poll(string(s)+" "+string(state), func() bool {
		got = stage(h, p, id, s)
		return got.State == string(state)
	})
	return got
}

func stage(h *hubtest.Hub, p hubtest.Person, id string, s hub.Stage) review.ReporterStage {
	h.T.Helper()
	var c conveyor.CaseView
	h.Get(p, "/cases/"+id).Into(h, &c)
	return c.Stages[slices.IndexFunc(c.Stages, func(x review.ReporterStage) bool { return x.Stage == s })]
}

// drafted reports as member i and waits for the case's drafts.
func drafted(h *hubtest.Hub, i int, p hubtest.Person, bundle []byte) string {
	h.T.Helper()
	before := len(cases(h, p))
	report(h, i, bundle)
	id := ""
	h.Poll("a drafted case", func() bool {
		list := cases(h, p)
		if len(list) > before && list[before].Stages[1].State != "waiting" {
			id = list[before].Case
		}
		return id != ""
	})
	return id
}

// consent signs a yes to a stage.
func consent(h *hubtest.Hub, p hubtest.Person, id string, s hub.Stage) {
	h.T.Helper()
	d := stage(h, p, id, s).Digest
	want(h, http.StatusOK, p, "/cases/"+id+"/consent", signed(p, review.ToConsent, d, word{"stage": s}))
}

// reviewsOf waits until the person has an open review of the draft.
func reviewOf(h *hubtest.Hub, p hubtest.Person, d hub.Digest) (review.ModeratorView, bool) {
	h.T.Helper()
	var list struct{ Reviews []review.ModeratorView }
	h.Get(p, "/reviews").Into(h, &list)
	for _, r := range list.Reviews {
		if r.Digest == d && r.Yours == review.Open {
			return r, true
		}
	}
	return review.ModeratorView{}, false
}

// drawn waits for the two who were drawn for a draft.
func drawn(h *hubtest.Hub, d hub.Digest, from []hubtest.Person) (two []hubtest.Person, reviews []review.ModeratorView) {
	h.T.Helper()
	h.Poll("two drawn moderators", func() bool {
		two, reviews = nil, nil
		for _, p := range from {
			if r, ok := reviewOf(h, p, d); ok {
				two, reviews = append(two, p), append(reviews, r)
			}
		}
		return len(two) >= 2
	})
	return two, reviews
}

// approve signs a yes to a review.
func approve(h *hubtest.Hub, p hubtest.Person, r review.ModeratorView, status int) {
	h.T.Helper()
	want(h, status, p, "/reviews/"+r.Review+"/approve", word{
		"digest": r.Digest, "signature": p.Sign(r.Sign, review.Accepting(r.Digest, r.Single)), "accept_thin": r.Thin, "accept": r.Single,
	})
}

// out brings a consented stage out by two approvals and returns its alert.
func out(h *hubtest.Hub, reporter hubtest.Person, id string, s hub.Stage, moderators []hubtest.Person) hub.Alert {
	h.T.Helper()
	two, reviews := drawn(h, stage(h, reporter, id, s).Digest, moderators)
	for i := range 2 {
		approve(h, two[i], reviews[i], http.StatusOK)
	}
	return *until(h, reporter, id, s, review.Released).Alert
}

// people puts n moderators of organisations that aren't near member 0 on the
// roster, and returns the indexes of more such organisations.
func people(h *hubtest.Hub, n int) ([]hubtest.Person, []int) {
	h.T.Helper()
	apart := h.Apart(0, n+4)
	var list []hubtest.Person
	for _, i := range apart[:n] {
		list = append(list, h.Person(i, hub.Moderator))
	}
	return list, apart[n:]
}

// thin is a report that says little.
func thin(o hub.Organisation) []byte {
	const at = "2026-05-12T01:02:03.000Z"
	d := hub.Sum([]byte(o.ID + "thin"))
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.NewID("bundle", [16]byte(d[:16])), "objects": []any{
		stix.Object{"type": "incident", "spec_version": "2.1", "id": stix.NewID("incident", [16]byte(d[:16])), "created": at, "modified": at, "name": o.NameJA},
	}})
	if err != nil {
		panic(err) // strings and lists only
	}
	return data
}

// waiting reads the secretariat's list.
func waiting(h *hubtest.Hub, office hubtest.Person, query string) []review.Waiting {
	h.T.Helper()
	var list struct{ Drafts []review.Waiting }
	h.Get(office, "/drafts"+query).Into(h, &list)
	return list.Drafts
}

// duties counts how often a duty was seen to, as the log tells it.
func duties(h *hubtest.Hub, kind review.DutyKind) int {
	return strings.Count(h.Log.String(), "duty="+string(kind)+"\n")
}

// entries waits for the view to have n entries of the log.
func entries(h *hubtest.Hub, n int) []hub.Alert {
	h.T.Helper()
	var out []hub.Alert
	h.Poll("the view", func() bool {
		list, _, err := h.Entries(context.Background(), 0, 500)
		out = nil
		for _, e := range list {
			out = append(out, e.Alert)
		}
		return err == nil && len(out) >= n
	})
	return out
}
