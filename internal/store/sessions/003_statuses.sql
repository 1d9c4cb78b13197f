-- What became of the objects that a TAXII client sent: sealed, under a keyed name.
CREATE TABLE statuses (
	name   TEXT PRIMARY KEY,
	sealed BLOB NOT NULL,
	ends   INTEGER NOT NULL -- Unix seconds
) WITHOUT ROWID;
CREATE INDEX statuses_ends ON statuses (ends);
