-- A search by value or by its beginning reads the index alone.
DROP INDEX indicators_lookup;
CREATE INDEX indicators_lookup ON indicators (lookup, type, number);
