-- depends: feed-0001-grants-links-and-logs
-- Whose a seeker is, so that counsellors share those whom they counsel.
SET lock_timeout = '5s';

ALTER TABLE person ADD COLUMN counsellor_id uuid;

-- Days on which a record is open to a counsellor who doesn't have the seeker.
CREATE TABLE record_opening (
    seeker_id     uuid NOT NULL,
    opened_on     date NOT NULL,
    counsellor_id uuid NOT NULL,
    kept_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (seeker_id, opened_on, counsellor_id)
);
CREATE INDEX record_opening_kept_at ON record_opening USING brin (kept_at);

CREATE TABLE former_counsellor (
    counsellor_id uuid PRIMARY KEY
);
