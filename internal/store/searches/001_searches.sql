-- Searches that people have saved. No view of the log: without it they save them again.
-- Whose a row is, and what it says, nobody can tell without the hub's key.
CREATE TABLE searches (
	name   BLOB PRIMARY KEY, -- of a person, keyed
	sealed BLOB NOT NULL     -- all searches of that person
) WITHOUT ROWID;
