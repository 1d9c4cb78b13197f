package webui

import (
	"slices"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
)

// reviewPage is one draft for a moderator, who knows neither the member nor the others
// who moderate it.
type reviewPage struct {
	Frame
	review.ModeratorView
	View           *draftView
	Approve        signForm
	DeclineReasons []string
	ReturnReasons  []string
	RecuseReasons  []string
	Line           reviewLine
	LeftOut        []count // of the report, by what became of it
	Cell           bool    // the draft says of which cell the victim is one
	Related        []related
}

func (reviewPage) template() string { return "review" }

func (u *UI) reviewShow(v *visit) error {
	r, err := u.Desk.Review(*v.me, chi.URLParam(v.r, "review"))
	if err != nil {
		return err
	}
	p := reviewPage{
		Frame: v.frame(), ModeratorView: r, Approve: v.signing(r.Sign, r.Digest), Line: u.reviewLine(r),
		DeclineReasons: review.DeclineReasons(), ReturnReasons: review.ReturnReasons(), RecuseReasons: []string{"conflict", "no-time"},
	}
	p.View, err = v.draft(r.Draft, r.Digest)
	if err != nil {
		return err
	}
	record, err := u.Desk.ReviewRecord(v.r.Context(), *v.me, r.Review)
	if err != nil {
		return err
	}
	p.LeftOut = counts(record)
	if p.View != nil {
		p.Cell = slices.ContainsFunc(p.View.facts, func(f hub.Fact) bool { return f.Class == hub.Cell })
		p.Related, err = v.resembling(r.Stage, p.View.facts)
		if err != nil {
			return err
		}
	}
	return v.show(p)
}
