package advisory

import "time"

// SourceState is how the last round of a source went, for the working group.
type SourceState struct {
	Name  string    `json:"name"`
	At    time.Time `json:"at,omitzero"`   // when it was last tried; zero where it wasn't yet
	Good  time.Time `json:"good,omitzero"` // when it was last read without an error
	Class string    `json:"class"`         // "ok", the class of what went wrong, or "" for not tried
	Taken int       `json:"taken"`         // notices of that round that were new
}
