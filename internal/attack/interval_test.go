package attack

import (
	"math"
	"testing"
)

// TestClopperPearson: figures from published tables.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		hits, tries int
		low, high   float64
	}{
		{0, 10, 0, 0.3085}, {10, 10, 0.6915, 1}, {1, 20, 0.0013, 0.2487}, {50, 100, 0.3983, 0.6017}, {0, 1000, 0, 0.00368}, {0, 0, 0, 1},
	} {
		low, high := clopperPearson(c.hits, c.tries)
		if math.Abs(low-c.low) > 6e-5 || math.Abs(high-c.high) > 6e-5 {
			t.Errorf("%d of %d: [%.4f, %.4f], want [%.4f, %.4f]", c.hits, c.tries, low, high, c.low, c.high)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		row  Row
		want Verdict
	}{
		{atMost("", "", 0, 100, 0), Holds},
		{atMost("", "", 1, 1000, 0), Fails},
		{atMost("", "", 5, 1000, 0.1), Holds},
		{atMost("", "", 1, 12, 0.1), Open},
		{atMost("", "", 300, 1000, 0.1), Fails},
		{atMost("", "", 0, 0, 0.1), Open},
		{proportion("", "", 98, 100, 0.98), Holds},
		{proportion("", "", 97, 100, 0.98), Fails},
		{difference("", []float64{0, 0, 0.001}, nil, nil), Holds},
		{difference("", []float64{0.5, 0.5, 0.4}, nil, nil), Fails},
	} {
		if c.row.Verdict != c.want {
			t.Errorf("%+v: want %s", c.row, c.want)
		}
	}
}
