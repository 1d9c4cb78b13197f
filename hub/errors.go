package hub

import "errors"

// ErrorKind is the closed set of what can go wrong for a caller. One table maps it
// to HTTP and TAXII status, NATS reply and exit code.
type ErrorKind string

// The kinds.
const (
	Invalid     ErrorKind = "invalid"     // the input must change
	NotFound    ErrorKind = "not-found"   // no such thing, or none for this caller
	Conflict    ErrorKind = "conflict"    // somebody was faster, or the state forbids it
	Forbidden   ErrorKind = "forbidden"   // known, but not allowed
	Unsigned    ErrorKind = "unsigned"    // no or wrong credentials
	TooLarge    ErrorKind = "too-large"   // over a limit
	Held        ErrorKind = "held"        // the gate holds it back
	Gone        ErrorKind = "gone"        // recalled
	Unavailable ErrorKind = "unavailable" // try again later
	TooOften    ErrorKind = "too-often"   // ask less often
	Internal    ErrorKind = "internal"    // the operator must look
)

// Error is an error with a kind and a public text: a locale key and its
// arguments. Arguments never hold a value of a report. Err is for the operator.
type Error struct {
	Kind ErrorKind
	Text string   // locale key, "error.report.too-large"
	Args []string // for the text's {0}, {1}, …
	Err  error
}

// Error implements error with the cause, or the locale key where there is none.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return e.Text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// E makes an Error without a cause.
func E(kind ErrorKind, text string, args ...string) *Error {
	return &Error{Kind: kind, Text: text, Args: args}
}

// KindOf returns the kind of the first Error in err's chain, Internal where there
// is none, and "" for nil.
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Problem is one thing wrong with a report. It is not an error: a report with
// problems is still a case. Path is a JSON pointer (RFC 6901) and may hold
// property names of the report, so it goes to the reporter alone, never to a log.
type Problem struct {
	Path string   `json:"path"`
	Rule string   `json:"rule"`           // names the rule and the locale key: "problem.<rule>"
	Args []string `json:"args,omitempty"` // for the text's {0}, {1}, …
}

// Refusal is an Error as it travels in a NATS reply: never the cause.
type Refusal struct {
	Kind ErrorKind `json:"kind"`
	Text string    `json:"text"`
	Args []string  `json:"args,omitempty"`
}

// RefusalOf returns what the outside may know of err, nil for nil.
func RefusalOf(err error) *Refusal {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return &Refusal{e.Kind, e.Text, e.Args}
	}
	return &Refusal{Kind: Internal, Text: "error.internal"}
}

// Err returns the refusal as an error again, nil for nil.
func (r *Refusal) Err() error {
	if r == nil {
		return nil
	}
	return &Error{Kind: r.Kind, Text: r.Text, Args: r.Args}
}
