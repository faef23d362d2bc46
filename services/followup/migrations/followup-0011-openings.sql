-- depends: followup-0010-erased
-- Whose records were opened by a counsellor who doesn't counsel them: as intake tells it on the topic counselling.
SET lock_timeout = '5s';

-- A record is open on its day alone; rows live for 30 days.
CREATE TABLE record_opening (
    seeker_id     uuid NOT NULL,
    opened_on     date NOT NULL,
    counsellor_id uuid NOT NULL,
    kept_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (seeker_id, opened_on, counsellor_id)
);
CREATE INDEX record_opening_kept_at ON record_opening USING brin (kept_at);
