package store

import (
	"context"
	"fmt"
	"time"

	"isac/hub"
)

// ExportQuery selects indicators for a file of all of them.
type ExportQuery struct {
	Types []string
	Since time.Time // valid_from at or after
	// ByValue has them in the order of their values, so that equal ones follow each
	// other; else they come in the order of their arrival.
	ByValue bool
}

// ExportRow is an indicator and what a file says of its alert.
type ExportRow struct {
	IndicatorRow
	Severity hub.Severity
	TLP      hub.TLP
}

// State is how far the view has come: the sequence in the log, and that of what is told.
// While both stay, nothing in it changes.
func (p *Public) State(ctx context.Context) (log, told uint64, err error) {
	err = p.db.QueryRowContext(ctx, "SELECT seq, told FROM applied").Scan(&log, &told)
	if err != nil {
		return 0, 0, fmt.Errorf("reading applied sequences: %w", err)
	}
	return log, told, nil
}

// exportStep is how many rows are held in memory at once.
const exportStep = 2000

// EachIndicator gives the indicators that match to use, some at a time: while a slow
// reader takes them no transaction stays open, which would keep deleted bytes alive.
func (p *Public) EachIndicator(ctx context.Context, q ExportQuery, use func(ExportRow) error) error {
	after := ExportRow{}
	for {
		rows, err := p.exportPage(ctx, q, after)
		if err != nil {
			return err
		}
		for _, r := range rows {
			err := use(r)
			if err != nil {
				return err
			}
		}
		if len(rows) < exportStep {
			return nil
		}
		after = rows[len(rows)-1]
	}
}

func (p *Public) exportPage(ctx context.Context, q ExportQuery, after ExportRow) (out []ExportRow, err error) {
	// How to go through is said to SQLite, which else sorts all that is of a type for each page.
	w, order, by := where{}, "i.row", p.by("NOT INDEXED")
	w.addIn("i.type", q.Types)
	w.addIf(!q.Since.IsZero(), "i.valid_from >= ?", q.Since.UnixMilli())
	if q.ByValue {
		order, by = "i.lookup, i.type, i.number", p.by("INDEXED BY indicators_lookup")
		w.addIf(after.Row > 0, "("+order+") > (?, ?, ?)", Lookup(after.Value), after.Type, after.Number)
	} else {
		w.addIf(after.Row > 0, "i.row > ?", after.Row)
	}
	rows, err := p.db.QueryContext(ctx, `SELECT i.row, i.number, a.id, i.stix_id, i.type, i.value, i.valid_from, i.stated, i.stated_until, a.severity, a.tlp
		FROM indicators i `+by+` CROSS JOIN alerts a USING (number)`+w.text()+" ORDER BY "+order+upTo, append(w.args, exportStep)...)
	if err != nil {
		return nil, fmt.Errorf("exporting indicators: %w", err)
	}
	defer rows.Close()
	out = make([]ExportRow, 0, exportStep)
	for rows.Next() {
		var r ExportRow
		var from, until int64
		err := rows.Scan(&r.Row, &r.Number, &r.AlertID, &r.StixID, &r.Type, &r.Value, &from, &r.StatedAt, &until, &r.Severity, &r.TLP)
		if err != nil {
			return nil, fmt.Errorf("exporting indicators: %w", err)
		}
		r.ValidFrom, r.StatedUntil = time.UnixMilli(from).UTC(), time.UnixMilli(until).UTC()
		out = append(out, r)
	}
	return out, rows.Err()
}
