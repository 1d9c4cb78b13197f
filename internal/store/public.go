package store

import (
	"context"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/find"
)

// Public is public.db: released things only.
type Public struct {
	database
	buckets buckets
	stamps  stamps
}

// OpenPublic opens or makes public.db.
func OpenPublic(file string, sync Sync) (*Public, error) {
	d, err := open(file, "public", sync)
	if err != nil {
		return nil, err
	}
	return &Public{database: d}, nil
}

// AlertRow is one entry of the alert log with what the view derives from it.
// Bundle is nil when recalled.
type AlertRow struct {
	hub.Alert
	Seq        uint64 // in the stream ALERTS
	Bundle     []byte
	Signature  []byte
	Title      hub.Text
	News       uint64 // number of the newest version that is no mere update
	Reason     string // class, recalled entries only
	Indicators []IndicatorRow
	Names      []NameRow
	Objects    []ObjectRow
	Sentences  []string // that the alert says, in both languages, each once
	Edition    string   // id of the edition for everybody, "" for none
}

// ObjectRow is an object of an alert, as released. Rows stand in the order in which
// TAXII gives them.
type ObjectRow struct {
	ID, Type string
	Version  string // modified, else created
	Body     []byte
	TLP      hub.TLP // of its markings, "" for none
	Twin     Twin    // for tools that know TLP 1 alone
}

// Twin is what differs in an object's twin.
type Twin struct {
	ID, Version string
	Body        []byte
}

// IndicatorRow is one released indicator.
type IndicatorRow struct {
	Row        int64     `json:"-"`
	Number     uint64    `json:"alert_number"`
	AlertID    string    `json:"alert"`
	StixID     string    `json:"id"`
	Type       string    `json:"type"`
	Value      string    `json:"value"`
	Pattern    string    `json:"pattern"`
	Confidence int       `json:"confidence"`
	ValidFrom  time.Time `json:"valid_from"`
	ValidUntil time.Time `json:"valid_until"`

	// As an alert stated it, before answers and age.
	StatedAt    int       `json:"-"` // confidence
	StatedUntil time.Time `json:"-"`
}

// NameRow is one technique, family, group, tool or CVE of an alert, or an alert of which
// it was made.
type NameRow struct {
	Class string `json:"class"`
	Value string `json:"value"`
}

// OfAlerts is the class of names of the alerts of which an alert was made.
const OfAlerts = "alert"

// Put stores entries and what derives from them, and remembers the highest
// sequence, all at once. Storing an entry again changes nothing.
func (p *Public) Put(ctx context.Context, rows []AlertRow) error {
	err := p.inTx(ctx, func(tx *transaction) error {
		for _, r := range rows {
			err := putAlert(tx, r)
			if err != nil {
				return err
			}
		}
		return tx.index()
	})
	if err != nil {
		return fmt.Errorf("storing alerts in the view: %w", err)
	}
	return nil
}

func putAlert(tx *transaction, r AlertRow) error {
	if r.Kind == hub.Recalled && r.Bundle == nil {
		err := bury(tx, r)
		if err != nil {
			return err
		}
	}
	err := putEdition(tx, r)
	if err != nil {
		return err
	}
	var there bool
	err = tx.one("SELECT EXISTS (SELECT 1 FROM alerts WHERE number = ?)", []any{r.Number}, &there)
	if err == nil && !there {
		err = putNew(tx, r)
	}
	if err != nil {
		return err
	}
	return setApplied(tx, r.Seq)
}

func putNew(tx *transaction, r AlertRow) error {
	var holds any
	if r.Bundle != nil {
		list, err := putObjects(tx, r)
		if err != nil {
			return err
		}
		holds = list
	}
	_, err := tx.run(`INSERT INTO alerts (number, id, version, kind, stage, tlp, severity, published, previous, digest, signature, bundle, title_ja, title_en, newest, reason, news, holds)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOT EXISTS (SELECT 1 FROM alerts WHERE id = ? AND number > ?), ?,
			CASE ? WHEN 'updated' THEN coalesce((SELECT max(news) FROM alerts WHERE id = ?), ?) ELSE ? END, ?)`,
		r.Number, r.ID, r.Version, r.Kind, r.Stage, r.TLP, r.Severity, r.Published.UnixMilli(), r.Previous[:], r.Digest[:], r.Signature, r.Bundle, r.Title.JA, r.Title.EN, r.ID, r.Number, r.Reason,
		r.Kind, r.ID, r.Number, r.Number, holds)
	if err != nil {
		return err
	}
	err = supersede(tx, r)
	if err != nil {
		return err
	}
	return putDerived(tx, r)
}

// supersede makes r the newest of its id and drops what derived from older ones.
func supersede(tx *transaction, r AlertRow) error {
	for _, q := range []string{
		"DELETE FROM indicators WHERE number IN (SELECT number FROM alerts WHERE id = ?1 AND number < ?2)",
		"DELETE FROM names WHERE number IN (SELECT number FROM alerts WHERE id = ?1 AND number < ?2)",
		"UPDATE alerts SET newest = 0 WHERE id = ?1 AND number < ?2",
	} {
		_, err := tx.run(q, r.ID, r.Number)
		if err != nil {
			return err
		}
	}
	return nil
}

// bury puts a tombstone in the place of a recalled entry and removes what derived
// from its bundle.
func bury(tx *transaction, r AlertRow) error {
	for _, q := range []string{"DELETE FROM indicators WHERE number = ?", "DELETE FROM names WHERE number = ?"} {
		_, err := tx.run(q, r.Number)
		if err != nil {
			return err
		}
	}
	err := buryObjects(tx, r.Number)
	if err == nil {
		err = unsay(tx, r.Number)
	}
	if err != nil {
		return err
	}
	_, err = tx.run("UPDATE alerts SET bundle = NULL, title_ja = '', title_en = '', kind = 'recalled', news = number, signature = ?, reason = ? WHERE number = ?",
		r.Signature, r.Reason, r.Number)
	if err != nil {
		return err
	}
	return mark(tx)
}

func putDerived(tx *transaction, r AlertRow) error {
	for _, i := range r.Indicators {
		_, err := tx.run(`INSERT INTO indicators (number, stix_id, type, value, lookup, pattern, confidence, valid_from, valid_until, stated, stated_until, bucket) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Number, i.StixID, i.Type, i.Value, Lookup(i.Value), i.Pattern, i.Confidence, i.ValidFrom.UnixMilli(), i.ValidUntil.UnixMilli(), i.StatedAt, i.StatedUntil.UnixMilli(), find.Bucket(i.Value, find.BucketBits))
		if err != nil {
			return err
		}
	}
	err := putSentences(tx, r)
	if err != nil {
		return err
	}
	for _, n := range r.Names {
		_, err := tx.run(`INSERT OR IGNORE INTO names (number, class, value) VALUES (?, ?, ?)`, r.Number, n.Class, n.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

// Object returns the newest released version of an object by its STIX id.
func (p *Public) Object(ctx context.Context, id string) ([]byte, bool) {
	var body []byte
	err := p.db.QueryRowContext(ctx, "SELECT body FROM stix WHERE id = ? ORDER BY version DESC LIMIT 1", id).Scan(&body)
	return body, err == nil
}
