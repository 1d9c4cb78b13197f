package webui

import (
	"slices"
	"time"

	"isac/hub"
	"isac/hub/direct"
	"isac/hub/review"
	"isac/internal/store"
)

// homePage is the first page: what this is, or what is new and waits.
type homePage struct {
	Frame
	Newest []alertLine
	Open   int         // reviews that wait for the moderator
	Fresh  []savedLine // searches that find something new
	Notes  int         // direct notices that the reporter should look at
	Quiet  bool        // the organisation is in quiet mode
	Shaken int         // alerts about several that rest on one taken back, for the working group
}

func (homePage) template() string { return "home" }

const (
	newestAtHome = 10
	noticeIsNew  = 7 * 24 * time.Hour
)

func (u *UI) homeShow(v *visit) error {
	p := homePage{Frame: v.frame()}
	if v.me == nil {
		return v.show(p)
	}
	if v.me.OnlyClear() {
		v.to("/partner")
		return nil
	}
	rows, err := v.reads.Public.Alerts(v.r.Context(), store.AlertQuery{Limit: newestAtHome})
	if err != nil {
		return err
	}
	p.Newest, p.Quiet = v.lines(rows), u.Machines.Quiet(v.me.Org)
	saved, err := v.saved()
	if err != nil {
		return err
	}
	p.Fresh = slices.DeleteFunc(saved, func(s savedLine) bool { return !s.Fresh })
	if v.me.Has(hub.Reporter) {
		list, err := u.Postbox.Of(v.r.Context(), *v.me)
		if err != nil {
			return err
		}
		for _, n := range list {
			if n.State == direct.Waiting && n.Reads(*v.me) == "victim" || n.Reads(*v.me) == "recipient" && u.Now().Sub(n.SentAt) < noticeIsNew {
				p.Notes++
			}
		}
	}
	if p.MayPropose() {
		p.Shaken, err = v.reads.Overview.Shaken(v.r.Context())
		if err != nil {
			return err
		}
	}
	if v.me.Has(hub.Moderator) {
		list, err := u.Desk.Reviews(*v.me)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.Yours == review.Open {
				p.Open++
			}
		}
	}
	return v.show(p)
}
