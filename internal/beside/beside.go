// Package beside is for tests that read what lies beside the repository: a sector list
// of full size, tables, published documents. A newcomer's machine hasn't them, and such
// a test is skipped there; where ISAC_SHARED is "required", as in CI that has them, it
// fails. The package trusts the environment.
//
//	data, err := os.ReadFile("../../../shared/…")
//	if err != nil {
//		beside.Lacks(t, "the public report")
//	}
package beside

import (
	"os"
	"testing"
)

// Lacks ends a test that has nothing to read.
func Lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ISAC_SHARED") == "required" {
		t.Fatalf("%s isn't beside the repository", what)
	}
	t.Skipf("%s isn't beside the repository: tried where it is, as in CI", what)
}
