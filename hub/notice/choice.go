package notice

import (
	"slices"

	"isac/hub"
)

// Choice is what somebody wants to be told by one channel. What is critical comes at once
// by every channel that there is, and so does that an alert was taken back.
type Choice struct {
	AtOnce []hub.Severity `json:"at_once"` // besides critical
	Weekly bool           `json:"weekly"`  // the rest in the digest of the week
}

// Usual is what a person gets who chooses nothing else.
func Usual() Choice { return Choice{AtOnce: []hub.Severity{hub.High}, Weekly: true} }

// Check refuses severities that there aren't.
func (c Choice) Check() error {
	for _, s := range c.AtOnce {
		if !slices.Contains([]hub.Severity{hub.Critical, hub.High, hub.Medium, hub.Low}, s) {
			return hub.E(hub.Invalid, "notice.bad-severity", string(s))
		}
	}
	return nil
}

// For says when and how an entry is brought to somebody with a choice. Yours is an advisory
// on something that she said she runs: it comes as what is severe does.
func (c Calendar) For(choice Choice, a hub.Alert, yours bool) Plan {
	p := c.When(a)
	switch {
	case p.Way == Nowhere || p.Way == Everywhere || a.Kind.Back():
		return p
	case a.Stage == hub.Advisory && yours, a.Stage != hub.Advisory && slices.Contains(choice.AtOnce, a.Severity):
		return Plan{AtOnce, c.NextWork(a.Published)}
	case choice.Weekly:
		return Plan{Weekly, c.NextDigest(a.Published)}
	}
	return Plan{}
}
