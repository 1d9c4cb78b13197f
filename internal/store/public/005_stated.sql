-- Indicators also as an alert stated them, before answers and age; and of an alert the
-- newest version that is no mere update. The view is folded anew.
DELETE FROM entries;
DELETE FROM stix;
DELETE FROM alerts;
UPDATE applied SET seq = 0;
ALTER TABLE indicators ADD COLUMN stated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicators ADD COLUMN stated_until INTEGER NOT NULL DEFAULT 0; -- Unix milliseconds
ALTER TABLE alerts ADD COLUMN news INTEGER NOT NULL DEFAULT 0; -- number of a version
CREATE INDEX alerts_news ON alerts (newest, news);
