package store

import (
	"isac/hub"
)

// Collections of released objects, as TAXII offers them: all, by TLP, by severity, and
// the indicators alone. TLP:RED is for named recipients and in none.
const (
	CollectionAll        = "all"
	CollectionIndicators = "indicators"
)

// collectionsOf are the collections of an alert's objects of a type. Each is closed
// under reference: identity and markings are in all.
func collectionsOf(tlp hub.TLP, severity hub.Severity, typ string) []string {
	if tlp == hub.TLPRed {
		return nil
	}
	out := []string{CollectionAll, "tlp:" + string(tlp), "severity:" + string(severity)}
	switch typ {
	case "identity", "marking-definition", "indicator":
		out = append(out, CollectionIndicators)
	}
	return out
}

// putObjects stores the objects of an alert and enters them in its collections.
func putObjects(tx *transaction, r AlertRow) error {
	for place, o := range r.Objects {
		_, err := tx.run("INSERT INTO stix (id, version, type, body) VALUES (?, ?, ?, ?) ON CONFLICT (id, version) DO NOTHING", o.ID, o.Version, o.Type, o.Body)
		if err != nil {
			return err
		}
		var row int64
		err = tx.one("SELECT row FROM stix WHERE id = ? AND version = ?", []any{o.ID, o.Version}, &row)
		if err != nil {
			return err
		}
		res, err := tx.run("INSERT INTO uses (number, stix, place) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", r.Number, row, place)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		fresh, err := enter(tx, use{stix: row, typ: o.Type, added: r.Published.UnixMilli() + int64(place), tlp: r.TLP, severity: r.Severity})
		if err != nil {
			return err
		}
		if fresh {
			err := rank(tx, o.ID)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// use is one object in one alert.
type use struct {
	stix     int64
	typ      string
	added    int64
	tlp      hub.TLP
	severity hub.Severity
}

// enter puts an object into the collections of an alert where no earlier alert did, and
// reports whether there were any.
func enter(tx *transaction, u use) (fresh bool, err error) {
	for _, c := range collectionsOf(u.tlp, u.severity, u.typ) {
		res, err := tx.run(`INSERT INTO entries (collection, added, stix, type, first, last)
			SELECT ?1, ?2, ?3, ?4, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM entries WHERE stix = ?3 AND collection = ?1)`, c, u.added, u.stix, u.typ)
		if err != nil {
			return fresh, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return fresh, err
		}
		fresh = fresh || n > 0
	}
	return fresh, nil
}

// rank marks the first and the last version of an id in every collection. Versions are
// written in one form, so that they sort as text.
func rank(tx *transaction, id string) error {
	_, err := tx.run(`UPDATE entries SET
			first = NOT EXISTS (SELECT 1 FROM stix o JOIN entries e ON e.stix = o.row WHERE o.id = ?1 AND e.collection = entries.collection AND o.version < (SELECT version FROM stix WHERE row = entries.stix)),
			last  = NOT EXISTS (SELECT 1 FROM stix o JOIN entries e ON e.stix = o.row WHERE o.id = ?1 AND e.collection = entries.collection AND o.version > (SELECT version FROM stix WHERE row = entries.stix))
		WHERE stix IN (SELECT row FROM stix WHERE id = ?1)`, id)
	return err
}

// buryObjects takes an alert's objects out: those that no other alert holds are
// deleted, the others stand as if this alert had never been.
func buryObjects(tx *transaction, number uint64) error {
	rows, err := tx.list("SELECT s.row, s.id FROM uses u JOIN stix s ON s.row = u.stix WHERE u.number = ?", number)
	if err != nil {
		return err
	}
	_, err = tx.run("DELETE FROM uses WHERE number = ?", number)
	if err != nil {
		return err
	}
	for _, s := range rows {
		_, err := tx.run("DELETE FROM entries WHERE stix = ?", s.row)
		if err != nil {
			return err
		}
		left, err := tx.uses(s.row)
		if err != nil {
			return err
		}
		for _, u := range left {
			_, err := enter(tx, u)
			if err != nil {
				return err
			}
		}
		if len(left) == 0 {
			_, err := tx.run("DELETE FROM stix WHERE row = ?", s.row)
			if err != nil {
				return err
			}
		}
		err = rank(tx, s.id)
		if err != nil {
			return err
		}
	}
	return nil
}

// stixRow is an object's row and id.
type stixRow struct {
	row int64
	id  string
}

func (t *transaction) list(query string, args ...any) (out []stixRow, err error) {
	rows, err := t.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s stixRow
		err := rows.Scan(&s.row, &s.id)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// uses are an object's, the earliest alert first.
func (t *transaction) uses(stix int64) (out []use, err error) {
	rows, err := t.Query(`SELECT s.type, a.published + u.place, a.tlp, a.severity FROM uses u JOIN alerts a USING (number) JOIN stix s ON s.row = u.stix
		WHERE u.stix = ? ORDER BY u.number`, stix)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		u := use{stix: stix}
		err := rows.Scan(&u.typ, &u.added, &u.tlp, &u.severity)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}
