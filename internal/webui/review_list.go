package webui

import (
	"time"

	"isac/hub/notice"
	"isac/hub/review"
)

// reviewListPage lists what a moderator was drawn for: what waits first, the oldest
// before the newer.
type reviewListPage struct {
	Frame
	Done    bool // something was just decided
	Reviews []reviewLine
	Mails   notice.Month
	Relay   int // notices on vulnerabilities that wait
}

func (reviewListPage) template() string { return "reviews" }

// reviewLine is one review in the queue.
type reviewLine struct {
	review.ModeratorView
	Waits bool      // for this moderator
	Age   clock     // since she was asked
	Next  time.Time // when somebody else is asked, too; zero where nobody is
	Late  bool      // that time has come
	First bool      // to go on with
}

// clock is a length of time as people read it.
type clock struct{ Hours, Minutes int }

func clockOf(d time.Duration) clock {
	d = max(d, 0)
	return clock{int(d.Hours()), int(d.Minutes()) % 60}
}

func (u *UI) reviewList(v *visit) error {
	list, err := u.Desk.Reviews(*v.me)
	if err != nil {
		return err
	}
	this, _, err := u.Office.Mails(v.r.Context())
	if err != nil {
		return err
	}
	p := reviewListPage{Frame: v.frame(), Done: v.r.URL.Query().Has("done"), Mails: this}
	p.Relay, err = v.advisoriesWaiting()
	if err != nil {
		return err
	}
	for i, r := range list {
		l := u.reviewLine(r)
		l.First = p.Done && i == 0 && l.Waits
		p.Reviews = append(p.Reviews, l)
	}
	return v.show(p)
}

func (u *UI) reviewLine(r review.ModeratorView) reviewLine {
	l := reviewLine{ModeratorView: r, Waits: waits(r), Age: clockOf(u.Now().Sub(r.Since))}
	if reminders := u.Desk.Clocks.ApprovalReminders; l.Waits && r.Duty == "" && len(reminders) > 1 {
		l.Next = r.Since.Add(reminders[1])
		l.Late = !u.Now().Before(l.Next)
	}
	return l
}

// waits reports whether a review waits for the moderator's word.
func waits(r review.ModeratorView) bool { return r.Sign != "" && r.Yours == review.Open }
