package review

import "slices"

// Reasons are closed: a free text could carry a name. Each is a locale key,
// "review.reason.<reason>".

// DeclineReasons are why a moderator says no.
func DeclineReasons() []string {
	return []string{"not-credible", "no-value", "out-of-scope", "duplicate"}
}

// ReturnReasons are why a moderator sends a draft back. With the first three the
// same draft can't come again; with InNews the reporter is asked for consent anew.
func ReturnReasons() []string {
	return []string{"identifying", "leave-out", "wrong-fact", "unclear", "thin", InNews}
}

// InNews is the reason of a return that the incident is in the news: who reads them may
// guess the victim, so that whatever the news doesn't have is the reporter's to say anew.
const InNews = "in-news"

// RecuseReasons are why a moderator steps aside. The hub itself uses "left" and
// "conflict".
func RecuseReasons() []string { return []string{"conflict", "no-time", "left"} }

// EmergencyReasons are what makes a flash an emergency.
func EmergencyReasons() []string {
	return []string{"exploited-now", "several-victims", "same-contractor"}
}

// OpenReasons are why the secretariat opens a draft: those who are waited for don't
// answer, the reporter telephoned, or it must go out as an emergency.
func OpenReasons() []string { return []string{"no-answer", "reporter-called", "emergency"} }

// WithdrawReasons are why an alert is revoked.
func WithdrawReasons() []string {
	return []string{"wrong", "outdated", "consent-withdrawn"}
}

// RecallReasons are why an alert's bytes must be deleted everywhere. They say
// nothing of what leaked.
func RecallReasons() []string { return []string{"leak", "legal", "harmful"} }

// HoldReasons are the classes of what the gate found. None names a value.
func HoldReasons() []string { return []string{"not-releasable", "unreadable", "gate-failed"} }

// mustChange reports whether a draft returned for the reason needs a new draft.
func mustChange(reason string) bool {
	return slices.Contains([]string{"identifying", "leave-out", "wrong-fact"}, reason)
}
