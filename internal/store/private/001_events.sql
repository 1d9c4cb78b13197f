CREATE TABLE applied (seq INTEGER NOT NULL);
INSERT INTO applied VALUES (0);

-- The events of all cases as they stand in the log: bare kind and time, and a
-- payload sealed with the case's key.
CREATE TABLE events (
	seq     INTEGER NOT NULL, -- of the stored message
	place   INTEGER NOT NULL, -- within the message, from 0
	case_id TEXT NOT NULL,
	kind    TEXT NOT NULL,
	stage   TEXT NOT NULL,
	time    INTEGER NOT NULL, -- Unix milliseconds
	sealed  BLOB NOT NULL, -- of the whole message, in its first event
	PRIMARY KEY (seq, place)
);
CREATE INDEX events_case ON events (case_id, seq);
