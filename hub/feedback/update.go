package feedback

import (
	"strconv"
	"strings"
	"time"

	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// sourceReleased names the reference in which an indicator that was changed says what
// it was stated to be: its confidence and end. So nothing is lowered twice, and all
// that is told follows from the object alone.
const sourceReleased = "isac-released"

// Renewed returns a released indicator as it is due to be told anew at an instant, by
// what is told of it and by its age. It is false where it has moved by less than a
// step, and where it has ended as it was said to.
func (r Rules) Renewed(o stix.Object, told []Count, at time.Time) (stix.Object, bool) {
	i, ok := Stated(o)
	modified, known := o.Time("modified")
	if !ok || !known || !modified.Before(at) || !r.Moved(i, said(o), told, at) {
		return nil, false
	}
	return state(o, i, r.Stand(i, told, at), at), true
}

// Moved reports whether an indicator has moved far enough from what was last said of it.
func (r Rules) Moved(i Indicator, last Standing, told []Count, at time.Time) bool {
	today := r.Stand(i, told, at)
	if !today.ValidUntil.Equal(last.ValidUntil) {
		return true
	}
	far := max(today.Confidence-last.Confidence, last.Confidence-today.Confidence)
	return r.Every > 0 && i.Confidence > 0 && at.Before(last.ValidUntil) && far >= max(r.Step, 1)
}

// Repeated returns an indicator that an alert states anew, as it is worth then; before
// is how it was last released, nil for a new one. What hasn't moved stays as it was.
func (r Rules) Repeated(o, before stix.Object, told []Count, at time.Time) stix.Object {
	i, ok := Stated(o)
	if !ok || r.Every <= 0 {
		return o
	}
	due := r.Stand(i, told, at)
	if last, known := Stated(before); known && last == i && !r.Moved(i, said(before), told, at) {
		due = said(before)
	}
	return state(o, i, due, at)
}

// state writes into a copy of an indicator what it is worth.
func state(o stix.Object, i Indicator, due Standing, at time.Time) stix.Object {
	out := stix.Object{}
	for name, value := range o {
		out[name] = value
	}
	if o.Has("confidence") {
		out["confidence"] = due.Confidence
	} else {
		due.Confidence = i.Confidence
	}
	out["valid_until"] = stix.FormatTime(due.ValidUntil)
	out["modified"] = stix.FormatTime(at)
	delete(out, "external_references")
	if due.Confidence != i.Confidence || !due.ValidUntil.Equal(i.Until) {
		out["external_references"] = []any{map[string]any{
			"source_name": sourceReleased, "external_id": strconv.Itoa(i.Confidence) + " " + stix.FormatTime(i.Until),
		}}
	}
	return out
}

// said is what a released indicator is said to be worth.
func said(o stix.Object) Standing {
	score, _ := o.Int("confidence")
	until, _ := o.Time("valid_until")
	return Standing{int(score), until}
}

// Stated reads a released indicator as an alert stated it. Of a pattern that compares
// several kinds of things the type is that of the first.
func Stated(o stix.Object) (i Indicator, ok bool) {
	p, err := pattern.Parse(o.Str("pattern"))
	if err != nil || len(p.Comparisons()) == 0 {
		return i, false
	}
	last := said(o)
	i = Indicator{Type: p.Comparisons()[0].Path.String(), Confidence: last.Confidence, Until: last.ValidUntil}
	i.From, ok = o.Time("valid_from")
	if !ok || i.Until.IsZero() {
		return i, false
	}
	for _, ref := range o.Objs("external_references") {
		if ref.Str("source_name") == sourceReleased {
			ok = i.read(ref.Str("external_id"))
		}
	}
	return i, ok
}

// read takes over what an indicator was stated to be.
func (i *Indicator) read(text string) bool {
	score, end, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(score)
	if err != nil {
		return false
	}
	until, err := stix.ParseTime(end)
	if err != nil {
		return false
	}
	i.Confidence, i.Until = n, until
	return true
}
