package webui

import (
	"github.com/go-chi/chi/v5"

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
	Waits          bool // for this moderator
	Related        []related
}

func (reviewPage) template() string { return "review" }

func (u *UI) reviewShow(v *visit) error {
	r, err := u.Desk.Review(*v.me, chi.URLParam(v.r, "review"))
	if err != nil {
		return err
	}
	p := reviewPage{
		Frame: v.frame(), ModeratorView: r, Approve: v.signing(r.Sign, r.Digest), Waits: r.Sign != "" && r.Yours == review.Open,
		DeclineReasons: review.DeclineReasons(), ReturnReasons: review.ReturnReasons(), RecuseReasons: []string{"conflict", "no-time"},
	}
	p.View, err = v.draft(r.Draft, r.Digest)
	if err != nil {
		return err
	}
	if p.View != nil {
		p.Related, err = v.resembling(r.Stage, p.View.facts)
		if err != nil {
			return err
		}
	}
	return v.show(p)
}
