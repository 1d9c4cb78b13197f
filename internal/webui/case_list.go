package webui

import (
	"time"

	"isac/hub"
	"isac/hub/review"
)

// caseListPage lists what a reporter's organisation has reported, newest first.
type caseListPage struct {
	Frame
	Cases []caseLine
}

func (caseListPage) template() string { return "cases" }

type caseLine struct {
	ID       string
	Received time.Time
	Title    string // of the newest draft; "" before there is one
	Stages   []review.StageStatus
	Waits    bool // for the reporter
}

func (u *UI) caseList(v *visit) error {
	ids, err := u.Desk.Cases(v.r.Context(), *v.me)
	if err != nil {
		return err
	}
	p := caseListPage{Frame: v.frame()}
	for i := len(ids) - 1; i >= 0; i-- {
		c, err := u.Desk.Case(v.r.Context(), *v.me, ids[i])
		if hub.KindOf(err) == hub.NotFound {
			continue // it has ended meanwhile
		}
		if err != nil {
			return err
		}
		line := caseLine{ID: c.Case, Received: c.Received}
		for _, s := range c.Stages {
			line.Stages = append(line.Stages, s.StageStatus)
			line.Waits = line.Waits || s.Can("consent") || s.Can("correct")
			if d, err := v.draft(s.Draft, s.Digest); err == nil && d != nil {
				line.Title = d.Title
			}
		}
		p.Cases = append(p.Cases, line)
	}
	return v.show(p)
}
