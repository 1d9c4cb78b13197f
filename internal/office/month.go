package office

import (
	"context"

	"isac/hub/notice"
)

// Mails tells how many mails at once this month and the one before have brought to a
// member: the working group is warned of too many. It rests on released alerts alone.
func (o *Office) Mails(ctx context.Context) (this, last notice.Month, err error) {
	now := o.Now()
	entries, err := o.Public.Log(ctx, now.AddDate(0, -3, 0)) // one may have waited over a holiday
	if err != nil {
		return notice.Month{}, notice.Month{}, err
	}
	c := notice.CalendarOf(o.Profile)
	this = c.MonthOf(now, entries)
	return this, c.MonthOf(this.First.AddDate(0, 0, -1), entries), nil
}
