package deliver

import (
	"fmt"

	"isac/hub"
)

// Chain is how far a client has come: the last number and the digest of its bundle.
// The zero value has seen nothing.
type Chain struct {
	Last   uint64     `json:"last"`
	Digest hub.Digest `json:"digest"`
}

// Gap says that entries are missing: ask for what comes after From.
type Gap struct{ From, To uint64 }

func (g *Gap) Error() string {
	return fmt.Sprintf("checking the chain of alerts: numbers %d to %d are missing", g.From+1, g.To-1)
}

// Fork says that two different entries claim one place: the hub told different
// members different things, or somebody forged its past.
type Fork struct{ Number uint64 }

func (f *Fork) Error() string {
	return fmt.Sprintf("checking the chain of alerts: number %d doesn't follow from what was received before", f.Number)
}

// RollBack says that an entry is older than what was received.
type RollBack struct{ Number, Last uint64 }

func (r *RollBack) Error() string {
	return fmt.Sprintf("checking the chain of alerts: number %d came after number %d", r.Number, r.Last)
}

// Next returns the chain with a verified entry added, or *Gap, *Fork or *RollBack.
// The entry that was last is accepted again unchanged.
func (c Chain) Next(e Entry) (Chain, error) {
	switch {
	case e.Number == 0:
		return c, &Fork{0}
	case e.Number == c.Last:
		if e.Digest != c.Digest {
			return c, &Fork{e.Number}
		}
		return c, nil
	case e.Number < c.Last:
		return c, &RollBack{e.Number, c.Last}
	case e.Number > c.Last+1:
		return c, &Gap{c.Last, e.Number}
	case e.Previous != c.Digest:
		return c, &Fork{e.Number}
	}
	return Chain{e.Number, e.Digest}, nil
}
