-- What released alerts say in words, for the search in full text. Most alerts repeat
-- most sentences, so each stands once. The view is folded anew.
DELETE FROM entries;
DELETE FROM stix;
DELETE FROM alerts;
UPDATE applied SET seq = 0;

CREATE TABLE sentences (
	row  INTEGER PRIMARY KEY, -- made of the text: the same in every view
	text TEXT NOT NULL
);

-- Their words, as hub/find makes them; docid is the sentence's row.
CREATE VIRTUAL TABLE words USING fts4 (tokens, tokenize=simple, matchinfo=fts3);

-- Which sentences an alert says in each version that still has its bytes: six bytes for
-- each row, in the order of the text.
CREATE TABLE said (
	number    INTEGER PRIMARY KEY REFERENCES alerts (number) ON DELETE CASCADE,
	sentences BLOB NOT NULL
);
