-- depends: reporting-0007-conversions-corrected
-- How often a year's unplaced were published: the row is of the last time, all of them are in the ledger.
SET lock_timeout = '5s';

ALTER TABLE unplaced_published ADD COLUMN version int NOT NULL DEFAULT 1;
