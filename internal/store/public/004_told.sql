-- What is told of members' answers, all of it above the bound: the newest telling.
CREATE TABLE told (
	topic    TEXT NOT NULL, -- "indicator--…", "alert/…", "pulse/…/…"
	answer   TEXT NOT NULL,
	at_least INTEGER NOT NULL,
	since    INTEGER NOT NULL, -- Unix milliseconds
	PRIMARY KEY (topic, answer)
) WITHOUT ROWID;
ALTER TABLE applied ADD COLUMN told INTEGER NOT NULL DEFAULT 0; -- its sequence in the stream TOLD
CREATE INDEX indicators_stix ON indicators (stix_id);
