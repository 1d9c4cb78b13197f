-- 1 while deleted bytes may still lie in the file or beside it.
ALTER TABLE applied ADD COLUMN vacate INTEGER NOT NULL DEFAULT 0;
