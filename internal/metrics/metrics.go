// Package metrics counts what the hub does, for its operator alone: requests by kind
// and class of result, the time from receipt to release, and what has fallen due
// (reminders, and alarms over a target). It is served on a listener of its own,
// never on the members' one.
//
// A label is of a closed list; none names a member, a person or a case. The package
// trusts its callers for that, and refuses a label that it doesn't know.
//
//	m := metrics.New()
//	m.Request("report", "ok")
//	go http.Serve(private, m.Handler())
package metrics

import (
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"isac/hub"
	"isac/hub/review"
)

// Set is the hub's metrics. It is safe for concurrent use.
type Set struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	release  *prometheus.HistogramVec
	due      *prometheus.CounterVec
	mails    *prometheus.GaugeVec
	overdue  *prometheus.GaugeVec
	state    map[string]prometheus.Gauge
}

// New returns an empty set.
func New() *Set {
	s := &Set{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "isac_requests_total", Help: "Requests by kind and class of result.",
		}, []string{"kind", "class"}),
		release: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "isac_release_seconds", Help: "Time from receipt to release, by stage.",
			Buckets: []float64{60, 1800, 7200, 8 * 3600, 24 * 3600, 48 * 3600, 72 * 3600, 168 * 3600},
		}, []string{"stage"}),
		due: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "isac_due_total", Help: "Reminders and alarms that fell due, by duty: flash-late and full-late are over target, call-secretariat and phone-reporter want a person.",
		}, []string{"duty"}),
	}
	s.mails = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "isac_mails_at_once", Help: "Mails at once that this month brings to a member (of: month), and how many it should at most (of: most).",
	}, []string{"of"})
	s.overdue = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "isac_retention_overdue", Help: "What should have ended more than a day ago and hasn't, by class.",
	}, []string{"what"})
	s.state = map[string]prometheus.Gauge{}
	for name, help := range states {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
		s.state[name] = g
		s.registry.MustRegister(g)
	}
	s.registry.MustRegister(s.overdue, s.requests, s.release, s.due, s.mails, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s
}

// states are the gauges of how the hub is, each looked at a few times a minute.
var states = map[string]string{
	"isac_ready":                             "1 when the hub takes reports and shows alerts.",
	"isac_intake_waiting":                    "Reports that are on disk and have no case yet.",
	"isac_intake_oldest_seconds":             "How long the first of them has waited.",
	"isac_view_behind":                       "Entries of the alert log that the view lacks.",
	"isac_signer_away":                       "1 while the signer that holds the key of alerts is away.",
	"isac_duties_missed":                     "What the clocks ask for, is due for a quarter of an hour, and isn't done.",
	"isac_clocks_turned_timestamp_seconds":   "When the clocks were last looked at.",
	"isac_streams_bytes":                     "Bytes of all streams.",
	"isac_connections":                       "Clients of the embedded NATS server.",
	"isac_disk_free_bytes":                   "Bytes free where the data folder lies.",
	"isac_backup_timestamp_seconds":          "When the newest backup was made, 0 for never.",
	"isac_certificate_end_timestamp_seconds": "When the first of the certificates ends, 0 without any.",
}

// State sets gauges by name; a name that isn't one of the hub's is left out.
func (s *Set) State(now map[string]float64) {
	for name, value := range now {
		if g, ok := s.state[name]; ok {
			g.Set(value)
		}
	}
}

// Overdue tells how much of a class should have ended and hasn't.
func (s *Set) Overdue(what string, n int) { s.overdue.WithLabelValues(what).Set(float64(n)) }

// kinds are the requests that are counted.
var kinds = []string{"report", "case", "catchup", "feedback", "draft", "duty", "campaign", "notice"}

// Request counts a request. Class is "ok" or a hub.ErrorKind.
func (s *Set) Request(kind, class string) {
	if !slices.Contains(kinds, kind) || !known(class) {
		return
	}
	s.requests.WithLabelValues(kind, class).Inc()
}

func known(class string) bool {
	all := []hub.ErrorKind{hub.Invalid, hub.NotFound, hub.Conflict, hub.Forbidden, hub.Unsigned, hub.TooLarge, hub.Held, hub.Gone, hub.Unavailable, hub.TooOften, hub.Internal}
	return class == "ok" || slices.Contains(all, hub.ErrorKind(class))
}

// Released measures a first release of a stage.
func (s *Set) Released(stage hub.Stage, since time.Duration) {
	if stage == hub.Flash || stage == hub.Full {
		s.release.WithLabelValues(string(stage)).Observe(since.Seconds())
	}
}

// duties are the reminders and alarms that are counted.
var duties = []review.DutyKind{
	review.DraftLate, review.FlashLate, review.FullLate, review.RemindReporter, review.PhoneReporter,
	review.RemindModerators, review.CallSecretariat, review.ReviewLate, review.AdvisoryLate,
}

// Due counts a reminder or an alarm.
func (s *Set) Due(duty review.DutyKind) {
	if slices.Contains(duties, duty) {
		s.due.WithLabelValues(string(duty)).Inc()
	}
}

// Mails tells how many mails at once this month brings to a member, and how many it
// should at most.
func (s *Set) Mails(month, most int) {
	s.mails.WithLabelValues("month").Set(float64(month))
	s.mails.WithLabelValues("most").Set(float64(most))
}

// Handler serves the metrics in Prometheus' text format.
func (s *Set) Handler() http.Handler {
	return promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})
}
