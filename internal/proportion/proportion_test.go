package proportion_test

import (
	"testing"

	"isac/internal/proportion"
)

// recorder keeps what a test would have failed with.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

var sink int

func spin(n int) {
	for i := range n {
		sink += i
	}
}

func TestCheckTellsProportionFromSquare(t *testing.T) {
	const n = 50_000
	for _, c := range []struct {
		name  string
		large int
		fails bool
	}{{"in proportion", 16 * n, false}, {"with the square", 400 * n, true}} {
		r := &recorder{TB: t}
		proportion.Check(r, c.name, 64, func() { spin(n) }, func() { spin(c.large) })
		if r.failed != c.fails {
			t.Errorf("%s: failed %v, want %v", c.name, r.failed, c.fails)
		}
	}
}
