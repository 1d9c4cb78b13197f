package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"isac/hub/feedback"
)

// PutTold puts a telling in the place of the one before, unless it is there already.
func (p *Public) PutTold(ctx context.Context, seq uint64, counts []feedback.Count) error {
	var have uint64
	err := p.db.QueryRowContext(ctx, "SELECT told FROM applied").Scan(&have)
	if err == nil && have < seq {
		err = p.inTx(ctx, func(tx *transaction) error { return putTold(tx, seq, counts) })
	}
	if err != nil {
		return fmt.Errorf("storing what is told in the view: %w", err)
	}
	return nil
}

func putTold(tx *transaction, seq uint64, counts []feedback.Count) error {
	res, err := tx.run("DELETE FROM told")
	if err != nil {
		return err
	}
	before, err := res.RowsAffected()
	if err != nil {
		return err
	}
	for _, c := range counts {
		_, err := tx.run("INSERT INTO told (topic, answer, at_least, since) VALUES (?, ?, ?, ?)", c.Topic, c.Answer, c.AtLeast, c.Since.UnixMilli())
		if err != nil {
			return err
		}
	}
	if int(before) > len(counts) { // an indicator may have been recalled
		err = mark(tx)
		if err != nil {
			return err
		}
	}
	_, err = tx.run("UPDATE applied SET told = ?", seq)
	return err
}

// Told returns what is told of a topic, of all topics when "".
func (p *Public) Told(ctx context.Context, topic feedback.Topic) ([]feedback.Count, error) {
	w := where{}
	w.addIf(topic != "", "topic = ?", topic)
	return p.told(ctx, w)
}

// ToldOf returns what is told of topics, by topic.
func (p *Public) ToldOf(ctx context.Context, topics []feedback.Topic) (map[feedback.Topic][]feedback.Count, error) {
	out := map[feedback.Topic][]feedback.Count{}
	for some := range slices.Chunk(topics, 500) {
		var list []string
		for _, t := range some {
			list = append(list, string(t))
		}
		w := where{}
		w.addIn("topic", list)
		counts, err := p.told(ctx, w)
		if err != nil {
			return nil, err
		}
		for _, c := range counts {
			out[c.Topic] = append(out[c.Topic], c)
		}
	}
	return out, nil
}

func (p *Public) told(ctx context.Context, w where) ([]feedback.Count, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT topic, answer, at_least, since FROM told"+w.text()+" ORDER BY topic, answer", w.args...)
	if err != nil {
		return nil, fmt.Errorf("reading what is told: %w", err)
	}
	defer rows.Close()
	var out []feedback.Count
	for rows.Next() {
		var c feedback.Count
		var since int64
		err := rows.Scan(&c.Topic, &c.Answer, &c.AtLeast, &since)
		if err != nil {
			return nil, fmt.Errorf("reading what is told: %w", err)
		}
		c.Since = time.UnixMilli(since).UTC()
		out = append(out, c)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("reading what is told: %w", err)
	}
	return out, nil
}

// HasIndicator reports whether an alert in its newest version has the indicator.
func (p *Public) HasIndicator(ctx context.Context, stixID string) (bool, error) {
	var one int
	err := p.db.QueryRowContext(ctx, "SELECT 1 FROM indicators WHERE stix_id = ? LIMIT 1", stixID).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for an indicator: %w", err)
	}
	return true, nil
}

// Stated is the row as its standing is computed from it.
func (r IndicatorRow) Stated() feedback.Indicator {
	return feedback.Indicator{Type: r.Type, Confidence: r.StatedAt, From: r.ValidFrom, Until: r.StatedUntil}
}
