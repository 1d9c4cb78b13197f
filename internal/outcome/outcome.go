// Package outcome maps the hub's closed set of error kinds to what the outside
// sees of them: HTTP and TAXII status, the word in a NATS reply, and the exit code
// of a command. This is the one place that does.
//
//	os.Exit(outcome.Exit(err))
package outcome

import (
	"net/http"

	"isac/hub"
)

type row struct{ status, exit int }

// table: exit codes 1 (input), 3 (held) and 4 up are documented in --help.
var table = map[hub.ErrorKind]row{
	hub.Invalid:     {http.StatusBadRequest, 1},
	hub.TooLarge:    {http.StatusRequestEntityTooLarge, 1},
	hub.Held:        {http.StatusConflict, 3},
	hub.NotFound:    {http.StatusNotFound, 4},
	hub.Gone:        {http.StatusGone, 4},
	hub.Unsigned:    {http.StatusUnauthorized, 5},
	hub.Forbidden:   {http.StatusForbidden, 5},
	hub.Conflict:    {http.StatusConflict, 6},
	hub.Unavailable: {http.StatusServiceUnavailable, 7},
	hub.TooOften:    {http.StatusTooManyRequests, 7},
	hub.Internal:    {http.StatusInternalServerError, 8},
}

// Status is the HTTP status of err: 200 for nil.
func Status(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return table[hub.KindOf(err)].status
}

// Exit is the exit code of err: 0 for nil.
func Exit(err error) int {
	if err == nil {
		return 0
	}
	return table[hub.KindOf(err)].exit
}

// Kinds lists the kinds of the table.
func Kinds() []hub.ErrorKind {
	var out []hub.ErrorKind
	for k := range table {
		out = append(out, k)
	}
	return out
}
