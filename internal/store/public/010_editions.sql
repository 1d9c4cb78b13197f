-- Which flashes everybody could read in an edition, TLP:CLEAR, in any of their versions. The
-- row stays when an alert is taken back, to say so. The view is folded anew.
CREATE TABLE editions (
	id    TEXT PRIMARY KEY, -- of the edition
	alert TEXT NOT NULL
) WITHOUT ROWID;

DELETE FROM entries;
DELETE FROM stix;
DELETE FROM alerts;
UPDATE applied SET seq = 0;
