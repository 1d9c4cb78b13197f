-- Every released object once in each of its versions, which alerts hold it, and in
-- which TAXII collections it stands since when. It takes the place of the objects that
-- keep their id for ever. The view is folded anew.
DELETE FROM alerts;
UPDATE applied SET seq = 0;
DROP TABLE objects;

CREATE TABLE stix (
	row     INTEGER PRIMARY KEY,
	id      TEXT NOT NULL,
	version TEXT NOT NULL, -- modified, else created, as written in the object
	type    TEXT NOT NULL,
	body    BLOB NOT NULL,
	UNIQUE (id, version)
);

-- Which objects an alert holds: rows of stix in the order in which TAXII gives them, a
-- JSON list. NULL where its bytes are gone.
ALTER TABLE alerts ADD COLUMN holds TEXT;

CREATE TABLE entries (
	collection TEXT NOT NULL,
	added      INTEGER NOT NULL, -- Unix milliseconds: the alert's publication and the place
	stix       INTEGER NOT NULL REFERENCES stix (row),
	type       TEXT NOT NULL,
	first      INTEGER NOT NULL, -- 1 for the first version of the id in the collection
	last       INTEGER NOT NULL, -- 1 for the last one
	PRIMARY KEY (collection, added, stix)
) WITHOUT ROWID;
CREATE INDEX entries_stix ON entries (stix, collection);
CREATE INDEX entries_type ON entries (collection, type, added, stix);
