package review

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"isac/hub"
)

// TestConsentRefused: silence, machines, strangers and signatures for something
// else are no consent.
func TestConsentRefused(t *testing.T) {
	for _, c := range []struct {
		why  string
		want hub.ErrorKind
		do   func(s *story, d hub.Digest) ([]Event, error)
	}{
		{"a machine has no person and no signature", hub.Forbidden, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, Signed{}, s.w)
		}},
		{"a name without a signature", hub.Unsigned, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, Signed{Person: "reporter"}, s.w)
		}},
		{"somebody else's key under the reporter's name", hub.Unsigned, func(s *story, d hub.Digest) ([]Event, error) {
			by := s.w.sign("reader", ToConsent, d)
			by.Person = "reporter"
			return s.c.Consent(s.now, hub.Flash, d, by, s.w)
		}},
		{"a signature for another purpose", hub.Unsigned, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, s.w.sign("reporter", ToWithdraw, d), s.w)
		}},
		{"a signature over the bare digest", hub.Unsigned, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, Signed{"reporter", ed25519.Sign(s.w.keys["reporter"], d[:])}, s.w)
		}},
		{"a person of the member without the role", hub.Forbidden, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, s.w.sign("reader", ToConsent, d), s.w)
		}},
		{"a reporter of another member finds nothing", hub.NotFound, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Flash, d, s.w.sign("reporter-a", ToConsent, d), s.w)
		}},
		{"a draft that isn't the current one", hub.Conflict, func(s *story, _ hub.Digest) ([]Event, error) {
			other := hub.Sum([]byte("other"))
			return s.c.Consent(s.now, hub.Flash, other, s.w.sign("reporter", ToConsent, other), s.w)
		}},
		{"a reporter who has left", hub.Forbidden, func(s *story, d hub.Digest) ([]Event, error) {
			s.w.leave("reporter")
			return s.c.Consent(s.now, hub.Flash, d, s.w.sign("reporter", ToConsent, d), s.w)
		}},
		{"a stage without a draft", hub.Conflict, func(s *story, _ hub.Digest) ([]Event, error) {
			return s.c.Consent(s.now, hub.Full, hub.Digest{}, s.w.sign("reporter", ToConsent, hub.Digest{}), s.w)
		}},
		{"a telephone call vouched for twice by one person", hub.Forbidden, func(s *story, d hub.Digest) ([]Event, error) {
			one := s.w.sign("sec-1", ByTelephone, d)
			s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", one, s.w))
			list, err := s.c.agree(s.now, hub.Flash, d, Consent{Kind: ByPhone, By: []Signed{one, one}, With: "reporter"}, s.w)
			if n := s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", one, s.w)); n != 0 {
				s.t.Fatalf("one person twice gave %d events", n)
			}
			return list, err
		}},
		{"a telephone call vouched for by a moderator", hub.NotFound, func(s *story, d hub.Digest) ([]Event, error) {
			s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("sec-1", ByTelephone, d), s.w))
			return s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("mod-a", ByTelephone, d), s.w)
		}},
		{"a telephone call with nobody of the reporter", hub.Invalid, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter-a", s.w.sign("sec-1", ByTelephone, d), s.w)
		}},
		{"two telephone calls with different people", hub.Conflict, func(s *story, d hub.Digest) ([]Event, error) {
			s.w.person("reporter-2", "victim", hub.Reporter)
			s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("sec-1", ByTelephone, d), s.w))
			return s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter-2", s.w.sign("sec-2", ByTelephone, d), s.w)
		}},
		{"a telephone call signed as a consent", hub.Unsigned, func(s *story, d hub.Digest) ([]Event, error) {
			return s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("sec-1", ToConsent, d), s.w)
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newStory(t)
			list, err := c.do(s, s.draft(hub.Flash, "draft"))
			s.refused(c.want, list, err)
			if got := s.c.Phase(hub.Flash); got != Asking {
				t.Errorf("phase %s", got)
			}
		})
	}
}

func TestTelephoneConsent(t *testing.T) {
	s := newStory(t)
	d := s.draft(hub.Flash, "draft")
	s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("sec-1", ByTelephone, d), s.w))
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Fatalf("one of the two was enough: %s", got)
	}
	s.replayed()
	s.do(s.c.ConsentByTelephone(s.now, hub.Flash, d, "reporter", s.w.sign("sec-2", ByTelephone, d), s.w))
	for _, seat := range s.draw(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	s.release(hub.Flash, 1)
}

// TestStandingConsentHasLimits: for each the reporter is asked.
func TestStandingConsentHasLimits(t *testing.T) {
	for _, c := range []struct {
		why   string
		stage hub.Stage
		draft Draft
		spoil func(*world)
	}{
		{"a full alert", hub.Full, Draft{}, func(*world) {}},
		{"a draft for which the caller wants to ask", hub.Flash, Draft{Ask: true}, func(*world) {}},
		{"terms that say ask", hub.Flash, Draft{}, func(w *world) { w.join(Ask) }},
		{"terms with a bad signature", hub.Flash, Draft{}, func(w *world) {
			terms := w.terms["victim"]
			terms.Signature = make([]byte, 64)
			w.terms["victim"] = terms
		}},
		{"terms of another version than was signed", hub.Flash, Draft{}, func(w *world) {
			terms := w.terms["victim"]
			terms.Version = "2"
			w.terms["victim"] = terms
		}},
		{"terms signed by another member's person", hub.Flash, Draft{}, func(w *world) {
			terms := w.terms["victim"]
			terms.Person, terms.Signature = "reporter-a", ed25519.Sign(w.keys["reporter-a"], terms.SigningBytes())
			w.terms["victim"] = terms
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newStory(t)
			s.w.join(Standing)
			c.spoil(s.w)
			c.draft.Bytes = []byte("draft")
			s.do(s.c.TakeDraft(s.now, c.stage, c.draft, s.w, s.w.random))
			if got := s.c.Phase(c.stage); got != Asking {
				t.Errorf("phase %s, want the reporter asked", got)
			}
		})
	}
}

func TestAnObjectionEndsStandingConsent(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.draft(hub.Flash, "one")
	s.do(s.c.Object(s.now, hub.Flash, "reporter", s.w))
	s.draft(hub.Flash, "two")
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Errorf("after an objection a new draft is %s", got)
	}
}

func TestTermsThatChangeBeforeTheReleaseStopIt(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.approved(hub.Flash)
	s.w.join(Ask)
	s.now = s.c.ReleaseAt(hub.Flash)
	list, err := s.c.Begin(s.now, hub.Flash, s.w)
	s.refused(hub.Forbidden, list, err)
	s.do(s.c.Recheck(s.now, s.w))
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Errorf("phase %s, want the reporter asked", got)
	}
}

// TestApprovalRefused: what isn't a drawn moderator's yes to this draft counts for nothing.
func TestApprovalRefused(t *testing.T) {
	for _, c := range []struct {
		why  string
		want hub.ErrorKind
		do   func(s *story, v Vote) Vote
	}{
		{"no such review", hub.NotFound, func(_ *story, v Vote) Vote { v.Review = strings.Repeat("0", 32); return v }},
		{"an empty review id", hub.NotFound, func(_ *story, v Vote) Vote { v.Review = ""; return v }},
		{"somebody who wasn't drawn, under a drawn one's id", hub.NotFound, func(s *story, v Vote) Vote {
			v.By = s.w.sign("oncall", ToApprove, v.Digest)
			return v
		}},
		{"a conflict that came up after the draw", hub.NotFound, func(s *story, v Vote) Vote {
			p, _ := s.w.Person(v.By.Person)
			o := s.w.orgs[p.Org]
			o.Operator = "op-1"
			s.w.orgs[p.Org] = o
			return v
		}},
		{"somebody who has left", hub.NotFound, func(s *story, v Vote) Vote { s.w.leave(v.By.Person); return v }},
		{"another draft", hub.Conflict, func(s *story, v Vote) Vote {
			v.Digest = hub.Sum([]byte("other"))
			v.By = s.w.sign(v.By.Person, ToApprove, v.Digest)
			return v
		}},
		{"no signature", hub.Unsigned, func(_ *story, v Vote) Vote { v.By.Signature = nil; return v }},
		{"a signature for consent", hub.Unsigned, func(s *story, v Vote) Vote {
			v.By = s.w.sign(v.By.Person, ToConsent, v.Digest)
			return v
		}},
		{"a signature that doesn't accept a thin draft", hub.Unsigned, func(_ *story, v Vote) Vote { v.Thin = true; return v }},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newStory(t)
			s.draft(hub.Flash, "draft")
			s.consent(hub.Flash)
			v := c.do(s, s.vote(s.draw(hub.Flash)[0], hub.Flash))
			list, err := s.c.Approve(s.now, v, s.w, clocks, s.w.random)
			s.refused(c.want, list, err)
		})
	}
}

func TestThinDraftsNeedAnExplicitYesAndMarksOneOfTheirOwn(t *testing.T) {
	s := newStory(t)
	d := Draft{Bytes: []byte("thin"), Thin: true, Single: []string{"indicator:file:name:x", "indicator:file:name:a"}}
	s.do(s.c.TakeDraft(s.now, hub.Flash, d, s.w, s.w.random))
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	v := s.vote(seats[0], hub.Flash)
	v.Accept = d.Single
	_, err := s.c.Approve(s.now, v, s.w, clocks, s.w.random)
	s.refused(hub.Invalid, nil, err)
	v.Thin, v.By = true, s.w.sign(seats[0].Person, ToApproveThin, v.Digest)
	v.Accept = []string{"indicator:file:name:other"}
	_, err = s.c.Approve(s.now, v, s.w, clocks, s.w.random)
	s.refused(hub.Invalid, nil, err)
	v.Accept = d.Single[:1]
	v.By = s.w.sign(seats[0].Person, ToApproveThin, Accepting(v.Digest, v.Accept))
	s.do(s.c.Approve(s.now, v, s.w, clocks, s.w.random))
	view, err := s.c.ModeratorView(seats[1].Review, seats[1].Person, s.w)
	if err != nil || view.Sign != ToApproveThin || len(view.Single) != 2 {
		t.Errorf("the view doesn't ask for it: %+v, %v", view, err)
	}
}

func TestApprovalsBeforeConsentAreImpossible(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	list, err := s.c.Draw(s.now, hub.Flash, 2, s.w, s.w.random)
	s.refused(hub.Conflict, list, err)
	list, err = s.c.Begin(s.now, hub.Flash, s.w)
	s.refused(hub.Conflict, list, err)
}

func TestAnApproverWhoLeavesBeforeTheReleaseStopsIt(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	s.w.leave(s.c.Seats(hub.Flash)[0].Person)
	s.now = s.c.ReleaseAt(hub.Flash)
	list, err := s.c.Begin(s.now, hub.Flash, s.w)
	s.refused(hub.Forbidden, list, err)
	s.do(s.c.Recheck(s.now, s.w))
	if got := s.c.Phase(hub.Flash); got != Reviewing {
		t.Fatalf("phase %s, want another review", got)
	}
	if d := s.c.Due(s.now, clocks); !hasDuty(d, DrawModerators) {
		t.Errorf("nobody is drawn instead: %v", d)
	}
	if n := s.do(s.c.Recheck(s.now, s.w)); n != 0 {
		t.Errorf("a second look gave %d events", n)
	}
}

func TestRecusalVoidsAnApprovalUntilTheRelease(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	seat := s.c.Seats(hub.Flash)[0]
	s.do(s.c.Recuse(s.now, seat.Review, seat.Person, "conflict", s.w))
	if got := s.c.Phase(hub.Flash); got != Reviewing {
		t.Fatalf("phase %s", got)
	}
	_, err := s.c.ModeratorView(seat.Review, seat.Person, s.w)
	s.refused(hub.NotFound, nil, err)
	for range 5 {
		for _, next := range s.open(hub.Flash) {
			if next.Org == seat.Org {
				t.Fatal("the organisation that stepped aside was drawn again")
			}
		}
		_, _ = s.c.Draw(s.now, hub.Flash, 5, s.w, s.w.random)
	}
}

func TestReturnVoidsApprovalsAndAsksTheReporter(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	s.approve(hub.Flash, seats[0])
	_, err := s.c.Return(s.now, seats[1].Review, seats[1].Person, "because", nil, s.w)
	s.refused(hub.Invalid, nil, err)
	s.do(s.c.Return(s.now, seats[1].Review, seats[1].Person, "leave-out", []string{"cve:CVE-2020-1"}, s.w))
	_, err = s.c.Answer(s.now, hub.Flash, "reporter", s.w)
	s.refused(hub.Conflict, nil, err)
	if got := s.c.LeaveOut(hub.Flash); len(got) != 1 {
		t.Errorf("left out %v", got)
	}
	s.draft(hub.Flash, "without it")
	s.consent(hub.Flash)
	s.do(s.c.Return(s.now, seats[1].Review, seats[1].Person, "unclear", nil, s.w))
	s.do(s.c.Answer(s.now, hub.Flash, "reporter", s.w))
	if n := len(s.open(hub.Flash)); n != 2 {
		t.Errorf("%d open seats after the answer, want 2", n)
	}
	s.replayed()
}

func TestTwoOrganisationsDecliningStopAStage(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	s.do(s.c.Decline(s.now, seats[0].Review, seats[0].Person, "no-value", s.w))
	if got := s.c.Phase(hub.Flash); got != Reviewing {
		t.Fatalf("one no: %s", got)
	}
	s.draw(hub.Flash)
	s.do(s.c.Decline(s.now, seats[1].Review, seats[1].Person, "not-credible", s.w))
	if got := s.c.Phase(hub.Flash); got != Declined {
		t.Errorf("two of different organisations said no: %s", got)
	}
	s.replayed()
}

func TestEmergencyRefused(t *testing.T) {
	ok := Emergency{Digest: hub.Sum([]byte("draft")), Reason: "exploited-now", Caller: "sec-1", Moderator: "oncall", Officer: "officer"}
	for _, c := range []struct {
		why   string
		want  hub.ErrorKind
		spoil func(*Emergency)
	}{
		{"called by a moderator", hub.Forbidden, func(e *Emergency) { e.Caller = "mod-a" }},
		{"called by nobody", hub.Forbidden, func(e *Emergency) { e.Caller = "" }},
		{"another reason", hub.Invalid, func(e *Emergency) { e.Reason = "hurry" }},
		{"another draft", hub.Conflict, func(e *Emergency) { e.Digest = hub.Sum([]byte("older")) }},
		{"a moderator of the victim's operator", hub.Forbidden, func(e *Emergency) { e.Moderator = "mod-sibling" }},
		{"a duty officer of the victim", hub.Forbidden, func(e *Emergency) { e.Officer = "officer-victim" }},
		{"both of one organisation", hub.Forbidden, func(e *Emergency) { e.Officer = "oncall" }},
		{"a duty officer who isn't one", hub.Forbidden, func(e *Emergency) { e.Officer = "sec-2" }},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newStory(t)
			s.draft(hub.Flash, "draft")
			list, err := s.c.Call(s.now, ok, s.w, s.w.random)
			s.refused(hub.Conflict, list, err) // no consent yet
			s.consent(hub.Flash)
			in := ok
			c.spoil(&in)
			list, err = s.c.Call(s.now, in, s.w, s.w.random)
			s.refused(c.want, list, err)
			s.do(s.c.Call(s.now, ok, s.w, s.w.random))
			seats := s.c.Seats(hub.Flash)
			v := s.vote(seats[0], hub.Flash)
			v.By = s.w.sign(seats[0].Person, ToApprove, v.Digest)
			list, err = s.c.Approve(s.now, v, s.w, clocks, s.w.random)
			s.refused(hub.Unsigned, list, err) // not signed as an emergency
			s.approve(hub.Flash, seats[0])
			if s.c.Phase(hub.Flash) != Reviewing {
				t.Error("one of the two was enough")
			}
		})
	}
}

func TestNothingChangesWhileReleasing(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	s.now = s.now.Add(4 * time.Hour)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	if n := s.do(s.c.Begin(s.now, hub.Flash, s.w)); n != 0 {
		t.Errorf("beginning again gave %d events", n)
	}
	seat := s.c.Seats(hub.Flash)[0]
	d := s.c.BackDigest(hub.Flash)
	for name, do := range map[string]func() ([]Event, error){
		"draft": func() ([]Event, error) {
			return s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("new")}, s.w, s.w.random)
		},
		"object": func() ([]Event, error) { return s.c.Object(s.now, hub.Flash, "reporter", s.w) },
		"return": func() ([]Event, error) { return s.c.Return(s.now, seat.Review, seat.Person, "unclear", nil, s.w) },
		"recuse": func() ([]Event, error) { return s.c.Recuse(s.now, seat.Review, seat.Person, "left", s.w) },
		"cancel": func() ([]Event, error) {
			return s.c.TakeBack(s.now, hub.Flash, hub.Withdrawn, "wrong", s.w.sign("reporter", ToWithdraw, d), s.w)
		},
		"shred": func() ([]Event, error) { return s.c.Shred(s.now.Add(1000*time.Hour*24), clocks) },
	} {
		list, err := do()
		if hub.KindOf(err) != hub.Conflict || len(list) > 0 {
			t.Errorf("%s while releasing: %v", name, err)
		}
	}
	s.do(s.c.Hold(s.now, hub.Flash, "not-releasable")) // the gate may still stop it
	if got := s.c.Phase(hub.Flash); got != Held {
		t.Errorf("phase %s", got)
	}
	_, err := s.c.Approved(hub.Flash, s.w)
	s.refused(hub.Conflict, nil, err)
}

func TestAnEntryThatIsNotDueIsRefused(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	s.now = s.now.Add(4 * time.Hour)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	good := hub.Alert{Number: 1, ID: s.c.AlertID(hub.Flash), Version: 1, Kind: hub.Released, Stage: hub.Flash, Published: s.now, Digest: hub.Sum(nil)}
	for name, spoil := range map[string]func(*hub.Alert){
		"number":  func(a *hub.Alert) { a.Number = 0 },
		"id":      func(a *hub.Alert) { a.ID = "other" },
		"version": func(a *hub.Alert) { a.Version = 2 },
		"kind":    func(a *hub.Alert) { a.Kind = hub.Corrected },
		"stage":   func(a *hub.Alert) { a.Stage = hub.Full },
		"digest":  func(a *hub.Alert) { a.Digest = hub.Digest{} },
	} {
		a := good
		spoil(&a)
		if _, err := s.c.NoteRelease(s.now, hub.Flash, a); err == nil {
			t.Errorf("accepted with another %s", name)
		}
	}
	s.do(s.c.NoteRelease(s.now, hub.Flash, good))
	if n := s.do(s.c.NoteRelease(s.now, hub.Flash, good)); n != 0 {
		t.Errorf("the same entry again gave %d events", n)
	}
}
