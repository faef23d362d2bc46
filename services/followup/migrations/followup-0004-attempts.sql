-- depends: followup-0001-contacts
-- A contact tried in vain waits for its next try, and is given up after the last; an employment knows its source.
SET lock_timeout = '5s';

ALTER TABLE contact ADD COLUMN try_on date;
ALTER TABLE contact DROP CONSTRAINT contact_status_check;
-- What the rows held before is among these, so nothing needs to be read again.
ALTER TABLE contact ADD CONSTRAINT contact_status_check
    CHECK (status IN ('planned', 'due', 'made', 'cancelled', 'given_up')) NOT VALID;

-- The placement's source; null where it began before this was kept.
ALTER TABLE employment ADD COLUMN source text;
-- It ended for another job, which hasn't ended as far as is known.
ALTER TABLE employment ADD COLUMN changed_job boolean NOT NULL DEFAULT false;
