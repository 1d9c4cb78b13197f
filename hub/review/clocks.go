package review

import (
	"io"
	"time"

	"isac/hub"
)

// Clocks are the times of a case, lengths counted from the event named. The sector
// profile has them.
type Clocks struct {
	Draft             time.Duration   // receipt to draft
	FlashTarget       time.Duration   // receipt to flash, as it should be
	FlashLimit        time.Duration   // receipt to flash, at the latest
	FullLimit         time.Duration   // receipt to full alert, at the latest
	ReleaseJitter     time.Duration   // a flash goes out at a random moment within it
	ConsentReminders  []time.Duration // after asking; at the last one the secretariat phones
	ApprovalReminders []time.Duration // after review began: remind, draw one more, the secretariat
	Emergency         time.Duration   // receipt to the flash of an emergency, at the latest
	EmergencyReview   time.Duration   // emergency release to its review
	Retention         time.Duration   // full alert (or the last event of a case at rest) to shredding
	LinkRetention     time.Duration   // receipt to the end of the link from member to case

	// NextSlot returns when a full alert approved at t goes out; nil is at once.
	NextSlot func(t time.Time) time.Time
}

// release picks the time of a release. An emergency goes out at once, a full alert
// in the next slot, a flash at a random moment within ReleaseJitter. That window
// ends at the limit where the limit lies in it; past the limit it is whole again,
// for the time of an approval must not show.
func (k Clocks) release(now, received time.Time, s hub.Stage, emergency bool, random io.Reader) (time.Time, error) {
	switch {
	case emergency:
		return now, nil
	case s == hub.Full && k.NextSlot != nil:
		return k.NextSlot(now), nil
	case s == hub.Full:
		return now, nil
	}
	window := k.ReleaseJitter
	if left := received.Add(k.FlashLimit).Sub(now); left > 0 && left < window {
		window = left
	}
	if window < time.Millisecond {
		return now, nil
	}
	n, err := below(random, uint64(window/time.Millisecond))
	if err != nil {
		return time.Time{}, err
	}
	return now.Add(time.Duration(n) * time.Millisecond), nil
}
