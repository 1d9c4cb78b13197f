package validate

import (
	"strings"

	"isac/hub/stix"
)

// timestamps are the properties of STIX that hold one, wherever they stand.
var timestamps = map[string]bool{
	"created": true, "modified": true, "published": true, "submitted": true, "date": true,
	"valid_from": true, "valid_until": true, "first_seen": true, "last_seen": true,
	"first_observed": true, "last_observed": true, "start_time": true, "stop_time": true, "end_time": true,
	"start": true, "end": true, "analysis_started": true, "analysis_ended": true, "object_modified": true,
	"ctime": true, "mtime": true, "atime": true, "created_time": true, "modified_time": true,
	"account_created": true, "account_expires": true, "credential_last_changed": true,
	"account_first_login": true, "account_last_login": true, "validity_not_before": true, "validity_not_after": true,
	"private_key_usage_period_not_before": true, "private_key_usage_period_not_after": true,
	"time_date_stamp": true, "conversion_time": true,
}

// timestamp wants a real instant in UTC (section 2.16), and exactly three fraction
// digits in created and modified (section 3.2).
func timestamp(s *subject, p *place, v any) {
	text, ok := v.(string)
	if !ok || p.list || p.zone != named || !timestamps[p.name] {
		return
	}
	if p.parent == nil && !s.shape.known[p.name] {
		return
	}
	if _, err := stix.ParseTime(text); err != nil {
		s.doc.report(s.at+p.pointer(), "timestamp")
		return
	}
	if p.parent == nil && (p.name == "created" || p.name == "modified") && fractionDigits(text) != 3 {
		s.doc.report(s.at+p.pointer(), "timestamp-milliseconds")
	}
}

func fractionDigits(text string) int {
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 {
		return 0
	}
	return len(text) - dot - len(".Z")
}

// interval is two timestamps of one object in their order.
type interval struct {
	from, to string
	strict   bool // to must be later, not just no earlier
}

var seen = []interval{{"first_seen", "last_seen", false}}

// intervals are the orders that STIX sets, by type; modified is never earlier than
// created in any.
var intervals = map[string][]interval{
	"campaign":         seen,
	"infrastructure":   seen,
	"intrusion-set":    seen,
	"malware":          seen,
	"sighting":         seen,
	"threat-actor":     seen,
	"indicator":        {{"valid_from", "valid_until", true}},
	"malware-analysis": {{"analysis_started", "analysis_ended", false}},
	"network-traffic":  {{"start", "end", false}},
	"observed-data":    {{"first_observed", "last_observed", false}},
	"relationship":     {{"start_time", "stop_time", true}},
	"event":            {{"start_time", "end_time", false}},
	"impact":           {{"start_time", "end_time", false}},
	"task":             {{"start_time", "end_time", false}},
}

// timeOrder wants the later timestamp of an interval to be later.
func timeOrder(s *subject) {
	s.ordered(interval{from: "created", to: "modified"})
	for _, i := range intervals[s.Type()] {
		s.ordered(i)
	}
}

func (s *subject) ordered(i interval) {
	if !s.Has(i.to) || !s.shape.known[i.to] {
		return
	}
	from, ok := s.Time(i.from)
	to, ok2 := s.Time(i.to)
	switch {
	case !ok || !ok2:
	case i.strict && !to.After(from):
		s.report(i.to, "time-order-strict", i.to, i.from)
	case to.Before(from):
		s.report(i.to, "time-order", i.to, i.from)
	}
}
