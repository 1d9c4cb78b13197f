package backup_test

import (
	"testing"
	"time"
)

// TestARestoredHubKnowsItsKeys restores a log from before the key of alerts changed, with
// keys from after it: the hub goes on with the new key, and tells members how it came to it.
func TestARestoredHubKnowsItsKeys(t *testing.T) {
	r := rehearse(t)
	taken := r.take(time.Now())
	r.must(r.Desk.RotateKey(t.Context(), "", false))
	line := r.Ring.Line()
	keys := r.keys(time.Now())
	r.must(r.Close())
	r.Folder, _ = r.restore(taken.Name, keys.Keys, keys.Secrets)
	r.Open()
	if !r.Ring.AlertKey().Equal(line.Newest()) || len(r.Ring.Line().Steps) != 1 || len(r.Roster.Steps()) != 1 {
		t.Errorf("the restored hub has %d steps, and its log %d", len(r.Ring.Line().Steps), len(r.Roster.Steps()))
	}
}
