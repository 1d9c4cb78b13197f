package metrics

import (
	"fmt"
	"math"
	"time"
)

// Summary is what a person reads of the metrics: since the hub was started, and without
// anything that a label doesn't say.
type Summary struct {
	Requests []Count
	Due      []Count
	Released []Speed
}

// Count is how often something happened.
type Count struct {
	Kind  string
	Class string // of the result of a request
	N     int
}

// Speed is how quickly a stage came out after its receipt. Median and P90 are the upper
// ends of the steps that are measured, 0 where it took longer than the last.
type Speed struct {
	Stage       string
	N           int
	Median, P90 time.Duration
}

// Summary reads the metrics.
func (s *Set) Summary() (Summary, error) {
	families, err := s.registry.Gather()
	if err != nil {
		return Summary{}, fmt.Errorf("reading metrics: %w", err)
	}
	var out Summary
	for _, f := range families {
		for _, m := range f.GetMetric() {
			label := map[string]string{}
			for _, l := range m.GetLabel() {
				label[l.GetName()] = l.GetValue()
			}
			n := int(m.GetCounter().GetValue())
			switch f.GetName() {
			case "isac_requests_total":
				out.Requests = append(out.Requests, Count{label["kind"], label["class"], n})
			case "isac_due_total":
				out.Due = append(out.Due, Count{label["duty"], "", n})
			case "isac_release_seconds":
				h := m.GetHistogram()
				speed := Speed{Stage: label["stage"], N: int(h.GetSampleCount())}
				for _, b := range h.GetBucket() {
					within, bound := float64(b.GetCumulativeCount()), b.GetUpperBound()
					if math.IsInf(bound, 1) {
						continue
					}
					if speed.Median == 0 && within >= 0.5*float64(speed.N) {
						speed.Median = time.Duration(bound) * time.Second
					}
					if speed.P90 == 0 && within >= 0.9*float64(speed.N) {
						speed.P90 = time.Duration(bound) * time.Second
					}
				}
				out.Released = append(out.Released, speed)
			}
		}
	}
	return out, nil
}
