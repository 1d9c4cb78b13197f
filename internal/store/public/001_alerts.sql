CREATE TABLE applied (seq INTEGER NOT NULL);
INSERT INTO applied VALUES (0);

-- One row per numbered entry of the alert log. A recalled entry keeps its row
-- and loses its bundle.
CREATE TABLE alerts (
	number    INTEGER PRIMARY KEY,
	id        TEXT NOT NULL,
	version   INTEGER NOT NULL,
	kind      TEXT NOT NULL,
	stage     TEXT NOT NULL,
	tlp       TEXT NOT NULL,
	severity  TEXT NOT NULL,
	published INTEGER NOT NULL, -- Unix milliseconds
	previous  BLOB NOT NULL,
	digest    BLOB NOT NULL,
	signature BLOB NOT NULL,
	bundle    BLOB,
	title_ja  TEXT NOT NULL,
	title_en  TEXT NOT NULL,
	newest    INTEGER NOT NULL, -- 1 for the newest version of its id
	reason    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX alerts_id ON alerts (id, version);
CREATE INDEX alerts_newest ON alerts (newest, number);

-- One row per indicator of the newest version of each alert.
CREATE TABLE indicators (
	row         INTEGER PRIMARY KEY,
	number      INTEGER NOT NULL REFERENCES alerts (number) ON DELETE CASCADE,
	stix_id     TEXT NOT NULL,
	type        TEXT NOT NULL, -- "ipv4-addr:value"
	value       TEXT NOT NULL,
	lookup      TEXT NOT NULL, -- value in lower case
	pattern     TEXT NOT NULL,
	confidence  INTEGER NOT NULL,
	valid_from  INTEGER NOT NULL, -- Unix milliseconds
	valid_until INTEGER NOT NULL
);
CREATE INDEX indicators_lookup ON indicators (lookup, row);
CREATE INDEX indicators_type ON indicators (type, row);
CREATE INDEX indicators_from ON indicators (valid_from, row);
CREATE INDEX indicators_number ON indicators (number);

-- Techniques, families, groups, tools and CVEs of the newest version of each alert.
CREATE TABLE names (
	number INTEGER NOT NULL REFERENCES alerts (number) ON DELETE CASCADE,
	class  TEXT NOT NULL, -- "technique", "family", …
	value  TEXT NOT NULL, -- "T1133", "LockBit"
	PRIMARY KEY (class, value, number)
) WITHOUT ROWID;
CREATE INDEX names_number ON names (number);

-- Objects that keep their id for ever (attack-pattern, indicator, …), by alert, so
-- that a later alert repeats them byte for byte.
CREATE TABLE objects (
	id     TEXT NOT NULL,
	number INTEGER NOT NULL REFERENCES alerts (number) ON DELETE CASCADE,
	body   BLOB NOT NULL,
	PRIMARY KEY (id, number)
) WITHOUT ROWID;
CREATE INDEX objects_number ON objects (number);
