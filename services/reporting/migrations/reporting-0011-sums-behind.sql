-- depends: reporting-0010-unplaced-by-day
-- Sums of what was counted, made behind it (decision 25): nothing is entered here. The relay's process sums up all there is
-- in portions, while workers go on; until it has, what is asked is counted as before.
SET lock_timeout = '5s';

-- How far each kind of sums goes, in numbers of facts (splits) or positions in the ledger (persons). Up to `complete`
-- nothing is still being written. What they are made of (`made_of`) tells whether a process may go by them.
CREATE TABLE summed (
    what     text PRIMARY KEY,
    made_of  text NOT NULL,
    through  bigint NOT NULL CHECK (through <= complete),
    complete bigint NOT NULL
);
INSERT INTO summed (what, made_of, through, complete) VALUES ('splits', '', 0, 0), ('persons', '', 0, 0);

-- Sums of the facts by each single thing that a measure is split by. A period starts by `since_on`: in retention that is
-- the day on which the contact was due.
CREATE TABLE split_daily (
    measure     text NOT NULL,
    dimension   text NOT NULL,
    occurred_on date NOT NULL,
    since_on    date NOT NULL,
    recorded_on date NOT NULL,
    code        text NOT NULL,
    amount      bigint NOT NULL,
    PRIMARY KEY (measure, dimension, occurred_on, since_on, recorded_on, code)
) WITH (fillfactor = 80);

-- Each time but the first that a person counts in a history, with the day of the time before. A person's first time in a
-- period that starts between the two is this one.
CREATE TABLE person_again (
    history     text NOT NULL,
    person_id   uuid NOT NULL,
    occurred_on date NOT NULL,
    previous_on date NOT NULL CHECK (previous_on < occurred_on),
    dimensions  jsonb NOT NULL
);
CREATE INDEX person_again_days ON person_again (history, occurred_on, previous_on);
CREATE INDEX person_again_person ON person_again (person_id);
