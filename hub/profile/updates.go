package profile

import "fmt"

// Updates say how released indicators follow members' answers and their age. Every
// change goes out as a new version of its alerts.
type Updates struct {
	// Every is how long an alert stays as it is before its indicators are changed:
	// "168h". "0s" updates none.
	Every Duration `toml:"every"`
	// Step is by how many points of 100 a confidence must have moved to be told anew.
	Step int `toml:"step"`
	// Grace is how long an indicator still holds that more members call false than
	// have seen it.
	Grace Duration `toml:"grace"`
	// Slow is how late age tells on an indicator, by the beginning of its type
	// ("ipv4-addr", "file:hashes"): 1 is from the first day on in even steps, 4 at the
	// end of its life. It is 2 where nothing is said.
	Slow map[string]int `toml:"slow"`
}

// slowest is the largest number in Slow.
const slowest = 9

func (u Updates) check() error {
	if u.Every < 0 || u.Grace < 0 || u.Step < 0 || u.Step > 100 {
		return fmt.Errorf("updates: want no negative length, and a step of 0 to 100")
	}
	for typ, slow := range u.Slow {
		if slow < 1 || slow > slowest {
			return fmt.Errorf("updates.slow.%s: want 1 to %d", typ, slowest)
		}
	}
	return nil
}
