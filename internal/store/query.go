package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Lookup is the form in which indicator values are compared: lower case.
func Lookup(value string) string { return strings.ToLower(value) }

// AlertQuery selects alerts by their news, newest first: an update of indicators is
// none. Zero fields don't restrict, but that advisories are asked for by their stage.
type AlertQuery struct {
	Before   uint64 // news below this one: the cursor
	Severity hub.Severity
	Stage    hub.Stage
	Class    string // with Name: alerts that name it, "technique" "T1133"; alone: that name any
	Name     string
	Since    time.Time
	Limit    int // 50 when 0, 500 at most
}

const alertColumns = "number, id, version, kind, stage, tlp, severity, published, previous, digest, signature, bundle, title_ja, title_en, news, reason"

// newestColumns are those of an alert's newest version: the reason of a recall stands
// with the versions that it deleted.
var newestColumns = strings.TrimSuffix(alertColumns, "reason") + "(SELECT max(v.reason) FROM alerts v WHERE v.id = alerts.id)"

// listed are the same without the bundle, which lists don't need.
var listed = strings.Replace(newestColumns, "bundle", "NULL", 1)

// Alerts returns the newest version of each alert that matches, newest first and
// without bundles.
func (p *Public) Alerts(ctx context.Context, q AlertQuery) ([]AlertRow, error) {
	w := where{}
	w.add("newest = 1")
	w.addIf(q.Before > 0, "news < ?", q.Before)
	w.addIf(q.Severity != "", "severity = ?", q.Severity)
	w.addIf(q.Stage != "", "stage = ?", q.Stage)
	w.addIf(q.Stage == "", "stage <> ?", hub.Advisory)
	w.addIf(q.Name != "", "number IN (SELECT number FROM names WHERE class = ? AND value = ?)", q.Class, q.Name)
	w.addIf(q.Class != "" && q.Name == "", "number IN (SELECT number FROM names WHERE class = ?)", q.Class)
	w.addIf(!q.Since.IsZero(), "(SELECT n.published FROM alerts n WHERE n.number = alerts.news) >= ?", q.Since.UnixMilli())
	rows, err := p.db.QueryContext(ctx, "SELECT "+listed+" FROM alerts"+w.text()+" ORDER BY news DESC"+upTo, append(w.args, limit(q.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("listing alerts: %w", err)
	}
	return scanAlerts(rows)
}

// Alert returns the newest version of the alert with this id.
func (p *Public) Alert(ctx context.Context, id string) (AlertRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT "+newestColumns+" FROM alerts WHERE id = ? ORDER BY number DESC LIMIT 1", id)
	if err != nil {
		return AlertRow{}, fmt.Errorf("reading alert: %w", err)
	}
	return scanAlert(rows)
}

// scanAlert reads the first row, if there is one.
func scanAlert(rows *sql.Rows) (AlertRow, error) {
	all, err := scanAlerts(rows)
	if err != nil {
		return AlertRow{}, err
	}
	if len(all) == 0 {
		return AlertRow{}, hub.E(hub.NotFound, "error.not-found")
	}
	return all[0], nil
}

// Entries returns entries of the log with numbers above after, in order.
func (p *Public) Entries(ctx context.Context, after uint64, n int) ([]AlertRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT "+alertColumns+" FROM alerts WHERE number > ? ORDER BY number"+upTo, after, limit(n))
	if err != nil {
		return nil, fmt.Errorf("listing entries: %w", err)
	}
	return scanAlerts(rows)
}

// Newest returns the highest number, 0 when there is none.
func (p *Public) Newest(ctx context.Context) (uint64, error) {
	var n sql.NullInt64
	err := p.db.QueryRowContext(ctx, "SELECT max(number) FROM alerts").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("reading newest number: %w", err)
	}
	return uint64(n.Int64), nil
}

func scanAlerts(rows *sql.Rows) ([]AlertRow, error) {
	defer rows.Close()
	var out []AlertRow
	for rows.Next() {
		var r AlertRow
		var published int64
		var previous, digest []byte
		err := rows.Scan(&r.Number, &r.ID, &r.Version, &r.Kind, &r.Stage, &r.TLP, &r.Severity, &published, &previous, &digest, &r.Signature, &r.Bundle, &r.Title.JA, &r.Title.EN, &r.News, &r.Reason)
		if err != nil {
			return nil, fmt.Errorf("reading alerts: %w", err)
		}
		r.Published = time.UnixMilli(published).UTC()
		copy(r.Previous[:], previous)
		copy(r.Digest[:], digest)
		out = append(out, r)
	}
	err := errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("reading alerts: %w", err)
	}
	return out, nil
}

// NamesOf returns the techniques, families, groups, tools and CVEs of an alert.
func (p *Public) NamesOf(ctx context.Context, number uint64) ([]NameRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT class, value FROM names WHERE number = ? ORDER BY class, value", number)
	if err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	defer rows.Close()
	var out []NameRow
	for rows.Next() {
		var n NameRow
		err := rows.Scan(&n.Class, &n.Value)
		if err != nil {
			return nil, fmt.Errorf("reading names: %w", err)
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// RestRow is an alert of which another one was made.
type RestRow struct {
	ID   string
	Back bool // taken back since
}

// Rests returns by number the alerts of which those that were made of several are made;
// with a number above 0 of that one alone.
func (p *Public) Rests(ctx context.Context, number uint64) (map[uint64][]RestRow, error) {
	w := where{}
	w.add("n.class = ?", OfAlerts)
	w.addIf(number > 0, "n.number = ?", number)
	rows, err := p.db.QueryContext(ctx, `SELECT n.number, n.value, EXISTS (SELECT 1 FROM alerts a WHERE a.id = n.value AND a.newest = 1 AND a.kind IN ('withdrawn', 'recalled'))
		FROM names n`+w.text()+" ORDER BY n.number, n.value", w.args...)
	if err != nil {
		return nil, fmt.Errorf("reading related alerts: %w", err)
	}
	defer rows.Close()
	out := map[uint64][]RestRow{}
	for rows.Next() {
		var of uint64
		var r RestRow
		err := rows.Scan(&of, &r.ID, &r.Back)
		if err != nil {
			return nil, fmt.Errorf("reading related alerts: %w", err)
		}
		out[of] = append(out[of], r)
	}
	return out, rows.Err()
}

// IndicatorQuery selects indicators in the order of their arrival.
type IndicatorQuery struct {
	After     int64 // rows above this one: the cursor
	Value     string
	Values    []string // any of these, or all of them when none: 500 at most
	Type      string
	Technique string
	Number    uint64
	Numbers   []uint64  // of any of these alerts; 500 at most
	Since     time.Time // valid_from at or after
	ValidAt   time.Time // valid_until after, or something is told of it that may prolong it
	Limit     int

	bucketed                bool // within these buckets
	firstBucket, lastBucket int64
}

// Indicators returns the indicators that match.
func (p *Public) Indicators(ctx context.Context, q IndicatorQuery) ([]IndicatorRow, error) {
	w := where{}
	w.addIf(q.After > 0, "i.row > ?", q.After)
	w.addIf(q.Value != "", "i.lookup = ?", Lookup(q.Value))
	w.addIn("i.lookup", lookups(q.Values))
	w.addIf(q.Type != "", "i.type = ?", q.Type)
	w.addIf(q.Number > 0, "i.number = ?", q.Number)
	w.addIf(q.bucketed, "i.bucket BETWEEN ? AND ?", q.firstBucket, q.lastBucket)
	w.addNumbers("i.number", q.Numbers)
	w.addIf(q.Technique != "", "i.number IN (SELECT number FROM names WHERE class = 'technique' AND value = ?)", q.Technique)
	w.addIf(!q.Since.IsZero(), "i.valid_from >= ?", q.Since.UnixMilli())
	w.addIf(!q.ValidAt.IsZero(), "(i.valid_until > ? OR i.stix_id IN (SELECT topic FROM told))", q.ValidAt.UnixMilli())
	rows, err := p.db.QueryContext(ctx, `SELECT i.row, i.number, a.id, i.stix_id, i.type, i.value, i.pattern, i.confidence, i.valid_from, i.valid_until, i.stated, i.stated_until
		FROM indicators i `+p.by(q.by())+" JOIN alerts a USING (number)"+w.text()+" ORDER BY "+q.order()+upTo, append(w.args, limit(q.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("listing indicators: %w", err)
	}
	defer rows.Close()
	var out []IndicatorRow
	for rows.Next() {
		var r IndicatorRow
		var from, until, stated int64
		err := rows.Scan(&r.Row, &r.Number, &r.AlertID, &r.StixID, &r.Type, &r.Value, &r.Pattern, &r.Confidence, &from, &until, &r.StatedAt, &stated)
		if err != nil {
			return nil, fmt.Errorf("reading indicators: %w", err)
		}
		r.ValidFrom, r.ValidUntil, r.StatedUntil = time.UnixMilli(from).UTC(), time.UnixMilli(until).UTC(), time.UnixMilli(stated).UTC()
		out = append(out, r)
	}
	return out, rows.Err()
}

// by is how indicators are gone through. Those of given values are looked up one by one
// and put in order afterwards: left to itself the database goes through all there are,
// since they lie in the order that is asked for.
func (q IndicatorQuery) by() string {
	if q.ofValues() {
		return "INDEXED BY indicators_lookup"
	}
	return ""
}

func (q IndicatorQuery) order() string {
	if q.ofValues() {
		return "+i.row"
	}
	return "i.row"
}

func (q IndicatorQuery) ofValues() bool { return q.Value != "" || len(q.Values) > 0 }

func lookups(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, Lookup(v))
	}
	return out
}

// addNumbers wants a column to be one of the numbers, unless there are none.
func (w *where) addNumbers(column string, numbers []uint64) {
	if len(numbers) == 0 {
		return
	}
	var args []any
	for _, n := range numbers {
		args = append(args, n)
	}
	w.add(column+" IN (?"+strings.Repeat(", ?", len(numbers)-1)+")", args...)
}

// where collects conditions and their arguments.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(cond string, args ...any) {
	w.parts = append(w.parts, cond)
	w.args = append(w.args, args...)
}

func (w *where) addIf(ok bool, cond string, args ...any) {
	if ok {
		w.add(cond, args...)
	}
}

func (w *where) text() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + settled(strings.Join(w.parts, " AND "))
}

func limit(n int) int {
	switch {
	case n <= 0:
		return 50
	case n > 500:
		return 500
	}
	return n
}

// Log returns what stands on the outside of the entries since an instant, oldest first. An
// entry whose bundle a recall took away stands here as it once was sent.
func (p *Public) Log(ctx context.Context, since time.Time) ([]hub.Alert, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT number, id, version, CASE WHEN kind = 'recalled' AND bundle IS NULL THEN 'released' ELSE kind END, stage, tlp, severity, published FROM alerts ORDER BY number DESC")
	if err != nil {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	defer rows.Close()
	var out []hub.Alert
	for rows.Next() {
		var a hub.Alert
		var published int64
		err := rows.Scan(&a.Number, &a.ID, &a.Version, &a.Kind, &a.Stage, &a.TLP, &a.Severity, &published)
		if err != nil {
			return nil, fmt.Errorf("reading the log: %w", err)
		}
		a.Published = time.UnixMilli(published).UTC()
		if a.Published.Before(since) { // it rises with the number
			break
		}
		out = append(out, a)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	slices.Reverse(out)
	return out, nil
}
