-- depends: matching-0017-caseload
-- The version of a referral: 1 as it is made, and one more with each answer.
SET lock_timeout = '5s';

ALTER TABLE referral ADD COLUMN version int NOT NULL DEFAULT 1;
