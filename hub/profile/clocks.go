package profile

import (
	"fmt"
	"time"
)

// Clocks are the times of a case. All lengths count from the event named.
type Clocks struct {
	// Draft is the longest time from receipt to draft.
	Draft Duration `toml:"draft"`
	// FlashTarget is the time from receipt in which a flash should be out.
	FlashTarget Duration `toml:"flash_target"`
	// FlashLimit is the time from receipt after which the hub alarms for a flash.
	FlashLimit Duration `toml:"flash_limit"`
	// FullLimit is the same for the full alert.
	FullLimit Duration `toml:"full_limit"`
	// ReleaseJitter spreads a flash over this time after the second approval, at a
	// random minute.
	ReleaseJitter Duration `toml:"release_jitter"`
	// Slots are the times of day ("10:00") at which full alerts go out, rising.
	Slots []string `toml:"slots"`
	// Zone is the offset of the sector's clock from UTC, "+09:00". An offset and
	// not a name, so that the hub needs no time zone database.
	Zone string `toml:"zone"`
	// ConsentReminders are the times after the draft at which a reporter who was
	// asked is reminded; at the last one the secretariat phones.
	ConsentReminders []Duration `toml:"consent_reminders"`
	// ApprovalReminders are the times after consent: remind, draw the next
	// eligible person, call the secretariat.
	ApprovalReminders []Duration `toml:"approval_reminders"`
	// Emergency is the time from receipt in which an emergency flash is out.
	Emergency Duration `toml:"emergency"`
	// EmergencyReview is the time in which an emergency release is reviewed after.
	EmergencyReview Duration `toml:"emergency_review"`
	// Retention is how long after the full alert the original is kept: 90 days.
	Retention Duration `toml:"retention"`
	// LinkRetention is how long the link from member and incident to case is kept:
	// 180 days.
	LinkRetention Duration `toml:"link_retention"`
}

// Location returns the sector's clock as a fixed offset, UTC where Zone can't be
// read (Load refuses such a profile).
func (c Clocks) Location() *time.Location {
	t, err := time.Parse("-07:00", c.Zone)
	if err != nil {
		return time.UTC
	}
	_, offset := t.Zone()
	return time.FixedZone(c.Zone, offset)
}

// NextSlot returns the first slot after t, in the sector's clock. Without slots it
// is t itself.
func (c Clocks) NextSlot(t time.Time) time.Time {
	local := t.In(c.Location())
	for day := range 2 {
		for _, slot := range c.Slots {
			at, err := time.Parse("15:04", slot)
			if err != nil {
				continue
			}
			y, m, d := local.AddDate(0, 0, day).Date()
			next := time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, local.Location())
			if next.After(t) {
				return next
			}
		}
	}
	return t
}

// check returns the first thing wrong with c.
func (c Clocks) check() error {
	if _, err := time.Parse("-07:00", c.Zone); err != nil {
		return fmt.Errorf("clocks.zone: want an offset such as +09:00")
	}
	last := ""
	for _, slot := range c.Slots {
		if _, err := time.Parse("15:04", slot); err != nil || len(slot) != 5 {
			return fmt.Errorf("clocks.slots: want times such as 10:00")
		}
		if slot <= last {
			return fmt.Errorf("clocks.slots: want rising times")
		}
		last = slot
	}
	if c.Draft <= 0 || c.FlashTarget <= 0 || c.FlashLimit < c.FlashTarget || c.FullLimit < c.FlashLimit {
		return fmt.Errorf("clocks: want 0 < draft, flash_target <= flash_limit <= full_limit")
	}
	if c.Retention <= 0 || c.LinkRetention < c.Retention {
		return fmt.Errorf("clocks: want 0 < retention <= link_retention")
	}
	for _, list := range [][]Duration{c.ConsentReminders, c.ApprovalReminders} {
		for i := 1; i < len(list); i++ {
			if list[i] <= list[i-1] {
				return fmt.Errorf("clocks: want rising reminders")
			}
		}
	}
	return nil
}
