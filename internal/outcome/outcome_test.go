package outcome_test

import (
	"errors"
	"fmt"
	"testing"

	"isac/hub"
	"isac/internal/outcome"
)

func TestEveryKindHasAStatusAndAnExitCode(t *testing.T) {
	kinds := []hub.ErrorKind{hub.Invalid, hub.NotFound, hub.Conflict, hub.Forbidden, hub.Unsigned, hub.TooLarge, hub.Held, hub.Gone, hub.Unavailable, hub.TooOften, hub.Internal}
	if len(kinds) != len(outcome.Kinds()) {
		t.Errorf("the table has %d kinds, want %d", len(outcome.Kinds()), len(kinds))
	}
	for _, k := range kinds {
		err := fmt.Errorf("doing x: %w", hub.E(k, "error.internal"))
		if s := outcome.Status(err); s < 400 || s > 599 {
			t.Errorf("%s has status %d", k, s)
		}
		if x := outcome.Exit(err); x < 1 || x > 8 {
			t.Errorf("%s has exit code %d", k, x)
		}
	}
	if outcome.Exit(errors.New("plain")) != outcome.Exit(hub.E(hub.Internal, "")) {
		t.Error("a plain error isn't internal")
	}
	if outcome.Status(nil) != 200 || outcome.Exit(nil) != 0 {
		t.Error("no error isn't a success")
	}
}
