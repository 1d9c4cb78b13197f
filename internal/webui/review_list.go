package webui

import (
	"isac/hub/notice"
	"isac/hub/review"
)

// reviewListPage lists what a moderator was drawn for.
type reviewListPage struct {
	Frame
	Reviews []review.ModeratorView
	Mails   notice.Month
}

func (reviewListPage) template() string { return "reviews" }

func (u *UI) reviewList(v *visit) error {
	list, err := u.Desk.Reviews(*v.me)
	if err != nil {
		return err
	}
	this, _, err := u.Office.Mails(v.r.Context())
	if err != nil {
		return err
	}
	return v.show(reviewListPage{v.frame(), list, this})
}
