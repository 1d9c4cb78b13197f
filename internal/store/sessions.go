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

// Sessions is sessions.db: who is signed in on the web pages, when tokens were last
// used, and what became of what TAXII clients sent.
type Sessions struct{ database }

// OpenSessions opens or makes sessions.db.
func OpenSessions(file string) (*Sessions, error) {
	d, err := open(file, "sessions", Synced)
	if err != nil {
		return nil, err
	}
	return &Sessions{d}, nil
}

// Session is one person's.
type Session struct {
	Person string
	Proof  string // how the person came in
	Began  time.Time
}

// Put begins a session, and forgets those that have ended.
func (s *Sessions) Put(ctx context.Context, session hub.Digest, person, proof string, now time.Time) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE started <= ? OR seen <= ?", now.Add(-SessionLife).Unix(), now.Add(-SessionIdle).Unix())
	if err == nil {
		_, err = s.db.ExecContext(ctx, "INSERT INTO sessions (digest, person, proof, started, seen) VALUES (?, ?, ?, ?, ?)", session[:], person, proof, now.Unix(), now.Unix())
	}
	if err != nil {
		return fmt.Errorf("storing session: %w", err)
	}
	return nil
}

// Get returns a session while it lasts, and lets it last on.
func (s *Sessions) Get(ctx context.Context, session hub.Digest, now time.Time) (Session, bool, error) {
	var found Session
	var began, seen int64
	err := s.db.QueryRowContext(ctx, "SELECT person, proof, started, seen FROM sessions WHERE digest = ? AND started > ? AND seen > ?",
		session[:], now.Add(-SessionLife).Unix(), now.Add(-SessionIdle).Unix()).Scan(&found.Person, &found.Proof, &began, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, false, nil
	}
	if err == nil && now.Unix()-seen >= 60 { // a write a minute is enough
		_, err = s.db.ExecContext(ctx, "UPDATE sessions SET seen = ? WHERE digest = ?", now.Unix(), session[:])
	}
	if err != nil {
		return Session{}, false, fmt.Errorf("reading session: %w", err)
	}
	found.Began = time.Unix(began, 0)
	return found, true, nil
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

// Used notes when a token was used, to the week; the week before it is forgotten.
func (s *Sessions) Used(ctx context.Context, token, day string) error {
	_, err := s.db.ExecContext(ctx, "INSERT INTO tokens (id, day) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET day = excluded.day WHERE day <> excluded.day", token, day)
	if err != nil {
		return fmt.Errorf("noting use of token: %w", err)
	}
	return nil
}

// LastUsed returns what Used noted of a token, "" where it wasn't used.
func (s *Sessions) LastUsed(ctx context.Context, token string) (string, error) {
	var day string
	err := s.db.QueryRowContext(ctx, "SELECT day FROM tokens WHERE id = ?", token).Scan(&day)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("reading use of token: %w", err)
	}
	return day, nil
}

// Sweep forgets sessions and statuses that have ended. Those that came after forget them
// too; where none comes, this does.
func (s *Sessions) Sweep(ctx context.Context, now time.Time) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE started <= ? OR seen <= ?", now.Add(-SessionLife).Unix(), now.Add(-SessionIdle).Unix())
	if err == nil {
		_, err = s.db.ExecContext(ctx, "DELETE FROM statuses WHERE ends <= ?", now.Unix())
	}
	if err != nil {
		return fmt.Errorf("forgetting sessions: %w", err)
	}
	return nil
}

// Ended counts sessions and statuses that had ended at an instant and are still there.
func (s *Sessions) Ended(ctx context.Context, at time.Time) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM sessions WHERE started <= ? OR seen <= ?) + (SELECT count(*) FROM statuses WHERE ends <= ?)",
		at.Add(-SessionLife).Unix(), at.Add(-SessionIdle).Unix(), at.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting ended sessions: %w", err)
	}
	return n, nil
}
