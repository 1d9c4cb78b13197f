package keyring

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"isac/internal/keep"
)

// Secrets of a period, a week or a quarter, lie in a folder of their kind, one a file.
// Their periods sort as text.

func (r *Ring) secretFile(kind, period string) string {
	return filepath.Join(r.dir, kind, period+".key")
}

// readSecrets reads all secrets of a kind that there are.
func (r *Ring) readSecrets(kind string, into map[string][]byte) error {
	files, err := os.ReadDir(filepath.Join(r.dir, kind))
	if err != nil {
		return fmt.Errorf("reading secrets of %s: %w", kind, err)
	}
	for _, file := range files {
		period, ok := strings.CutSuffix(file.Name(), ".key")
		if !ok {
			continue
		}
		into[period], err = openSecret(r.secretFile(kind, period))
		if err != nil {
			return err
		}
	}
	return nil
}

// endSecrets destroys the secrets of a kind of all periods before one.
func (r *Ring) endSecrets(kind string, held map[string][]byte, before string) error {
	for period := range held {
		if period >= before {
			continue
		}
		err := keep.Destroy(r.secretFile(kind, period))
		if err != nil {
			return fmt.Errorf("destroying a secret of %s: %w", kind, err)
		}
		delete(held, period)
	}
	return nil
}

// Held names the periods of which a kind of secret is still held, oldest first: "epochs",
// "links", "calls", "drafts" or "votes".
func (r *Ring) Held(kind string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kind == "epochs" {
		return slices.Sorted(maps.Keys(r.epochs))
	}
	of := map[string]map[string][]byte{"links": r.links, "calls": r.calls, "drafts": r.drafts, "votes": r.votes}[kind]
	return slices.Sorted(maps.Keys(of))
}
