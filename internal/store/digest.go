package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"strconv"

	"isac/hub"
)

// contents lists everything that a view says, in an order that doesn't depend on
// the order in which it was written.
var contents = map[string][]string{
	"public": {
		"SELECT " + alertColumns + ", newest FROM alerts ORDER BY number",
		"SELECT number, stix_id, type, value, lookup, pattern, confidence, valid_from, valid_until FROM indicators ORDER BY number, stix_id, type, value",
		"SELECT number, class, value FROM names ORDER BY number, class, value",
		"SELECT topic, answer, at_least, since FROM told ORDER BY topic, answer",
		"SELECT id, version, type, body FROM stix ORDER BY id, version",
		"SELECT a.number, h.key, s.id, s.version FROM alerts a, json_each(a.holds) h JOIN stix s ON s.row = h.value ORDER BY a.number, h.key",
		"SELECT row, text FROM sentences ORDER BY row",
		"SELECT docid, tokens FROM words ORDER BY docid",
		"SELECT number, sentences FROM said ORDER BY number",
		"SELECT e.collection, e.added, s.id, s.version, e.type, e.first, e.last FROM entries e JOIN stix s ON s.row = e.stix ORDER BY e.collection, e.added, s.id",
	},
	"private": {
		"SELECT seq, place, case_id, kind, stage, time, sealed FROM events ORDER BY seq, place",
	},
}

// Digest is the SHA-256 of all rows of the view: equal for equal views.
func (d database) Digest(ctx context.Context) (hub.Digest, error) {
	h := sha256.New()
	for _, query := range contents[d.kind] {
		err := d.each(ctx, query, func(row []any) { write(h, row) })
		if err != nil {
			return hub.Digest{}, fmt.Errorf("comparing the %s view: %w", d.kind, err)
		}
	}
	return hub.Digest(h.Sum(nil)), nil
}

// write writes a row so that no two rows read the same: each value with its type
// and length before it.
func write(h hash.Hash, row []any) {
	var b []byte
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
	_, _ = h.Write(b) // of a hash, which can't fail
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
