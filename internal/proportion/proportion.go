// Package proportion lets tests hold work to a proportion: what is n times as large may
// take so many times as long. It compares durations of one run with each other, and
// a round that something else disturbed is done again, so that only what grows too
// fast in every round fails. Tests alone use it; it trusts nothing but the clock.
//
//	proportion.Check(t, "near misses", 64, func() { find(short) }, func() { find(sixteenTimes) })
package proportion

import (
	"testing"
	"time"
)

// rounds are how often a proportion may be exceeded before it is a failure.
const rounds = 8

// shortest is how long the smaller work is repeated to be timed at all.
const shortest = 10 * time.Millisecond

// Check fails the test unless in some round large takes at most `times` as long as
// small.
func Check(t testing.TB, name string, times float64, small, large func()) {
	t.Helper()
	small() // what is made once is made now
	ratio := 0.0
	for range rounds {
		one := min(each(small), each(small), each(small)) // undisturbed, lest it hide growth
		many := each(large)
		ratio = float64(many) / float64(one)
		if ratio <= times {
			return
		}
	}
	t.Errorf("%s: takes %.0f times as long, want at most %.0f", name, ratio, times)
}

// each is how long work takes on average, done at least once.
func each(work func()) time.Duration {
	begin := time.Now()
	for n := time.Duration(1); ; n++ {
		work()
		if took := time.Since(begin); took >= shortest {
			return took / n
		}
	}
}
