package feedback

import (
	"time"

	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// Updated returns a released indicator as what is told at a telling changes it: with
// another confidence and end, and modified then. Age takes nothing of it, since every
// consumer lets age in its own way. It is false where nothing changes, or where the
// indicator was released after the telling.
func Updated(o stix.Object, told []Count, k int, at time.Time) (stix.Object, bool) {
	i, ok := released(o)
	modified, known := o.Time("modified")
	if !ok || !known || !modified.Before(at) {
		return nil, false
	}
	w := weigh(i, told, k)
	if w.confidence == i.Confidence && w.until.Equal(i.Until) {
		return nil, false
	}
	out := stix.Object{}
	for name, value := range o {
		out[name] = value
	}
	if o.Has("confidence") {
		out["confidence"] = w.confidence
	}
	out["valid_until"] = stix.FormatTime(w.until)
	out["modified"] = stix.FormatTime(at)
	return out, true
}

// released reads what counts of an indicator. Of a pattern that compares several kinds
// of things it is the first.
func released(o stix.Object) (i Indicator, ok bool) {
	p, err := pattern.Parse(o.Str("pattern"))
	if err != nil || len(p.Comparisons()) == 0 {
		return i, false
	}
	score, _ := o.Int("confidence")
	i = Indicator{Type: p.Comparisons()[0].Path.String(), Confidence: int(score)}
	i.From, ok = o.Time("valid_from")
	if ok {
		i.Until, ok = o.Time("valid_until")
	}
	return i, ok
}
