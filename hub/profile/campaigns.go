package profile

import "fmt"

// Campaigns say when moderators are asked whether several released alerts should have
// one of their own.
type Campaigns struct {
	// Score is how closely two full alerts must relate, 1 to 100. 0 asks nobody.
	Score int `toml:"score"`
	// Within is how far back alerts are compared: "4320h".
	Within Duration `toml:"within"`
}

func (c Campaigns) check() error {
	if c.Score < 0 || c.Score > 100 || c.Within < 0 {
		return fmt.Errorf("campaigns: want a score of 0 to 100, and no negative length")
	}
	return nil
}
