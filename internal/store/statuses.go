package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// StatusLife is how long the status of a TAXII request is kept, to the hour.
const StatusLife = 48 * time.Hour

// KeepStatus keeps the sealed status of a request under a name, and forgets those that
// have ended.
func (s *Sessions) KeepStatus(ctx context.Context, name string, sealed []byte, now time.Time) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM statuses WHERE ends <= ?", now.Unix())
	if err == nil {
		ends := now.Add(StatusLife).Truncate(time.Hour) // when a report came is nobody's to know
		_, err = s.db.ExecContext(ctx, "INSERT INTO statuses (name, sealed, ends) VALUES (?, ?, ?)", name, sealed, ends.Unix())
	}
	if err != nil {
		return fmt.Errorf("keeping status: %w", err)
	}
	return nil
}

// Status returns what is kept under a name, nil when nothing is.
func (s *Sessions) Status(ctx context.Context, name string, now time.Time) (sealed []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT sealed FROM statuses WHERE name = ? AND ends > ?", name, now.Unix()).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading status: %w", err)
	}
	return sealed, nil
}
