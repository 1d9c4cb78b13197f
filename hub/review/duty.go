package review

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"isac/hub"
)

// DutyKind says what must be done.
type DutyKind string

// The duties. One without a key ends when the case changes by it; one with a key
// ends when it is noted by Done (or the case moves on).
const (
	DraftLate        DutyKind = "draft-late"        // tell the operator
	FlashLate        DutyKind = "flash-late"        // tell the operator: over the target, then over the limit
	FullLate         DutyKind = "full-late"         // tell the operator
	RemindReporter   DutyKind = "remind-reporter"   // consent is waited for
	PhoneReporter    DutyKind = "phone-reporter"    // the secretariat phones for consent
	DrawModerators   DutyKind = "draw"              // Case.Draw with Want
	RemindModerators DutyKind = "remind-moderators" // the seats named by Reviews are open
	CallSecretariat  DutyKind = "call-secretariat"  // moderators don't answer, or nobody is left
	Publish          DutyKind = "publish"           // release, revoke or recall: its time has come
	ReviewLate       DutyKind = "review-late"       // an emergency release wasn't reviewed in time, or was declined
	AdvisoryLate     DutyKind = "advisory-late"     // of no case: a notice on a vulnerability waits past its target
	ShredCase        DutyKind = "shred"
	DestroyLink      DutyKind = "destroy-link"
)

// Duty is one thing to do for a case.
type Duty struct {
	Kind    DutyKind
	Stage   hub.Stage // "" for the whole case
	Key     string    // the same however often it is computed; "" where it ends by itself
	At      time.Time // since when it is due
	Want    int       // of DrawModerators
	Reviews []string  // of RemindModerators
}

// Due returns what is due at now, oldest first.
func (c *Case) Due(now time.Time, k Clocks) []Duty {
	all := c.duties(k)
	return slices.DeleteFunc(all, func(d Duty) bool { return d.At.After(now) })
}

// Next returns when the next duty after now falls due, zero when none will unless
// something happens.
func (c *Case) Next(now time.Time, k Clocks) time.Time {
	for _, d := range c.duties(k) {
		if d.At.After(now) {
			return d.At
		}
	}
	return time.Time{}
}

type reminded struct {
	Key string `json:"key"`
}

func (*reminded) kind() Kind { return KindReminded }

// Done notes that a duty was seen to.
func (c *Case) Done(now time.Time, d Duty) ([]Event, error) {
	if d.Key == "" || c.done[d.Key] {
		return nil, nil
	}
	return events(now, "", &reminded{d.Key})
}

func (b *reminded) fold(c *Case, _ *track, _ Event) error {
	c.done[b.Key] = true
	return nil
}

// duties returns all duties of the case as it stands, also future ones, in order
// of time.
func (c *Case) duties(k Clocks) []Duty {
	if c.member == "" {
		return nil
	}
	var all []Duty
	if !c.outline.Shredded {
		all = slices.Concat(c.late(k), c.stageDuties(hub.Flash, k), c.stageDuties(hub.Full, k), c.shredding(k))
	}
	all = append(all, c.outline.duties(k)...)
	all = slices.DeleteFunc(all, func(d Duty) bool { return d.Key != "" && c.done[d.Key] })
	slices.SortStableFunc(all, func(a, b Duty) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return all
}

// Due is what is due of a case of which only the outline is left.
func (o Outline) Due(now time.Time, k Clocks) []Duty {
	return slices.DeleteFunc(o.duties(k), func(d Duty) bool { return d.At.After(now) })
}

func (o Outline) duties(k Clocks) []Duty {
	return []Duty{{Kind: DestroyLink, Key: string(DestroyLink), At: o.Received.Add(k.LinkRetention)}}
}

// late are the alarms of what should have happened since the receipt.
func (c *Case) late(k Clocks) []Duty {
	if c.several() {
		return nil
	}
	var list []Duty
	from := c.outline.Received
	alarm := func(kind DutyKind, s hub.Stage, key string, after time.Duration) {
		list = append(list, Duty{Kind: kind, Stage: s, Key: string(kind) + key, At: from.Add(after)})
	}
	untouched := c.outline.Flash == Empty && c.outline.Full == Empty
	if untouched {
		alarm(DraftLate, "", "", k.Draft)
	}
	if c.waits(hub.Flash) {
		alarm(FlashLate, hub.Flash, "/target", k.FlashTarget)
		alarm(FlashLate, hub.Flash, "/limit", k.FlashLimit)
	}
	if c.waits(hub.Flash) && c.flash.emergency != "" {
		alarm(FlashLate, hub.Flash, "/emergency", k.Emergency)
	}
	if c.waits(hub.Full) {
		alarm(FullLate, hub.Full, "/limit", k.FullLimit)
	}
	return list
}

// waits reports whether the first release of a stage is still to come.
func (c *Case) waits(s hub.Stage) bool {
	p := c.Phase(s)
	return c.track(s).out == nil && (p == Empty || p.active())
}

func (c *Case) stageDuties(s hub.Stage, k Clocks) []Duty {
	t, phase := c.track(s), c.Phase(s)
	var list []Duty
	switch phase {
	case Asking:
		list = t.askDuties(s, k)
	case Reviewing:
		list = append(t.drawDuties(s, t.open), t.reviewDuties(s, k)...)
	case Scheduled:
		list = []Duty{{Kind: Publish, Stage: s, At: t.scheduled}}
	case Releasing, Withdrawing, Recalling:
		list = []Duty{{Kind: Publish, Stage: s, At: c.outline.Received}}
	case Released:
		if !t.owed.IsZero() {
			list = append(t.drawDuties(s, t.owed), t.owedDuty(s, k))
		}
	}
	return list
}

func (t *track) askDuties(s hub.Stage, k Clocks) []Duty {
	var list []Duty
	for i, after := range k.ConsentReminders {
		d := Duty{Kind: RemindReporter, Stage: s, At: t.asked.Add(after)}
		if i == len(k.ConsentReminders)-1 {
			d.Kind = PhoneReporter
		}
		d.Key = t.key(d.Kind, s, i, t.asked)
		list = append(list, d)
	}
	return list
}

// key names a duty of the current draft since a moment.
func (t *track) key(kind DutyKind, s hub.Stage, i int, since time.Time) string {
	return fmt.Sprintf("%s/%s/%d/%d/%d", kind, s, t.version, since.UnixMilli(), i)
}

// drawDuties wants two organisations to be drawn at any time.
func (t *track) drawDuties(s hub.Stage, since time.Time) []Duty {
	if t.liveOrgs() >= 2 {
		return nil
	}
	return []Duty{{Kind: DrawModerators, Stage: s, At: since, Want: 2}}
}

func (t *track) reviewDuties(s hub.Stage, k Clocks) []Duty {
	var list []Duty
	last := len(k.ApprovalReminders) - 1
	for i, after := range k.ApprovalReminders {
		d := Duty{Stage: s, At: t.open.Add(after)}
		switch i {
		case 0:
			d.Kind = RemindModerators
			for _, seat := range t.seats {
				if seat.State == Open {
					d.Reviews = append(d.Reviews, seat.Review)
				}
			}
		case last:
			d.Kind = CallSecretariat
		default:
			d.Kind, d.Want = DrawModerators, t.liveOrgs()+1
		}
		d.Key = t.key(d.Kind, s, i, t.open)
		list = append(list, d)
	}
	return list
}

// owedDuty is the review after an emergency release. A no brings it forward: the
// secretariat must withdraw or have corrected what is out.
func (t *track) owedDuty(s hub.Stage, k Clocks) Duty {
	d := Duty{Kind: ReviewLate, Stage: s, At: t.owed.Add(k.EmergencyReview)}
	for i, seat := range t.seats {
		if seat.State == Refused && seat.Duty == "" {
			d.At = t.owed
			d.Key = t.key(d.Kind, s, i+1, t.owed)
			return d
		}
	}
	d.Key = t.key(d.Kind, s, 0, t.owed)
	return d
}

// shredding is due a retention after the full alert, or after the last event of a
// case on which nobody works any more; never while an entry of the log is owed or
// the case is kept on request.
func (c *Case) shredding(k Clocks) []Duty {
	from := c.outline.Last
	idle := !c.outline.Flash.active() && !c.outline.Full.active()
	if c.full.out != nil && idle {
		from = c.full.out.First
	}
	if c.busy() {
		return nil
	}
	at := from.Add(k.Retention)
	if c.kept.After(at) {
		at = c.kept
	}
	return []Duty{{Kind: ShredCase, At: at}}
}

func (c *Case) busy() bool {
	return c.outline.Flash.publishing() || c.outline.Full.publishing() || c.outline.Flash == Scheduled || c.outline.Full == Scheduled
}
