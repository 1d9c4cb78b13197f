-- The first 32 bits of SHA-256 of each value, for those who ask without saying for what.
-- The view is folded anew.
DELETE FROM entries;
DELETE FROM stix;
DELETE FROM alerts;
UPDATE applied SET seq = 0;

ALTER TABLE indicators ADD COLUMN bucket INTEGER NOT NULL DEFAULT 0;
CREATE INDEX indicators_bucket ON indicators (bucket);
