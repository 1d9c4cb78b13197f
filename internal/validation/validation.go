// Package validation opens the STIX validator with the embedded schemas, once, or
// with another set from a folder. It trusts both.
package validation

import (
	"os"
	"sync"

	"isac/hub/validate"
	"isac/schemas"
)

var embedded = sync.OnceValues(func() (*validate.Validator, error) { return validate.New(schemas.FS) })

// Embedded returns the validator with the project's own schemas.
func Embedded() (*validate.Validator, error) { return embedded() }

// From returns a validator with the schemas in a folder laid out like the OASIS
// set; "" is Embedded.
func From(dir string) (*validate.Validator, error) {
	if dir == "" {
		return embedded()
	}
	return validate.New(os.DirFS(dir))
}
