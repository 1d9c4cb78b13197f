package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"isac/hub"
)

// Outbox is outbox.db: who wants to be told of alerts, sealed, and what waits to be sent.
type Outbox struct{ database }

// OpenOutbox opens or makes outbox.db.
func OpenOutbox(file string) (*Outbox, error) {
	d, err := open(file, "outbox", Synced)
	if err != nil {
		return nil, err
	}
	return &Outbox{d}, nil
}

// Settings returns the sealed settings kept under a name, nil when there are none.
func (o *Outbox) Settings(ctx context.Context, name []byte) (sealed []byte, err error) {
	err = o.db.QueryRowContext(ctx, "SELECT sealed FROM settings WHERE name = ?", name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading settings of notices: %w", err)
	}
	return sealed, nil
}

// KeepSettings puts settings in the place of what was kept under a name; nil keeps none
// and drops what waits for that person.
func (o *Outbox) KeepSettings(ctx context.Context, name, sealed []byte) error {
	err := o.inTx(ctx, func(tx *transaction) error {
		if sealed != nil {
			_, err := tx.run("INSERT INTO settings (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed", name, sealed)
			return err
		}
		_, err := tx.run("DELETE FROM settings WHERE name = ?", name)
		if err == nil {
			_, err = tx.run("DELETE FROM messages WHERE name = ?", name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping settings of notices: %w", err)
	}
	return nil
}

// Message is one to one person by one channel.
type Message struct {
	ID, Name      []byte
	Channel, What string
	Due, Planned  time.Time
	Tries         int
	Dead          bool
	Class         string
}

// Plan adds messages, those that are there stay as they are, and notes up to which number
// of the log that was done, all at once.
func (o *Outbox) Plan(ctx context.Context, list []Message, number uint64) error {
	err := o.inTx(ctx, func(tx *transaction) error {
		for _, m := range list {
			_, err := tx.run("INSERT OR IGNORE INTO messages (id, name, channel, what, due, planned) VALUES (?, ?, ?, ?, ?, ?)", m.ID, m.Name, m.Channel, m.What, m.Due.UnixMilli(), m.Due.UnixMilli())
			if err != nil {
				return err
			}
		}
		_, err := tx.run("UPDATE planned SET number = max(number, ?)", number)
		return err
	})
	if err != nil {
		return fmt.Errorf("planning notices: %w", err)
	}
	return nil
}

// Planned is the number of the log up to which messages were planned.
func (o *Outbox) Planned(ctx context.Context) (n uint64, err error) {
	err = o.db.QueryRowContext(ctx, "SELECT number FROM planned").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("reading planned notices: %w", err)
	}
	return n, nil
}

const messageColumns = "id, name, channel, what, due, planned, tries, dead, class"

// DueMessages returns what is to be sent at an instant, mails or else the others, the
// longest due first.
func (o *Outbox) DueMessages(ctx context.Context, mails bool, now time.Time, n int) ([]Message, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT "+messageColumns+" FROM messages WHERE dead = 0 AND due <= ? AND (channel = 'mail') = ? ORDER BY due, id"+upTo, now.UnixMilli(), mails, n)
	return scanMessages(rows, err)
}

// DeadMessages returns what was given up of a person's.
func (o *Outbox) DeadMessages(ctx context.Context, name []byte) ([]Message, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT "+messageColumns+" FROM messages WHERE dead = 1 AND name = ? ORDER BY planned DESC LIMIT 100", name)
	return scanMessages(rows, err)
}

func scanMessages(rows *sql.Rows, err error) ([]Message, error) {
	if err != nil {
		return nil, fmt.Errorf("listing notices: %w", err)
	}
	defer rows.Close()
	var out []Message
	for rows.Next() {
		var m Message
		var due, planned int64
		err := rows.Scan(&m.ID, &m.Name, &m.Channel, &m.What, &due, &planned, &m.Tries, &m.Dead, &m.Class)
		if err != nil {
			return nil, fmt.Errorf("listing notices: %w", err)
		}
		m.Due, m.Planned = time.UnixMilli(due).UTC(), time.UnixMilli(planned).UTC()
		out = append(out, m)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("listing notices: %w", err)
	}
	return out, nil
}

// Sent forgets a message that was delivered, or that nobody wants any more.
func (o *Outbox) Sent(ctx context.Context, id []byte) error {
	return o.alter(ctx, "DELETE FROM messages WHERE id = ?", id)
}

// Again puts a message off, after a failure of a class.
func (o *Outbox) Again(ctx context.Context, id []byte, due time.Time, class string) error {
	return o.alter(ctx, "UPDATE messages SET due = ?, tries = tries + 1, dead = 0, class = ? WHERE id = ?", due.UnixMilli(), class, id)
}

// PutOff puts a message off for a reason that isn't its own.
func (o *Outbox) PutOff(ctx context.Context, id []byte, due time.Time, class string) error {
	return o.alter(ctx, "UPDATE messages SET due = ?, class = ? WHERE id = ?", due.UnixMilli(), class, id)
}

// GiveUp keeps a message without trying any more.
func (o *Outbox) GiveUp(ctx context.Context, id []byte, class string) error {
	return o.alter(ctx, "UPDATE messages SET tries = tries + 1, dead = 1, class = ? WHERE id = ?", class, id)
}

// Revive tries a message of a person anew that was given up.
func (o *Outbox) Revive(ctx context.Context, name, id []byte, due time.Time) error {
	done, err := o.db.ExecContext(ctx, "UPDATE messages SET due = ?, tries = 0, dead = 0 WHERE dead = 1 AND name = ? AND id = ?", due.UnixMilli(), name, id)
	if err != nil {
		return fmt.Errorf("reviving a notice: %w", err)
	}
	rows, err := done.RowsAffected()
	if err == nil && rows == 0 {
		err = hub.E(hub.NotFound, "error.not-found")
	}
	return err
}

// DropChannel forgets what waits for a channel of a person.
func (o *Outbox) DropChannel(ctx context.Context, name []byte, channel string) error {
	return o.alter(ctx, "DELETE FROM messages WHERE name = ? AND channel = ?", name, channel)
}

func (o *Outbox) alter(ctx context.Context, query string, args ...any) error {
	_, err := o.db.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("noting what became of a notice: %w", err)
	}
	return nil
}

// KeepOnly forgets settings and messages under other names.
func (o *Outbox) KeepOnly(ctx context.Context, names [][]byte) error {
	err := o.inTx(ctx, func(tx *transaction) error {
		_, err := tx.run("CREATE TEMP TABLE still (name BLOB PRIMARY KEY)")
		if err != nil {
			return err
		}
		for _, name := range names {
			_, err := tx.run("INSERT OR IGNORE INTO still (name) VALUES (?)", name)
			if err != nil {
				return err
			}
		}
		for _, table := range []string{"settings", "messages"} {
			_, err := tx.Exec("DELETE FROM " + table + " WHERE name NOT IN (SELECT name FROM still)")
			if err != nil {
				return err
			}
		}
		_, err = tx.Exec("DROP TABLE still")
		return err
	})
	if err != nil {
		return fmt.Errorf("forgetting settings of notices: %w", err)
	}
	return nil
}
