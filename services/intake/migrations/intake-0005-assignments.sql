-- depends: intake-0002-declared
-- Which counsellor each seeker has, and when counsellors are away.
SET lock_timeout = '5s';

-- The counsellor, the client group that the seeker was assigned by, and the day: null until the seeker has one. They
-- stand in the seeker's own row, so that they are locked, and gone, with it.
ALTER TABLE seeker
    ADD COLUMN counsellor_id uuid,
    ADD COLUMN client_group  text,
    ADD COLUMN assigned_on   date;

-- Whom each counsellor has, and who has none yet.
CREATE INDEX seeker_counsellor ON seeker (counsellor_id, seeker_id) WHERE status = 'active';

-- A row a counsellor; an absence that ended more than a year ago is dropped with the next one.
CREATE TABLE counsellor_absences (
    counsellor_id uuid PRIMARY KEY,
    absences      jsonb NOT NULL
);
