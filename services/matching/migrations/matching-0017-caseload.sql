-- depends: matching-0016-both-jobs
-- Whom each counsellor has, and whose records were opened by another one: as intake tells it on the topic counselling.
SET lock_timeout = '5s';

CREATE TABLE client (
    seeker_id     uuid PRIMARY KEY,
    counsellor_id uuid NOT NULL
) WITH (fillfactor = 90);

-- A record is open on its day alone; rows live for 30 days.
CREATE TABLE record_opening (
    seeker_id     uuid NOT NULL,
    opened_on     date NOT NULL,
    counsellor_id uuid NOT NULL,
    kept_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (seeker_id, opened_on, counsellor_id)
);
CREATE INDEX record_opening_kept_at ON record_opening USING brin (kept_at);
