-- depends: reporting-0010-unplaced-by-day
SET lock_timeout = '5s';

-- By which schema an event was written, and in which centre it happened: NULL of those from before it was told.
ALTER TABLE ledger ADD COLUMN dataschema text, ADD COLUMN centre text;
