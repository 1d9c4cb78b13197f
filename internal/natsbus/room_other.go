//go:build !linux && !darwin

package natsbus

import "errors"

// room isn't known here.
func room(string) (uint64, error) { return 0, errors.ErrUnsupported }
