package stix

import (
	"errors"
	"strings"
	"time"
)

var errTime = errors.New("reading timestamp: want RFC 3339 in UTC, 2006-01-02T15:04:05.000Z")

// ParseTime reads a STIX timestamp (section 2.16): RFC 3339 with an upper-case T
// and Z, any number of fraction digits (nanoseconds are kept). A leap second,
// 23:59:60, reads as the second after it.
func ParseTime(s string) (time.Time, error) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[len(s)-1] != 'Z' || strings.ContainsRune(s, ',') {
		return time.Time{}, errTime
	}
	leap := s[11:19] == "23:59:60"
	if leap {
		s = s[:17] + "59" + s[19:]
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, errTime // the cause would quote the value
	}
	if leap {
		t = t.Add(time.Second)
	}
	return t.UTC(), nil
}

// FormatTime writes t as STIX wants created and modified: UTC, three fraction
// digits (cut, not rounded), Z.
func FormatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
