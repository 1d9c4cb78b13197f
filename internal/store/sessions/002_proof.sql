-- How a person came in, and on which day a program last used a token of its owner's.
ALTER TABLE sessions ADD COLUMN proof TEXT NOT NULL DEFAULT 'token';
CREATE TABLE tokens (
	id  TEXT PRIMARY KEY, -- of the token, never the token
	day TEXT NOT NULL     -- "2026-11-03", the last one only
) WITHOUT ROWID;
