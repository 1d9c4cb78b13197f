package conveyor

import (
	"testing"
	"time"
)

// ShortenChange lets the log take less time for a change of the key, until the test ends.
func ShortenChange(t testing.TB, d time.Duration) {
	before := longestChange
	longestChange = d
	t.Cleanup(func() { longestChange = before })
}
