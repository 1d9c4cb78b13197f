package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"

	"isac/hub"
)

// Seen is the view as it is read by somebody who may read alerts of some labels alone. It
// answers every query of Public as if nothing else had been released: on its connections
// each table of released things is hidden by a view of what these labels allow, so that no
// query has to think of it. It can't be written to, and is to be closed.
func (p *Public) Seen(labels []hub.TLP) *Public {
	db := sql.OpenDB(narrowed{p.file, hiding(labels)})
	keepConnections(db)
	return &Public{database: database{db: db, kind: p.kind, file: p.file, narrow: true}}
}

// narrowed opens connections on which tables are hidden.
type narrowed struct {
	file string
	hide string
}

func (n narrowed) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (n narrowed) Connect(context.Context) (driver.Conn, error) {
	d := sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		_, err := c.Exec(n.hide, nil)
		if err != nil {
			return fmt.Errorf("narrowing the view: %w", err)
		}
		return nil
	}}
	return d.Open(address(n.file, Synced))
}

// hiding are views in the place of tables. The newest version of an alert says who may read
// all of them; names and indicators are of newest versions alone. What is told is of an
// indicator, of an alert ("alert/ID") or of a question to one ("pulse/ID/QUESTION").
func hiding(labels []hub.TLP) string {
	var list []string
	for _, l := range labels {
		list = append(list, "'"+strings.ReplaceAll(string(l), "'", "''")+"'")
	}
	open := "tlp IN (" + strings.Join(list, ", ") + ")"
	of := "EXISTS (SELECT 1 FROM main.alerts a WHERE a.number = t.number AND a." + open + ")"
	return `
		CREATE TEMP VIEW alerts AS SELECT * FROM main.alerts t WHERE t.` + open + ` AND EXISTS (SELECT 1 FROM main.alerts a INDEXED BY alerts_id WHERE a.id = t.id AND a.newest = 1 AND a.` + open + `);
		CREATE TEMP VIEW indicators AS SELECT * FROM main.indicators t WHERE ` + of + `;
		CREATE TEMP VIEW names AS SELECT * FROM main.names t WHERE ` + of + `;
		CREATE TEMP VIEW said AS SELECT * FROM main.said t WHERE ` + of + `;
		CREATE TEMP VIEW told AS SELECT * FROM main.told t WHERE EXISTS (SELECT 1 FROM indicators i WHERE i.stix_id = t.topic)
			OR EXISTS (SELECT 1 FROM alerts a WHERE a.id = substr(t.topic, 7, coalesce(nullif(instr(substr(t.topic, 7), '/'), 0) - 1, 100)));
		CREATE TEMP VIEW stix AS SELECT * FROM main.stix t WHERE t.tlp = '' OR t.` + open + `;
		PRAGMA query_only = on;`
}

// stamps is the last stamp of a narrowed view, and of which state.
type stamps struct {
	mu    sync.Mutex
	state string
	stamp string
}

// Stamp stands for all that files are made of: they differ only if it does. That of a
// narrowed view tells nothing of what the view hides: not even that something was released.
func (p *Public) Stamp(ctx context.Context) (string, error) {
	log, told, err := p.State(ctx)
	if err != nil {
		return "", err
	}
	state := fmt.Sprintf("%d-%d", log, told)
	if !p.narrow {
		return state, nil
	}
	p.stamps.mu.Lock()
	defer p.stamps.mu.Unlock()
	if p.stamps.state == state {
		return p.stamps.stamp, nil
	}
	stamp, err := p.shown(ctx)
	if err != nil {
		return "", err
	}
	p.stamps.state, p.stamps.stamp = state, stamp
	return stamp, nil
}

// shown stands for what a narrowed view shows. What is added raises the newest number, what
// is hidden from then on, or deleted, lowers the count, and what is buried leaves a tombstone.
func (p *Public) shown(ctx context.Context) (string, error) {
	var count, buried, newest uint64
	err := p.db.QueryRowContext(ctx, "SELECT count(*), count(*) FILTER (WHERE kind = 'recalled'), coalesce(max(number), 0) FROM alerts").Scan(&count, &buried, &newest)
	if err != nil {
		return "", fmt.Errorf("counting what is shown: %w", err)
	}
	told, err := p.Told(ctx, "")
	if err != nil {
		return "", err
	}
	text := fmt.Sprint(count, buried, newest)
	for _, c := range told {
		text += fmt.Sprintf(" %q %q %d %d", c.Topic, c.Answer, c.AtLeast, c.Since.UnixMilli())
	}
	return hub.Sum([]byte(text)).String()[:16], nil
}

// by is how a table is gone through, which can't be said of a view in its place.
func (d database) by(how string) string {
	if d.narrow {
		return ""
	}
	return how
}
