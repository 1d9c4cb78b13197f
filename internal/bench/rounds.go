package bench

import (
	"fmt"
	"slices"
	"syscall"
	"time"
)

// alternate measures subject and yardstick in turn, each first in every other
// round, and returns the medians. A round before them warms up and doesn't count.
func alternate(rounds int, subject, yardstick func() (float64, error)) (value, measure float64, err error) {
	var values, measures []float64
	for i := range rounds + 1 {
		one, other := subject, yardstick
		if i%2 == 1 {
			one, other = other, one
		}
		x, err := one()
		if err != nil {
			return 0, 0, err
		}
		y, err := other()
		if err != nil {
			return 0, 0, err
		}
		if i%2 == 1 {
			x, y = y, x
		}
		values, measures = append(values, x), append(measures, y)
	}
	return median(values[1:]), median(measures[1:]), nil
}

func median(x []float64) float64 {
	slices.Sort(x)
	n := len(x)
	if n%2 == 1 {
		return x[n/2]
	}
	return (x[n/2-1] + x[n/2]) / 2
}

// slice is how long a pure function is repeated in each round.
const slice = 150 * time.Millisecond

// pace repeats do for a slice of time and returns what one took of the processor's
// time, which others on the machine change less than the clock's.
func pace(do func() error) (time.Duration, error) {
	start, err := processorTime()
	for n := 1; err == nil; n++ {
		err = do()
		if err != nil {
			return 0, err
		}
		var now time.Duration
		now, err = processorTime()
		if now-start >= slice {
			return (now - start) / time.Duration(n), err
		}
	}
	return 0, err
}

// processorTime is what this process has had so far, garbage collection included.
func processorTime() (time.Duration, error) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	if err != nil {
		return 0, fmt.Errorf("reading processor time: %w", err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
