package taxii

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/stix"
	"isac/internal/store"
)

const (
	defaultPage = 500
	largestPage = 1000
	mostMatches = 1000 // values of one match field
)

// filters are which parameters of the standard an endpoint takes (3.4 and 5).
type filters struct{ id, typ, version bool }

// parse reads the query of a request into one of the view. Empty values count as
// absent: many clients send them at first. What can't be decoded is refused.
func parse(raw string, q store.EntryQuery, f filters, object string) (store.EntryQuery, error) {
	query, err := url.ParseQuery(raw)
	if err != nil { // its text quotes the value
		return q, hub.E(hub.Invalid, "http.bad-query")
	}
	q.Limit = defaultPage
	if object != "" {
		q.IDs, q.All = []string{object}, !f.version // of versions, all
	}
	nothing, next := false, "" // nothing: a filter that nothing can match
	for _, name := range []string{"added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"} {
		values := slices.DeleteFunc(slices.Clone(query[name]), func(v string) bool { return v == "" })
		if len(values) > 1 {
			return q, hub.E(hub.Invalid, "http.twice", name)
		}
		if len(values) == 1 && (len(values[0]) > 100_000 || !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0)) {
			return q, bad(name)
		}
		if len(values) == 0 {
			continue
		}
		var err error
		list := strings.Split(values[0], ",")
		switch {
		case len(list) > mostMatches:
			err = bad(name)
		case name == "added_after":
			err = addedAfter(&q, values[0])
		case name == "limit":
			err = limit(&q, values[0])
		case name == "next":
			next = values[0]
		case name == "match[id]" && f.id:
			q.IDs = list
		case name == "match[type]" && f.typ:
			q.Types = list
		case name == "match[version]" && f.version:
			nothing, err = versions(&q, list)
		case name == "match[spec_version]":
			nothing = nothing || !slices.Contains(list, "2.1")
		}
		if err != nil {
			return q, err
		}
	}
	if nothing {
		q.IDs = []string{""}
	}
	return q, follow(&q, next)
}

// addedAfter reads a time of any precision. Entries have whole milliseconds, so one
// within a millisecond is after it.
func addedAfter(q *store.EntryQuery, text string) error {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return hub.E(hub.Invalid, "http.bad-time", "added_after")
	}
	q.After = store.Position{Added: t.UnixMilli(), Row: 1<<63 - 1}
	return nil
}

func limit(q *store.EntryQuery, text string) error {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || n == 0 {
		return hub.E(hub.Invalid, "http.bad-number", "limit", "1", strconv.Itoa(largestPage))
	}
	q.Limit = int(min(n, largestPage))
	return nil
}

// versions reads match[version]: last, first, all alone, or times. A time that no
// object can have matches nothing.
func versions(q *store.EntryQuery, list []string) (nothing bool, err error) {
	impossible := 0
	for _, v := range list {
		switch v {
		case "last":
			q.Last = true
		case "first":
			q.First = true
		case "all":
			q.All = true
		default:
			t, err := time.Parse(time.RFC3339Nano, v)
			if err != nil {
				return false, bad("match[version]")
			}
			if !t.Equal(t.Truncate(time.Millisecond)) {
				impossible++
				continue
			}
			q.Exact = append(q.Exact, stix.FormatTime(t))
		}
	}
	if q.All && len(list) > 1 {
		return false, bad("match[version]")
	}
	return impossible == len(list), nil
}

// token is where the next page begins, with a digest of what was asked: it is good on
// any node, for ever, with any limit, and for the same question only.
func token(q store.EntryQuery, at store.Position) string {
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%d.%d.%s", at.Added, at.Row, question(q))))
}

func question(q store.EntryQuery) string {
	text := fmt.Sprintf("%q %v %q %q %v %v %v %q", q.Collection, q.Twins, q.IDs, q.Types, q.All, q.First, q.Last, q.Exact)
	return hub.Sum([]byte(text)).String()[:16]
}

// follow takes up where a token says; added_after beside it counts for nothing.
func follow(q *store.EntryQuery, next string) error {
	if next == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(next)
	if err != nil {
		return hub.E(hub.Invalid, "http.bad-next", "next")
	}
	part := strings.Split(string(raw), ".")
	if len(part) != 3 || part[2] != question(*q) {
		return hub.E(hub.Invalid, "http.bad-next", "next")
	}
	added, errA := strconv.ParseInt(part[0], 10, 64)
	row, errR := strconv.ParseInt(part[1], 10, 64)
	if errA != nil || errR != nil {
		return hub.E(hub.Invalid, "http.bad-next", "next")
	}
	q.After = store.Position{Added: added, Row: row}
	return nil
}

// instant is a time of the protocol's own: six digits (2).
func instant(ms int64) string { return string(appendInstant(nil, ms)) }

func appendInstant(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
}
