-- What the whole community may read, in the order of lists: few of many alerts where most
-- are for members.
CREATE INDEX alerts_open ON alerts (newest, news) WHERE tlp IN ('clear', 'green');
