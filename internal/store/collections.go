package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

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
	list := make([]int64, len(r.Objects))
	for place, o := range r.Objects {
		u := use{typ: o.Type, added: r.Published.UnixMilli() + int64(place), tlp: r.TLP, severity: r.Severity}
		row, err := putObject(tx, o, u)
		if err != nil {
			return err
		}
		list[place] = row
	}
	holds, err := json.Marshal(list)
	if err != nil {
		return err
	}
	_, err = tx.run("UPDATE alerts SET holds = ? WHERE number = ?", string(holds), r.Number)
	return err
}

// entered is an object that this transaction has met: most alerts repeat most objects.
type entered struct {
	row int64
	in  []string // collections
}

// putObject stores an object unless it is there, enters it, and returns its row.
func putObject(tx *transaction, o ObjectRow, u use) (int64, error) {
	key := o.ID + " " + o.Version
	wanted := collectionsOf(u.tlp, u.severity, u.typ)
	had, met := tx.met[key]
	if met && !slices.ContainsFunc(wanted, func(c string) bool { return !slices.Contains(had.in, c) }) {
		return had.row, nil
	}
	res, err := tx.run("INSERT INTO stix (id, version, type, body) VALUES (?, ?, ?, ?) ON CONFLICT (id, version) DO NOTHING", o.ID, o.Version, o.Type, o.Body)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	if n > 0 {
		u.stix, err = res.LastInsertId()
		if err == nil {
			err = enterNew(tx, o, u)
		}
	} else {
		err = tx.one("SELECT row FROM stix WHERE id = ? AND version = ?", []any{o.ID, o.Version}, &u.stix)
		if err == nil {
			err = enterAgain(tx, o.ID, u)
		}
	}
	tx.met[key] = entered{u.stix, append(had.in, wanted...)}
	return u.stix, err
}

// enterNew enters an object that stands in no collection yet. Nearly always it is the
// newest version of its id, mostly the only one.
func enterNew(tx *transaction, o ObjectRow, u use) error {
	var older, newer int
	err := tx.one("SELECT EXISTS (SELECT 1 FROM stix WHERE id = ?1 AND version < ?2), EXISTS (SELECT 1 FROM stix WHERE id = ?1 AND version > ?2)", []any{o.ID, o.Version}, &older, &newer)
	if err != nil {
		return err
	}
	var args []any
	for _, c := range collectionsOf(u.tlp, u.severity, u.typ) {
		first := 1
		if older > 0 {
			first, err = supplant(tx, c, o)
			if err != nil {
				return err
			}
		}
		args = append(args, c, u.added, u.stix, u.typ, first)
	}
	if len(args) > 0 { // all rows in one statement
		const row = "(?, ?, ?, ?, ?, 1)"
		_, err = tx.run("INSERT INTO entries (collection, added, stix, type, first, last) VALUES "+row+strings.Repeat(", "+row, len(args)/5-1), args...)
	}
	if err != nil || newer == 0 {
		return err
	}
	return rank(tx, o.ID)
}

// supplant makes the version before o in a collection no longer the last. It returns 1
// where there is none, and o is the first.
func supplant(tx *transaction, collection string, o ObjectRow) (first int, err error) {
	res, err := tx.run(`UPDATE entries INDEXED BY entries_stix SET last = 0 WHERE collection = ?1 AND stix = (SELECT s.row FROM stix s CROSS JOIN entries e ON e.stix = s.row
		WHERE s.id = ?2 AND s.version < ?3 AND e.collection = ?1 ORDER BY s.version DESC LIMIT 1)`, collection, o.ID, o.Version)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if n == 0 {
		first = 1
	}
	return first, err
}

// enterAgain enters an object that an earlier alert had already.
func enterAgain(tx *transaction, id string, u use) error {
	fresh, err := enter(tx, u)
	if err != nil || !fresh {
		return err
	}
	return rank(tx, id)
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
	tx.met = map[string]entered{}
	mine, err := tx.held(number)
	if err != nil || len(mine) == 0 {
		return err
	}
	left, err := tx.usesBut(number, mine)
	if err != nil {
		return err
	}
	for _, row := range mine {
		err := reenter(tx, row, left[row])
		if err != nil {
			return err
		}
	}
	_, err = tx.run("UPDATE alerts SET holds = NULL WHERE number = ?", number)
	return err
}

// reenter puts an object where the alerts that are left hold it, or deletes it.
func reenter(tx *transaction, row int64, left []use) error {
	var id, typ string
	err := tx.one("SELECT id, type FROM stix WHERE row = ?", []any{row}, &id, &typ)
	if err != nil {
		return err
	}
	_, err = tx.run("DELETE FROM entries WHERE stix = ?", row)
	if err != nil {
		return err
	}
	for _, u := range left {
		u.stix, u.typ = row, typ
		_, err := enter(tx, u)
		if err != nil {
			return err
		}
	}
	if len(left) == 0 {
		_, err = tx.run("DELETE FROM stix WHERE row = ?", row)
		if err != nil {
			return err
		}
	}
	return rank(tx, id)
}

// held are the rows of the objects that an alert holds.
func (t *transaction) held(number uint64) (rows []int64, err error) {
	var text sql.NullString
	err = t.one("SELECT holds FROM alerts WHERE number = ?", []any{number}, &text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !text.Valid {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text.String), &rows)
	}
	return rows, err
}

// usesBut finds the other alerts that hold some of the objects, the earliest first. All
// alerts are read: it happens at a recall only.
func (t *transaction) usesBut(number uint64, of []int64) (map[int64][]use, error) {
	rows, err := t.Query("SELECT published, tlp, severity, holds FROM alerts WHERE number <> ? AND holds IS NOT NULL ORDER BY number", number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64][]use{}
	for _, row := range of {
		out[row] = nil
	}
	for rows.Next() {
		var u use
		var published int64
		var text string
		err := rows.Scan(&published, &u.tlp, &u.severity, &text)
		if err != nil {
			return nil, err
		}
		var list []int64
		err = json.Unmarshal([]byte(text), &list)
		if err != nil {
			return nil, err
		}
		for place, row := range list {
			if _, mine := out[row]; mine {
				u.added = published + int64(place)
				out[row] = append(out[row], u)
			}
		}
	}
	return out, rows.Err()
}
