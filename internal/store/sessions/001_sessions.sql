-- Who is signed in on the web pages. No view of the log: without it people sign in
-- again. The cookie itself is stored nowhere.
CREATE TABLE sessions (
	digest  BLOB PRIMARY KEY, -- SHA-256 of the cookie
	person  TEXT NOT NULL,
	started INTEGER NOT NULL, -- Unix seconds
	seen    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (person);
