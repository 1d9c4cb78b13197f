CREATE TABLE applied (seq INTEGER NOT NULL);
INSERT INTO applied VALUES (0);

-- The events of all cases as they stand in the log: bare kind and time, and a
-- payload sealed with the case's key.
CREATE TABLE events (
	seq     INTEGER PRIMARY KEY,
	case_id TEXT NOT NULL,
	kind    TEXT NOT NULL,
	stage   TEXT NOT NULL,
	time    INTEGER NOT NULL, -- Unix milliseconds
	sealed  BLOB NOT NULL
);
CREATE INDEX events_case ON events (case_id, seq);
