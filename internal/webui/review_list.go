package webui

import "isac/hub/review"

// reviewListPage lists what a moderator was drawn for.
type reviewListPage struct {
	Frame
	Reviews []review.ModeratorView
}

func (reviewListPage) template() string { return "reviews" }

func (u *UI) reviewList(v *visit) error {
	list, err := u.Desk.Reviews(*v.me)
	if err != nil {
		return err
	}
	return v.show(reviewListPage{v.frame(), list})
}
