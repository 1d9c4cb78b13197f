// Package notice says when and how people are told of an alert, and in what words. It is
// pure: a notice is a function of a released entry, the calendar of the sector and the
// reader's language, and the same for everybody who gets it. Nothing of a case, nor who
// reads, is in its text, its form or its time.
//
// It trusts the profile, and the entry to be one of the log: whoever sends a notice has
// checked that. What it says of an alert are sentences of the released bundle, with every
// released indicator defanged.
//
//	c := notice.CalendarOf(profile.HealthcareJP())
//	plan := c.When(alert) // at once, in working hours, or in the digest of the week
package notice
