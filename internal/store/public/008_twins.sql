-- The label under which each released object may be read, and each object as tools read
-- it that know TLP 1 alone: one twin to each row. The view is folded anew.
DELETE FROM entries;
DELETE FROM stix;
DELETE FROM alerts;
UPDATE applied SET seq = 0;

ALTER TABLE stix ADD COLUMN tlp TEXT NOT NULL DEFAULT ''; -- of its markings; '' for none

CREATE TABLE twins (
	row     INTEGER PRIMARY KEY REFERENCES stix (row) ON DELETE CASCADE,
	id      TEXT NOT NULL,
	version TEXT NOT NULL,
	type    TEXT NOT NULL,
	body    BLOB NOT NULL,
	tlp     TEXT NOT NULL
);
CREATE INDEX twins_id ON twins (id, version);
