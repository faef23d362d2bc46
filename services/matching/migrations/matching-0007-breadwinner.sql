-- depends: matching-0005-care
-- Whether a seeker is the only earner of a family with dependants; null where it was not declared.
SET lock_timeout = '5s';

ALTER TABLE seeker ADD COLUMN breadwinner boolean;
