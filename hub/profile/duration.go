package profile

import (
	"fmt"
	"time"
)

// Duration is a length of time that TOML writes as text: "8h", "90m", "2160h".
type Duration time.Duration

// Std returns d as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String returns d as TOML writes it.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it wants a duration of Go's
// form that is not negative.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("reading duration: %w", err)
	}
	if v < 0 {
		return fmt.Errorf("reading duration: negative")
	}
	*d = Duration(v)
	return nil
}
