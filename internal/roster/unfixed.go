package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// unfixedSubject holds the vulnerabilities that have no fix, as the working group says:
// no published list tells it.
const unfixedSubject = "register.unfixed"

// SetUnfixed replaces the list of vulnerabilities without a fix.
func (r *Roster) SetUnfixed(ctx context.Context, cves []string) error {
	data, err := json.Marshal(cves)
	if err != nil {
		return fmt.Errorf("storing vulnerabilities without a fix: %w", err)
	}
	return r.store(ctx, unfixedSubject, data)
}

// Unfixed returns the vulnerabilities that have no fix, sorted.
func (r *Roster) Unfixed() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.unfixed)
}
