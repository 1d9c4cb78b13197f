-- Who wants to be told of alerts and how, and what waits to be sent. No view of the log:
-- without it people set it anew. Whose a row is nobody can tell without the hub's key.
CREATE TABLE settings (
	name   BLOB PRIMARY KEY, -- of a person, keyed
	sealed BLOB NOT NULL     -- all settings of that person, addresses among them
) WITHOUT ROWID;

-- One row for each message to one person by one channel. Its text isn't kept: it follows
-- from the released alert.
CREATE TABLE messages (
	id      BLOB PRIMARY KEY,           -- keyed: of person, channel and what
	name    BLOB NOT NULL,              -- of the person, keyed
	channel TEXT NOT NULL,              -- 'mail', or the random id of a webhook
	what    TEXT NOT NULL,              -- 'alert 12', 'week 1767600000000'
	due     INTEGER NOT NULL,           -- Unix milliseconds: not before
	planned INTEGER NOT NULL,           -- when it was due at first
	tries   INTEGER NOT NULL DEFAULT 0,
	dead    INTEGER NOT NULL DEFAULT 0, -- 1: given up
	class   TEXT NOT NULL DEFAULT ''    -- of the last failure
) WITHOUT ROWID;
CREATE INDEX messages_due ON messages (dead, due);

-- The number of the log up to which messages were planned.
CREATE TABLE planned (number INTEGER NOT NULL);
INSERT INTO planned VALUES (0);
