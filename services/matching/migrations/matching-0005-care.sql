-- depends: matching-0004-unanswered
-- The care that seekers are in, which decides what they may be referred to.
SET lock_timeout = '5s';

ALTER TABLE seeker
    ADD COLUMN income_band text,
    ADD COLUMN care_stage  text,
    ADD COLUMN sos_care    boolean NOT NULL DEFAULT false;
