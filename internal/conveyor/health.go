package conveyor

import (
	"time"

	"isac/hub/review"
)

// Health is how the clocks are. It names no case.
type Health struct {
	Turned time.Time // when the clocks were last looked at, zero before the first time
	Missed int       // duties that were due for longer than grace and aren't done
	Late   int       // cases whose keys should have been destroyed longer than grace ago
}

// Health looks at the clocks. A duty is missed when what time asks for fails again and
// again, as a publication without room on the disk, or a draw without moderators.
func (v *Conveyor) Health(grace time.Duration) Health {
	var h Health
	if at := v.turned.Load(); at != 0 {
		h.Turned = time.UnixMilli(at)
	}
	now := v.Now()
	for _, f := range v.cases.all() {
		for _, d := range f.fold.Due(now, v.Clocks) {
			switch {
			case d.At.IsZero() || now.Sub(d.At) <= grace:
			case d.Kind == review.ShredCase:
				h.Late++
			default:
				h.Missed++
			}
		}
	}
	return h
}
