package anonymize

import (
	"testing"

	"isac/hub/profile"
	"isac/hub/register"
)

// A Case is a file of testdata as the test of the whole path needs it.
type Case struct {
	Pair      Pair
	Anonymize *Anonymizer
	List      *register.Register
	Profile   *profile.Profile
	Never     []string
	Alert     string // what the file says of the alert
}

// ReadCase drafts the report of a case.
func ReadCase(t *testing.T, file string) Case {
	t.Helper()
	c := readCase(t, file)
	out := Case{Pair: c.draft(t), Anonymize: c.world.made, List: c.world.list, Profile: c.world.profile, Alert: string(c.part("alert").Data)}
	eachLine(c.part("never").Data, func(s string) { out.Never = append(out.Never, s) })
	return out
}

// UpdateAlert rewrites the alert of a case where the flag says so.
func UpdateAlert(t *testing.T, file, alert string) bool {
	t.Helper()
	if *update {
		c := readCase(t, file)
		c.part("alert").Data = []byte(alert)
		c.write(t)
	}
	return *update
}

// Received is when the reports of all cases arrived.
var Received = received

// Seeded is randomness that is the same in every run.
var Seeded = seeded
