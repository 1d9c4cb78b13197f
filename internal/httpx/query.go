package httpx

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// A parameter that is wrong is never left out of account: whoever mistypes a filter would
// take everything for what she asked for.

// mostText is how many bytes the value of a parameter may have.
const mostText = 4096

// Query are the parameters of a request: each is known, given once, short, and text. The
// first value that isn't what it should be is kept for Err.
type Query struct {
	known  []string
	values url.Values
	err    error
}

// ReadQuery reads the query of a request, where these parameters are known. No error
// repeats a caller's words.
func ReadQuery(r *http.Request, known []string) (*Query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // its text quotes the value
		return nil, hub.E(hub.Invalid, "http.bad-query")
	}
	for name := range values {
		if slices.Contains(known, name) {
			continue
		}
		if len(known) == 0 {
			return nil, hub.E(hub.Invalid, "http.no-parameter")
		}
		return nil, hub.E(hub.Invalid, "http.unknown-parameter", strings.Join(known, ", "))
	}
	for _, name := range known {
		err := sound(name, values[name])
		if err != nil {
			return nil, err
		}
	}
	return &Query{known: known, values: values}, nil
}

// sound reports whether a parameter is one text, or not given.
func sound(name string, given []string) error {
	switch {
	case len(given) == 0:
		return nil
	case len(given) > 1:
		return hub.E(hub.Invalid, "http.twice", name)
	case given[0] == "":
		return hub.E(hub.Invalid, "http.empty", name)
	case len(given[0]) > mostText || !utf8.ValidString(given[0]) || strings.ContainsFunc(given[0], unicode.IsControl):
		return hub.E(hub.Invalid, "http.bad-text", name, strconv.Itoa(mostText))
	}
	return nil
}

// Err is what was wrong first.
func (q *Query) Err() error { return q.err }

// Refuse keeps that a value is wrong, and what to give instead.
func (q *Query) Refuse(text string, args ...string) {
	if q.err == nil {
		q.err = hub.E(hub.Invalid, text, args...)
	}
}

// Text is a parameter as it is, "" where it isn't given.
func (q *Query) Text(name string) string {
	if !slices.Contains(q.known, name) {
		panic("a parameter is read that the route doesn't know")
	}
	return q.values.Get(name)
}

// Number is a whole number of a range, 0 where it isn't given.
func (q *Query) Number(name string, least, most int64) int64 {
	s := q.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		q.Refuse("http.bad-number", name, strconv.FormatInt(least, 10), strconv.FormatInt(most, 10))
		return 0
	}
	return n
}

// Next is where a page begins, as the page before it said; 0 for the first.
func (q *Query) Next(name string) int64 {
	s := q.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		q.Refuse("http.bad-next", name)
		return 0
	}
	return n
}

// OneOf is one of the known words, "" where it isn't given.
func (q *Query) OneOf(name string, known ...string) string {
	s := q.Text(name)
	if s != "" && !slices.Contains(known, s) {
		q.Refuse("http.bad-word", name, strings.Join(known, ", "))
		return ""
	}
	return s
}

// Time is an instant (RFC 3339), the zero time where it isn't given.
func (q *Query) Time(name string) time.Time {
	s := q.Text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		q.Refuse("http.bad-time", name)
	}
	return t
}

// Bool is true or false, also in the words that strconv knows (1, t, TRUE); false where it
// isn't given.
func (q *Query) Bool(name string) bool {
	s := q.Text(name)
	if s == "" {
		return false
	}
	is, err := strconv.ParseBool(s)
	if err != nil {
		q.Refuse("http.bad-word", name, "true, false")
	}
	return is
}
