package review

import (
	"testing"

	"isac/hub"
)

// A case officer opens an original by signature, with a reason, and the reporter sees
// it; who reviews the case doesn't, and who has opened it reviews nothing of it.
func TestAnOriginalIsOpenedWithATrace(t *testing.T) {
	s := newStory(t)
	s.w.person("case-1", Hub, hub.CaseOfficer)
	s.w.person("both", "a", hub.CaseOfficer, hub.Moderator)
	report := s.c.Original()
	sign := func(who string) Signed { return s.w.sign(who, ToOpenOriginal, report) }
	for name, x := range map[string]struct {
		by     Signed
		reason string
		digest hub.Digest
		want   hub.ErrorKind
	}{
		"the secretariat":  {sign("sec-1"), "legal", report, hub.Forbidden},
		"a moderator":      {sign("mod-a"), "legal", report, hub.Forbidden},
		"no reason":        {sign("case-1"), "", report, hub.Invalid},
		"another report":   {sign("case-1"), "legal", hub.Sum(nil), hub.Conflict},
		"not signed":       {Signed{Person: "case-1"}, "legal", report, hub.Unsigned},
		"signed otherwise": {s.w.sign("case-1", ToReadRecord, report), "legal", report, hub.Unsigned},
	} {
		list, err := s.c.Unseal(s.now, x.reason, x.digest, x.by, s.w)
		if hub.KindOf(err) != x.want || len(list) > 0 {
			t.Errorf("%s: %v with %d events, want %s", name, err, len(list), x.want)
		}
	}
	s.do(s.c.Unseal(s.now, "legal", report, sign("case-1"), s.w))
	v, err := s.c.ReporterView("reporter", s.w)
	if err != nil || len(v.Unsealed) != 1 || v.Unsealed[0] != (Unsealed{instant(s.now), "legal"}) {
		t.Errorf("the reporter sees %+v, %v", v.Unsealed, err)
	}
	absent(t, "reporter", v, "case-1")
	s.do(s.c.Unseal(s.now, "legal", report, sign("both"), s.w))
	s.draft(hub.Flash, "one")
	s.consent(hub.Flash)
	for _, seat := range s.draw(hub.Flash) {
		if seat.Org == "a" {
			t.Error("somebody of an organisation that opened the original was drawn")
		}
	}
	s.replayed()
}

func TestWhoReviewsACaseOpensNothingOfIt(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "one")
	s.consent(hub.Flash)
	seat := s.draw(hub.Flash)[0]
	s.w.person("colleague", seat.Org, hub.CaseOfficer)
	list, err := s.c.Unseal(s.now, "legal", s.c.Original(), s.w.sign("colleague", ToOpenOriginal, s.c.Original()), s.w)
	s.refused(hub.Forbidden, list, err)
}
