package analysis

import (
	"slices"

	"isac/hub"
)

// severity follows from the facts by rule, and says by which. It tells no count.
//
//	critical  exploited now, and no fix or the same route in other recent alerts
//	high      ransomware, or a service of the sector stopped, by a route that others have
//	medium    otherwise something to act on
//	low       information
func (r *reading) severity() (hub.Severity, hub.Text) {
	switch exploited := r.sure("exploited:*"); {
	case r.hopeless():
		return hub.Critical, r.word("reason.no-patch")
	case exploited && r.recurring():
		return hub.Critical, r.word("reason.route-seen")
	case r.shared() && r.encrypts():
		return hub.High, r.word("reason.ransomware")
	case r.shared() && r.sure("service:*"):
		return hub.High, fill(r.word("reason.services"), "{name}", r.sector.Services)
	case r.answered("action"):
		return hub.Medium, r.word("reason.actionable")
	}
	return hub.Low, r.word("reason.information")
}

// hopeless reports whether one CVE of the case is exploited and has no fix.
func (r *reading) hopeless() bool {
	for _, f := range r.of(hub.CVE) {
		if f.Confidence.Score() > 0 && r.exploited(f.Value) && r.unfixed(f.Value) {
			return true
		}
	}
	return false
}

// unfixed reports whether a CVE has no fix yet.
func (r *reading) unfixed(cve string) bool { return slices.Contains(r.in.Known.Unfixed, cve) }

// recurring reports whether a route of the case is in other recent alerts.
func (r *reading) recurring() bool {
	for _, f := range r.of(hub.Route) {
		if f.Confidence.Score() > 0 && slices.Contains(r.in.Known.Routes, f.Value) {
			return true
		}
	}
	return false
}

// shared reports whether others of the sector have the route of the case.
func (r *reading) shared() bool {
	for _, f := range r.of(hub.Route) {
		if c, ok := r.lib.routes.get(f.Value); ok && c.Shared && f.Confidence.Score() > 0 {
			return true
		}
	}
	return len(r.of(hub.Route)) == 0 && r.sure("tactic:initial-access") // how everybody is attacked
}
