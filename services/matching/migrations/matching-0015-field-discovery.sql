-- depends: matching-0014-converted-again
-- The unplaced of a year may be published anew: by which version firms were looked at. And who visits firms.
SET lock_timeout = '5s';

ALTER TABLE unplaced_of_year ADD COLUMN version int NOT NULL DEFAULT 1;

ALTER TABLE planning_firm ADD COLUMN looked_by int NOT NULL DEFAULT 1;
CREATE INDEX planning_firm_looked_by ON planning_firm (looked_for, looked_by, employer_id);

-- Kept: a few dozen, and visits that are recorded late name those who have left since.
CREATE TABLE counsellor (
    counsellor_id uuid PRIMARY KEY,
    joined_on     date NOT NULL,
    left_on       date
);
