package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"isac/hub"
)

// Collections of released objects, as TAXII offers them: all, by TLP, by severity, and
// the indicators alone. TLP:RED is for named recipients and in none. Each can be read in
// twins too, which stand in the same places.
const (
	CollectionAll        = "all"
	CollectionIndicators = "indicators"
	CollectionAdvisories = "advisories" // relayed information on vulnerabilities, never an alert
)

// collected are the labels whose alerts are in collections.
var collected = []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict}

// collectionsOf are the collections of an alert. Its objects are in all but the last,
// which takes those of three types. Each is closed under reference: identity and
// markings are in all. An advisory is in one of its own.
func collectionsOf(stage hub.Stage, tlp hub.TLP, severity hub.Severity) []string {
	if !slices.Contains(collected, tlp) {
		return []string{}
	}
	if stage == hub.Advisory {
		return []string{CollectionAdvisories}
	}
	return []string{CollectionAll, "tlp:" + string(tlp), "severity:" + string(severity), CollectionIndicators}
}

// putObjects stores the objects of an alert, enters them in its collections, and returns
// their rows as a JSON list.
func putObjects(tx *transaction, r AlertRow) (holds string, err error) {
	rows := make([]int64, len(r.Objects))
	for place, o := range r.Objects {
		rows[place], err = putObject(tx, o)
		if err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return "", err
	}
	holds = string(list)
	err = enter(tx, use{r.Published.UnixMilli(), r.Stage, r.TLP, r.Severity, holds})
	if err != nil {
		return "", err
	}
	return holds, rank(tx, holds)
}

// putObject stores an object unless it is there, and returns its row.
func putObject(tx *transaction, o ObjectRow) (int64, error) {
	key := o.ID + " " + o.Version
	if row, met := tx.met[key]; met {
		return row, nil
	}
	var row int64
	err := tx.one("INSERT INTO stix (id, version, type, body, tlp) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id, version) DO UPDATE SET id = id RETURNING row", []any{o.ID, o.Version, o.Type, o.Body, o.TLP}, &row)
	if err == nil {
		_, err = tx.run("INSERT OR IGNORE INTO twins (row, id, version, type, body, tlp) VALUES (?, ?, ?, ?, ?, ?)", row, o.Twin.ID, o.Twin.Version, o.Type, o.Twin.Body, o.TLP)
	}
	if err == nil {
		tx.met[key] = row
	}
	return row, err
}

// use is the objects of one alert in its collections.
type use struct {
	published int64 // Unix milliseconds
	stage     hub.Stage
	tlp       hub.TLP
	severity  hub.Severity
	holds     string // rows of stix, a JSON list
}

// enter puts the objects of an alert into its collections where no earlier alert did.
func enter(tx *transaction, u use) error {
	collections, err := json.Marshal(collectionsOf(u.stage, u.tlp, u.severity))
	if err != nil {
		return err
	}
	_, err = tx.run(`INSERT INTO entries (collection, added, stix, type, first, last)
		SELECT c.value, ?1 + h.key, s.row, s.type, 1, 1 FROM json_each(?2) c CROSS JOIN json_each(?3) h CROSS JOIN stix s ON s.row = h.value
		WHERE (c.value <> ?4 OR s.type IN ('identity', 'marking-definition', 'indicator'))
			AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.stix = s.row AND e.collection = c.value)`,
		u.published, string(collections), u.holds, CollectionIndicators)
	return err
}

// rank marks the first and the last version of each of these objects in every
// collection. Nearly all have one version only, which is both. Versions are written in
// one form, so that they sort as text.
func rank(tx *transaction, holds string) error {
	_, err := tx.run(`UPDATE entries SET
			first = NOT EXISTS (SELECT 1 FROM stix s CROSS JOIN stix o ON o.id = s.id AND o.version < s.version CROSS JOIN entries e ON e.stix = o.row AND e.collection = entries.collection WHERE s.row = entries.stix),
			last  = NOT EXISTS (SELECT 1 FROM stix s CROSS JOIN stix o ON o.id = s.id AND o.version > s.version CROSS JOIN entries e ON e.stix = o.row AND e.collection = entries.collection WHERE s.row = entries.stix)
		WHERE stix IN (SELECT s.row FROM json_each(?) h CROSS JOIN stix mine ON mine.row = h.value CROSS JOIN stix s ON s.id = mine.id
			WHERE EXISTS (SELECT 1 FROM stix o WHERE o.id = mine.id AND o.version <> mine.version))`, holds)
	return err
}

// buryObjects takes an alert's objects out: those that no other alert holds are
// deleted, the others stand as if this alert had never been. All alerts are read: it
// happens at a recall only.
func buryObjects(tx *transaction, number uint64) error {
	tx.met = map[string]int64{}
	var mine sql.NullString
	err := tx.one("SELECT holds FROM alerts WHERE number = ?", []any{number}, &mine)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !mine.Valid {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.run("UPDATE alerts SET holds = NULL WHERE number = ?", number)
	if err != nil {
		return err
	}
	_, err = tx.run("DELETE FROM entries WHERE stix IN (SELECT value FROM json_each(?))", mine.String)
	if err != nil {
		return err
	}
	others, err := tx.usesOf(mine.String)
	if err != nil {
		return err
	}
	for _, u := range others {
		err := enter(tx, u)
		if err != nil {
			return err
		}
	}
	err = rank(tx, mine.String)
	if err != nil {
		return err
	}
	_, err = tx.run(`DELETE FROM stix WHERE row IN (SELECT value FROM json_each(?))
		AND row NOT IN (SELECT h.value FROM alerts a, json_each(a.holds) h)`, mine.String)
	return err
}

// usesOf finds the alerts that hold some of the objects, the earliest first.
func (t *transaction) usesOf(objects string) (out []use, err error) {
	rows, err := t.Query(`SELECT published, stage, tlp, severity, holds FROM alerts WHERE EXISTS
		(SELECT 1 FROM json_each(holds) h WHERE h.value IN (SELECT value FROM json_each(?))) ORDER BY number`, objects)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u use
		err := rows.Scan(&u.published, &u.stage, &u.tlp, &u.severity, &u.holds)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}
