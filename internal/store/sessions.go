package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"isac/hub"
)

// How long a session lasts without being used, and at most.
const (
	SessionIdle = time.Hour
	SessionLife = 12 * time.Hour
)

// Sessions is sessions.db: who is signed in on the web pages.
type Sessions struct{ database }

// OpenSessions opens or makes sessions.db.
func OpenSessions(file string) (*Sessions, error) {
	d, err := open(file, "sessions", Synced)
	if err != nil {
		return nil, err
	}
	return &Sessions{d}, nil
}

// Put begins a session, and forgets those that have ended.
func (s *Sessions) Put(ctx context.Context, session hub.Digest, person string, now time.Time) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE started <= ? OR seen <= ?", now.Add(-SessionLife).Unix(), now.Add(-SessionIdle).Unix())
	if err == nil {
		_, err = s.db.ExecContext(ctx, "INSERT INTO sessions (digest, person, started, seen) VALUES (?, ?, ?, ?)", session[:], person, now.Unix(), now.Unix())
	}
	if err != nil {
		return fmt.Errorf("storing session: %w", err)
	}
	return nil
}

// Person returns whose session it is while it lasts, and lets it last on.
func (s *Sessions) Person(ctx context.Context, session hub.Digest, now time.Time) (string, bool, error) {
	var person string
	var seen int64
	err := s.db.QueryRowContext(ctx, "SELECT person, seen FROM sessions WHERE digest = ? AND started > ? AND seen > ?",
		session[:], now.Add(-SessionLife).Unix(), now.Add(-SessionIdle).Unix()).Scan(&person, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err == nil && now.Unix()-seen >= 60 { // a write a minute is enough
		_, err = s.db.ExecContext(ctx, "UPDATE sessions SET seen = ? WHERE digest = ?", now.Unix(), session[:])
	}
	if err != nil {
		return "", false, fmt.Errorf("reading session: %w", err)
	}
	return person, true, nil
}

// End ends a session.
func (s *Sessions) End(ctx context.Context, session hub.Digest) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE digest = ?", session[:])
	if err != nil {
		return fmt.Errorf("ending session: %w", err)
	}
	return nil
}

// EndAll ends every session of a person.
func (s *Sessions) EndAll(ctx context.Context, person string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE person = ?", person)
	if err != nil {
		return fmt.Errorf("ending sessions: %w", err)
	}
	return nil
}
