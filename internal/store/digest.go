package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"isac/hub"
)

// contents lists everything that a view says, in an order that doesn't depend on
// the order in which it was written. Where rows are small and many the database joins
// them, each value quoted, so that fewer come over.
var contents = map[string][]string{
	"public": {
		"SELECT " + alertColumns + ", newest FROM alerts ORDER BY number",
		joined("number", "SELECT number, stix_id, type, value, lookup, pattern, confidence, valid_from, valid_until, bucket FROM indicators ORDER BY number, stix_id, type, value",
			"stix_id", "type", "value", "lookup", "pattern", "confidence", "valid_from", "valid_until", "bucket"),
		joined("number", "SELECT number, class, value FROM names ORDER BY number, class, value", "class", "value"),
		"SELECT topic, answer, at_least, since FROM told ORDER BY topic, answer",
		"SELECT id, alert FROM editions ORDER BY id",
		"SELECT id, version, type, body, tlp FROM stix ORDER BY id, version",
		"SELECT s.id, s.version, t.id, t.version, t.type, t.body, t.tlp FROM twins t JOIN stix s ON s.row = t.row ORDER BY s.id, s.version",
		"SELECT row, text FROM sentences ORDER BY row",
		"SELECT docid, tokens FROM words ORDER BY docid",
		"SELECT number, sentences FROM said ORDER BY number",
		joined("number", "SELECT a.number, h.key, s.id, s.version FROM alerts a CROSS JOIN json_each(a.holds) h CROSS JOIN stix s ON s.row = h.value ORDER BY a.number, h.key", "key", "id", "version"),
		joined("collection, minute", "SELECT e.collection, e.added / 60000 AS minute, e.added, s.id, s.version, e.type, e.first, e.last FROM entries e CROSS JOIN stix s ON s.row = e.stix ORDER BY e.collection, minute, e.added, s.id",
			"added", "id", "version", "type", "first", "last"),
	},
	"private": {
		"SELECT seq, place, case_id, kind, stage, time, sealed FROM events ORDER BY seq, place",
	},
}

// joined gives one row for each group of a query's rows, which come in the groups' order.
func joined(group, query string, columns ...string) string {
	return "SELECT " + group + ", group_concat(quote(" + strings.Join(columns, ") || ',' || quote(") + "), ';') FROM (" + query + ") GROUP BY " + group
}

// Digest is a SHA-256 over all rows of the view: equal for equal views. The queries run
// side by side.
func (d database) Digest(ctx context.Context) (hub.Digest, error) {
	queries := contents[d.kind]
	parts, errs := make([]hub.Digest, len(queries)), make([]error, len(queries))
	var all sync.WaitGroup
	for i, query := range queries {
		all.Go(func() { parts[i], errs[i] = d.digest(ctx, query) })
	}
	all.Wait()
	err := errors.Join(errs...)
	if err != nil {
		return hub.Digest{}, fmt.Errorf("comparing the %s view: %w", d.kind, err)
	}
	h := sha256.New()
	for _, part := range parts {
		_, _ = h.Write(part[:]) // of a hash, which can't fail
	}
	return hub.Digest(h.Sum(nil)), nil
}

// digest is the SHA-256 of a query's rows.
func (d database) digest(ctx context.Context, query string) (hub.Digest, error) {
	h := sha256.New()
	var buffer []byte
	err := d.each(ctx, query, func(row []any) {
		buffer = appendRow(buffer[:0], row)
		_, _ = h.Write(buffer)
	})
	return hub.Digest(h.Sum(nil)), err
}

// appendRow writes a row so that no two rows read the same: each value with its type
// and length before it.
func appendRow(b []byte, row []any) []byte {
	for _, value := range row {
		switch v := value.(type) {
		case []byte:
			b = append(strconv.AppendInt(append(b, "bytes "...), int64(len(v)), 10), ':')
			b = append(b, v...)
		case string:
			b = append(strconv.AppendInt(append(b, "text "...), int64(len(v)), 10), ':')
			b = append(b, v...)
		case int64:
			b = append(strconv.AppendInt(append(b, "int64 "...), v, 10), ':')
		default:
			b = fmt.Appendf(b, "%T %v:", v, v)
		}
	}
	return b
}

// each calls use with the query and the columns of every row.
func (d database) each(ctx context.Context, query string, use func([]any)) error {
	rows, err := d.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		err := rows.Scan(places...)
		if err != nil {
			return err
		}
		use(append([]any{query}, values...))
	}
	return rows.Err()
}
